package dev.colloquy.platform.http;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a resource whose writes have one effect however often they are sent with one {@code
 * Idempotency-Key}. Such an operation uses the database only, and says what must wait for the
 * commit with {@link dev.colloquy.platform.db.Database#afterCommit}.
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Idempotent {
  /** Whether the answer shows a secret: it is repeated to the API key that asked for it only. */
  @Nonbinding
  boolean showsSecret() default false;
}
