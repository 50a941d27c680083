package dev.colloquy.idempotency;

import dev.colloquy.platform.http.Idempotent;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/**
 * Stands around the writes of every {@link Idempotent} resource, behind the check of their body.
 */
@Idempotent
@Interceptor
@Priority(Interceptor.Priority.PLATFORM_AFTER + 900)
final class IdempotencyInterceptor {
  private static final List<Class<? extends Annotation>> WRITES =
      List.of(POST.class, PUT.class, PATCH.class, DELETE.class);
  private static final int OK = 200;
  private static final int NO_CONTENT = 204;

  private final StoredAnswers answers;
  private final Idempotency idempotency;

  IdempotencyInterceptor(StoredAnswers answers, Idempotency idempotency) {
    this.answers = answers;
    this.idempotency = idempotency;
  }

  @AroundInvoke
  @Nullable Object once(InvocationContext operation) throws Exception {
    var request = idempotency.current();
    var method = operation.getMethod();
    if (request.isEmpty() || WRITES.stream().noneMatch(method::isAnnotationPresent)) {
      return operation.proceed();
    }
    var marked = method.getAnnotation(Idempotent.class);
    return answers.once(
        request.get(), status(method), marked != null && marked.showsSecret(), operation::proceed);
  }

  private static int status(Method method) {
    var status = method.getAnnotation(ResponseStatus.class);
    if (status != null) {
      return status.value();
    }
    return method.getReturnType() == void.class ? NO_CONTENT : OK;
  }
}
