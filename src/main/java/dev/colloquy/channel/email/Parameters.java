package dev.colloquy.channel.email;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A header's value with parameters: a media type or a disposition (RFC 2045, section 5.1; RFC
 * 2231). What is broken in it is left out.
 *
 * @param value in lower case
 */
record Parameters(String value, Map<String, String> parameters) {
  private static final int MOST = 100;

  Parameters {
    parameters = Map.copyOf(parameters);
  }

  static Parameters of(String header) {
    var raw = new TreeMap<String, String>();
    var at = end(header, 0);
    var value = header.substring(0, at).strip().toLowerCase(Locale.ROOT);
    while (at < header.length() && raw.size() < MOST) {
      var next = end(header, at + 1);
      var parameter = header.substring(at + 1, next);
      var equals = parameter.indexOf('=');
      if (equals > 0) {
        raw.putIfAbsent(
            parameter.substring(0, equals).strip().toLowerCase(Locale.ROOT),
            unquoted(parameter.substring(equals + 1).strip()));
      }
      at = next;
    }
    return new Parameters(value, joined(raw));
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  private static int end(String header, int from) {
    var isQuoted = false;
    for (var at = from; at < header.length(); at++) {
      var c = header.charAt(at);
      if (c == '"') {
        isQuoted = !isQuoted;
      } else if (c == '\\' && isQuoted) {
        at++;
      } else if (c == ';' && !isQuoted) {
        return at;
      }
    }
    return header.length();
  }

  private static String unquoted(String text) {
    if (!text.startsWith("\"")) {
      return text;
    }
    var end = text.length() > 1 && text.endsWith("\"") ? text.length() - 1 : text.length();
    return text.substring(1, end).replaceAll("\\\\(.)", "$1");
  }

  /** Joins values that come in parts: {@code name*0*}, {@code name*1}. */
  private static Map<String, String> joined(Map<String, String> raw) {
    var joined = new HashMap<String, String>();
    raw.forEach((name, value) -> {
      var star = name.indexOf('*');
      if (star < 0) {
        joined.putIfAbsent(name, EncodedWords.decode(value));
        return;
      }
      var base = name.substring(0, star);
      if (name.equals(base + "*")) {
        joined.put(base, extended(value));
      } else if (name.equals(base + "*0") || name.equals(base + "*0*")) {
        joined.put(base, parts(raw, base));
      }
    });
    return joined;
  }

  private static String parts(Map<String, String> raw, String base) {
    var whole = new StringBuilder();
    var isExtended = raw.containsKey(base + "*0*");
    for (var i = 0; i < MOST; i++) {
      var plain = raw.get(base + "*" + i);
      var coded = raw.get(base + "*" + i + "*");
      if (coded != null) {
        whole.append(coded);
      } else if (plain != null) {
        whole.append(isExtended ? plain.replace("%", "%25") : plain);
      } else {
        break;
      }
    }
    return isExtended ? extended(whole.toString()) : whole.toString();
  }

  private static String extended(String value) {
    var first = value.indexOf('\'');
    var second = value.indexOf('\'', first + 1);
    if (first < 0 || second < 0) {
      return value;
    }
    var bytes = new ByteArrayOutputStream();
    for (var at = second + 1; at < value.length(); at++) {
      var code = value.charAt(at) == '%' ? EncodedWords.hex(value, at + 1) : -1;
      if (code >= 0) {
        bytes.write(code);
        at += 2;
      } else {
        bytes.writeBytes(value.substring(at, at + 1).getBytes(StandardCharsets.UTF_8));
      }
    }
    return MailCharsets.decode(bytes.toByteArray(), value.substring(0, first));
  }
}
