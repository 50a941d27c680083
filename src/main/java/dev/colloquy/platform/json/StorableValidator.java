package dev.colloquy.platform.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import org.jspecify.annotations.Nullable;

/** Checks {@link Storable}. */
public final class StorableValidator implements ConstraintValidator<Storable, ObjectNode> {
  private int max;

  @Override
  public void initialize(Storable constraint) {
    max = constraint.max();
  }

  @Override
  public boolean isValid(@Nullable ObjectNode value, ConstraintValidatorContext context) {
    return value == null || (Text.isStorable(value) && value.toString().length() <= max);
  }
}
