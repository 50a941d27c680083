package dev.colloquy.channel;

import dev.colloquy.platform.json.Text;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an {@code application/x-www-form-urlencoded} body or a query, in UTF-8, by name and
 * in the order of their names, which is by their characters' numbers.
 *
 * @param fields each with its values in their order
 */
public record Form(Map<String, List<String>> fields) {
  public Form {
    fields = Map.copyOf(fields).isEmpty() ? Map.of() : new TreeMap<>(fields);
  }

  /** Reads fields; what is no such text is read as far as it goes, never refused. */
  public static Form parse(@Nullable String text) {
    var fields = new TreeMap<String, List<String>>();
    if (text == null || text.isEmpty()) {
      return new Form(fields);
    }
    for (var field : text.split("&", -1)) {
      if (!field.isEmpty()) {
        var equals = field.indexOf('=');
        var name = decode(equals < 0 ? field : field.substring(0, equals));
        var value = equals < 0 ? "" : decode(field.substring(equals + 1));
        fields.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
      }
    }
    return new Form(fields);
  }

  public static Form parse(byte[] body) {
    return parse(new String(body, StandardCharsets.UTF_8));
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // a percent sign that begins nothing
    }
  }

  /** The first value of a field, as it can be stored; "" where it did not come. */
  public String text(String name) {
    return Text.storable(fields.getOrDefault(name, List.of("")).getFirst());
  }

  /** The first value, where the field came and is not empty. */
  public Optional<String> find(String name) {
    return Optional.of(text(name)).filter(value -> !value.isEmpty());
  }

  /** Writes fields as a body. */
  public static String write(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
