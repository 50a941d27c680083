package dev.colloquy.platform.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** A value that our own rules refuse while JSON is read; its message is fit for the caller. */
public final class BadValueException extends MismatchedInputException {
  static final String NOT_A_TIME =
      "must be a date and time in ISO 8601, for example 2026-01-31T09:30:00.000Z";

  BadValueException(JsonParser parser, String message, Class<?> type) {
    super(parser, message, type);
  }

  /** What was wrong, in our own words: a library's text never leaves. */
  public static String messageOf(JacksonException e) {
    return switch (e) {
      case BadValueException ours -> ours.getOriginalMessage();
      case InvalidFormatException format -> wrongValue(format.getTargetType());
      case InvalidDefinitionException _ -> "has a field twice, or a value of the wrong type";
      case ValueInstantiationException _ -> "has a value that is not allowed";
      // Known by its words only: the type is the one that the body was read as.
      case MismatchedInputException more
          when more.getOriginalMessage().startsWith("Trailing token") ->
          "has something after its end";
      case MismatchedInputException mismatch -> wrongValue(mismatch.getTargetType());
      case InputCoercionException number -> wrongValue(number.getTargetType());
      case StreamReadException text -> BrokenText.of(text).message();
      case JsonMappingException at when at.getCause() instanceof InputCoercionException number ->
          wrongValue(number.getTargetType());
      default -> "is not valid JSON";
    };
  }

  private static String wrongValue(@org.jspecify.annotations.Nullable Class<?> type) {
    if (type == null) {
      return "has the wrong type";
    }
    if (type.isEnum()) {
      return "must be one of " + names(type);
    }
    if (type == String.class || type == java.util.UUID.class) {
      return "must be a string";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "must be true or false";
    }
    if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
      return "must be a whole number within range";
    }
    if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
      return "must be a number";
    }
    if (type == java.time.Instant.class) {
      return NOT_A_TIME;
    }
    if (Collection.class.isAssignableFrom(type) || type.isArray()) {
      return "must be an array";
    }
    return type.isRecord()
            || Map.class.isAssignableFrom(type)
            || type == com.fasterxml.jackson.databind.node.ObjectNode.class
        ? "must be a JSON object"
        : "has the wrong type";
  }

  private static String names(Class<?> type) {
    return Arrays.stream(type.getFields())
        .filter(java.lang.reflect.Field::isEnumConstant)
        .map(BadValueException::wireName)
        .collect(Collectors.joining(", "));
  }

  private static String wireName(java.lang.reflect.Field constant) {
    var name = constant.getAnnotation(com.fasterxml.jackson.annotation.JsonProperty.class);
    return name == null ? constant.getName() : name.value();
  }
}
