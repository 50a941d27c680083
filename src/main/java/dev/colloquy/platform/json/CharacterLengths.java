package dev.colloquy.platform.json;

import io.quarkus.hibernate.validator.ValidatorFactoryCustomizer;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.constraints.Size;
import java.util.Collection;
import org.hibernate.validator.BaseHibernateValidatorConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Lets {@code @Size} count the characters of a text, as maxLength of JSON Schema and PostgreSQL do,
 * and not the units of UTF-16, of which an emoji has two.
 */
@Singleton
final class CharacterLengths implements ValidatorFactoryCustomizer {
  @Override
  public void customize(BaseHibernateValidatorConfiguration<?> configuration) {
    var mapping = configuration.createConstraintMapping();
    // One for a type is allowed, so that those that came with the library have to go.
    mapping
        .constraintDefinition(Size.class)
        .includeExistingValidators(false)
        .validatedBy(OfText.class)
        .validatedBy(OfCollection.class);
    configuration.addMapping(mapping);
  }

  /** Counts whatever a value consists of. */
  public abstract static class Of<T> implements ConstraintValidator<Size, T> {
    private int min;
    private int max;

    @Override
    public void initialize(Size size) {
      min = size.min();
      max = size.max();
    }

    @Override
    public boolean isValid(@Nullable T value, ConstraintValidatorContext context) {
      if (value == null) {
        return true;
      }
      var count = count(value);
      return count >= min && count <= max;
    }

    abstract int count(T value);
  }

  /** Counts characters. */
  public static final class OfText extends Of<CharSequence> {
    @Override
    int count(CharSequence text) {
      return Character.codePointCount(text, 0, text.length());
    }
  }

  /** Counts elements. */
  public static final class OfCollection extends Of<Collection<?>> {
    @Override
    int count(Collection<?> elements) {
      return elements.size();
    }
  }
}
