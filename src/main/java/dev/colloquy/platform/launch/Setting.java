package dev.colloquy.platform.launch;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * One setting of the server, and what its value has to be.
 *
 * @param name its name; where a part of it may be anything, that part is {@code *}
 * @param type what its value is read as
 * @param limits where its constraints stand: {@link Min}, {@link Max}, {@link DurationMin} or
 *     {@link Pattern}
 * @param needed whether it cannot be set to nothing, as one with a default
 */
public record Setting(String name, Class<?> type, AnnotatedElement limits, boolean needed) {
  /** An http or https address, as a {@link Pattern}. */
  public static final String HTTP_ADDRESS = "https?://[^/\\s]+(/\\S*)?";

  private static final Set<String> YES = Set.of("true", "yes", "on", "y", "1");
  private static final Set<String> NO = Set.of("false", "no", "off", "n", "0");

  /** A setting without limits. */
  public static Setting of(String name, Class<?> type) {
    return new Setting(name, type, type, false);
  }

  /** A setting without limits that has a default, and cannot be set to nothing. */
  public static Setting needed(String name, Class<?> type) {
    return new Setting(name, type, type, true);
  }

  /** A name that the server sets itself: no value fits. */
  public static Setting ours(String name) {
    return new Setting(name, Void.class, Void.class, true);
  }

  /** Those that a {@link ConfigMapping} reads, named by SmallRye Config's rules. */
  public static Stream<Setting> in(Class<?> mapping) {
    return in(mapping.getAnnotation(ConfigMapping.class).prefix(), mapping);
  }

  static Stream<Setting> in(String prefix, Class<?> mapping) {
    return Stream.of(mapping.getMethods())
        .flatMap(method -> read(name(prefix, method), method, method.getAnnotatedReturnType()));
  }

  private static Stream<Setting> read(String name, AnnotatedElement limits, AnnotatedType type) {
    if (type instanceof AnnotatedParameterizedType generic) {
      var last = Arrays.asList(generic.getAnnotatedActualTypeArguments()).getLast();
      var isMap = ((ParameterizedType) type.getType()).getRawType() == Map.class;
      return read(isMap ? name + ".*" : name, last, last);
    }
    var as = (Class<?>) type.getType();
    return as.isInterface()
        ? in(name, as)
        : Stream.of(
            new Setting(name, boxed(as), limits, limits.isAnnotationPresent(WithDefault.class)));
  }

  private static Class<?> boxed(Class<?> type) {
    return type == OptionalInt.class
        ? Integer.class
        : MethodType.methodType(type).wrap().returnType();
  }

  private static String name(String prefix, Method method) {
    if (method.isAnnotationPresent(WithParentName.class)) {
      return prefix;
    }
    var given = method.getAnnotation(WithName.class);
    return prefix
        + "."
        + (given == null
            ? method.getName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT)
            : given.value());
  }

  /** Whether the name is this setting's. */
  boolean isNamed(String other) {
    return other.matches(name.replace(".", "\\.").replace("*", "(\"[^\"]+\"|[^.]+)"));
  }

  /** Whether the name is this setting's in the environment (MicroProfile Config's rules). */
  boolean isNamedInEnvironment(String other) {
    var form = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9*]", "_");
    return other.matches(form.replace("*", ".+"));
  }

  /** What holds where nothing is set; empty: nothing, or what is not written at a mapping. */
  Optional<String> standard() {
    return Optional.ofNullable(limits.getAnnotation(WithDefault.class)).map(WithDefault::value);
  }

  /** Whether the server can be run with the value. */
  boolean accepts(SmallRyeConfig config, String value) {
    if (value.isBlank()) {
      return !needed;
    }
    try {
      Object read = config.requireConverter(type).convert(value);
      return switch (read) {
        case Integer number -> number >= min() && number <= max();
        case Duration duration -> duration.compareTo(shortest()) >= 0;
        case MemorySize size -> size.asBigInteger().signum() > 0;
        case URI address -> address.getHost() != null && isHttp(address.getScheme());
        case Boolean _ -> YES.contains(word(value)) || NO.contains(word(value));
        case String text ->
            !limits.isAnnotationPresent(Pattern.class)
                || text.matches(limits.getAnnotation(Pattern.class).regexp());
        case null, default -> true;
      };
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** What a value has to be, for whoever sets it. */
  String wanted() {
    if (type == Integer.class) {
      return "a number"
          + (min() == Integer.MIN_VALUE ? "" : " from " + min())
          + (max() == Integer.MAX_VALUE ? "" : " to " + max());
    }
    if (type == Duration.class) {
      return "a duration such as 500ms, 15s, 2m or 1h, and at least %d ms"
          .formatted(shortest().toMillis());
    }
    if (type == MemorySize.class) {
      return "a size such as 16K or 4M, and more than 0";
    }
    if (type == Void.class) {
      return "left alone: the server sets it itself";
    }
    if (type == Path.class) {
      return "a folder";
    }
    if (type == Boolean.class) {
      return "true or false";
    }
    if (type == URI.class) {
      return "an address such as https://chat.example.com";
    }
    if (type.isEnum()) {
      return Stream.of(type.getEnumConstants())
          .map(word -> word(word).replace('_', '-'))
          .collect(Collectors.joining(", ", "one of ", ""));
    }
    var pattern = limits.getAnnotation(Pattern.class);
    return pattern == null ? "some text" : pattern.message();
  }

  private long min() {
    var min = limits.getAnnotation(Min.class);
    return min == null ? Integer.MIN_VALUE : min.value();
  }

  private long max() {
    var max = limits.getAnnotation(Max.class);
    return max == null ? Integer.MAX_VALUE : max.value();
  }

  private Duration shortest() {
    var min = limits.getAnnotation(DurationMin.class);
    return min == null
        ? Duration.ZERO
        : Duration.ofSeconds(min.seconds()).plusMillis(min.millis()).plusMinutes(min.minutes());
  }

  private static boolean isHttp(String scheme) {
    return "http".equals(word(scheme)) || "https".equals(word(scheme));
  }

  private static String word(Object value) {
    return String.valueOf(value).strip().toLowerCase(Locale.ROOT);
  }
}
