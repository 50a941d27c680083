package dev.colloquy.platform.json;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A free JSON object that PostgreSQL can keep: no U+0000, no numbers out of range, not too long.
 */
@Constraint(validatedBy = StorableValidator.class)
@Target({
  ElementType.FIELD,
  ElementType.METHOD,
  ElementType.PARAMETER,
  ElementType.RECORD_COMPONENT,
  ElementType.TYPE_USE
})
@Retention(RetentionPolicy.RUNTIME)
public @interface Storable {
  /** How many characters it may have, written as JSON. */
  int max() default 65_536;

  /** What the caller is told. */
  String message() default
      "must be at most {max} characters of JSON without U+0000 or numbers out of range";

  /** As Jakarta Validation has it. */
  Class<?>[] groups() default {};

  /** As Jakarta Validation has it. */
  Class<? extends Payload>[] payload() default {};
}
