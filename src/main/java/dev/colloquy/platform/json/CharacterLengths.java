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

  /** Counts characters. */
  public static final class OfText implements ConstraintValidator<Size, CharSequence> {
    private int min;
    private int max;

    @Override
    public void initialize(Size size) {
      min = size.min();
      max = size.max();
    }

    @Override
    public boolean isValid(@Nullable CharSequence text, ConstraintValidatorContext context) {
      if (text == null) {
        return true;
      }
      var count = Character.codePointCount(text, 0, text.length());
      return count >= min && count <= max;
    }
  }

  /** Counts elements. */
  public static final class OfCollection implements ConstraintValidator<Size, Collection<?>> {
    private int min;
    private int max;

    @Override
    public void initialize(Size size) {
      min = size.min();
      max = size.max();
    }

    @Override
    public boolean isValid(@Nullable Collection<?> elements, ConstraintValidatorContext context) {
      return elements == null || (elements.size() >= min && elements.size() <= max);
    }
  }
}
