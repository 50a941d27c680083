package dev.colloquy.platform.http;

import dev.colloquy.platform.json.Text;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of a query. They arrive as text so that a wrong one is answered with a 400
 * that names it; an empty one means absent.
 */
public final class QueryText {
  private static final LocalTime LAST_MILLISECOND = LocalTime.of(23, 59, 59, 999_000_000);

  private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?[0-9]{1,1000}");

  // Beyond any list, and far from where a page times its size would overflow.
  private static final long MAX = Integer.MAX_VALUE;

  private QueryText() {}

  /** Free text, if PostgreSQL can compare anything with it. */
  public static @Nullable String text(String name, @Nullable String text) {
    var given = Text.orNull(text);
    if (given != null && !Text.isStorable(given)) {
      throw ApiException.badField(name, "must not hold the character U+0000");
    }
    return given;
  }

  /** A whole number from 1 on. */
  public static long positive(String name, @Nullable String text, long otherwise) {
    return number(name, text, 1, MAX, otherwise);
  }

  /** A whole number of that range. */
  public static long number(
      String name, @Nullable String text, long least, long most, long otherwise) {
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    return parse(text)
        .filter(value -> isWithin(value, least, most))
        .map(BigInteger::longValueExact)
        .orElseThrow(() ->
            ApiException.badField(name, "must be a whole number from " + least + " to " + most));
  }

  /** A whole number from 1 on; one that is larger than the most means the most. */
  public static int atMost(String name, @Nullable String text, int most, int otherwise) {
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    return parse(text)
        .filter(value -> value.signum() > 0)
        .map(value -> value.min(BigInteger.valueOf(most)).intValueExact())
        .orElseThrow(() -> ApiException.badField(name, "must be a whole number from 1 on"));
  }

  /** Digits of ASCII only: the library would take those of every script. */
  private static Optional<BigInteger> parse(String text) {
    var digits = text.strip();
    return WHOLE_NUMBER.matcher(digits).matches()
        ? Optional.of(new BigInteger(digits))
        : Optional.empty();
  }

  private static boolean isWithin(BigInteger value, long least, long most) {
    return value.compareTo(BigInteger.valueOf(least)) >= 0
        && value.compareTo(BigInteger.valueOf(most)) <= 0;
  }

  /** True or false. */
  public static boolean flag(String name, @Nullable String text) {
    if (text == null || text.isBlank()) {
      return false;
    }
    return switch (text.strip()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw ApiException.badField(name, "must be true or false");
    };
  }

  /** One of an enum's constants, spelled exactly as they are declared. */
  public static <E extends Enum<E>> E oneOf(
      String name, @Nullable String text, Class<E> type, E otherwise) {
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.toString().equals(text))
        .findFirst()
        .orElseThrow(() -> ApiException.badField(name, "must be one of " + names(type)));
  }

  private static String names(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(Enum::toString)
        .collect(Collectors.joining(", "));
  }

  /** A time from which on things count; a date alone means its first moment in UTC. */
  public static @Nullable Instant from(String name, @Nullable String text) {
    return time(name, text, LocalTime.MIDNIGHT);
  }

  /** A time until which things count; a date alone means its last millisecond in UTC. */
  public static @Nullable Instant until(String name, @Nullable String text) {
    return time(name, text, LAST_MILLISECOND);
  }

  private static @Nullable Instant time(String name, @Nullable String text, LocalTime ofDate) {
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      // A plus that was not escaped in the query arrives as a space.
      var iso = text.strip().replace(' ', '+');
      var time =
          iso.length() <= "2026-01-31".length()
              ? LocalDate.parse(iso).atTime(ofDate).toInstant(ZoneOffset.UTC)
              : OffsetDateTime.parse(iso).toInstant();
      if (time.getEpochSecond() > EARLIEST && time.getEpochSecond() < LATEST) {
        return time;
      }
    } catch (DateTimeException e) {
      // Answered below, like a time out of range.
    }
    throw ApiException.badField(
        name, "must be a date and time in ISO 8601, for example 2026-01-31T09:30:00.000Z");
  }

  // The years 1 to 9999, which PostgreSQL keeps without trouble.
  private static final long EARLIEST = -62_135_596_800L;
  private static final long LATEST = 253_402_300_800L;
}
