package dev.colloquy.openapi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Values that a careless or hostile caller may send, as JSON text; reproducible by their seed. */
final class Nasty {
  private static final List<String> FIXED =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-0",
          "-1",
          "1",
          "1.5",
          "1e400",
          "-1e400",
          "1e-400",
          "9223372036854775808",
          "2147483648",
          "99999999999999999999999999999999999999999999",
          "1".repeat(70),
          "1e999999999",
          "{}",
          "[]",
          "[[]]",
          "[null]",
          "[\"\"]",
          "[\"a\",\"a\"]",
          "[1]",
          "{\"a\":null}",
          "{\"\":\"\"}",
          "{\"a\":1e400}",
          "{\"a\":\"\\u0000\"}",
          "{\"\\u0000\":1}",
          "{\"a\\ud800\":1}",
          "{\"a\":-0.0,\"b\":1e300,\"c\":123456789012345678901234567890}",
          "\"\"",
          "\" \"",
          "\"\\t\\r\\n\"",
          "\"\\u0000\"",
          "\"a\\u0000b\"",
          "\"\\u0001\\u001f\\u007f\"",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\"a\\ud83d\"",
          "\"\\ud83d\\ude00\"",
          "\"😀é\\u202e\\ufffe\\uffff\"",
          "\"NaN\"",
          "\"1\"",
          "\"true\"",
          "\"null\"",
          "\"undefined\"",
          "\"abc\"",
          "\"'; drop table message; --\"",
          "\"%_\\\\\"",
          "\"\\\"}{\\\"a\\\":1\"",
          "\"${jndi:x}#{1+1}{{7*7}}\"",
          "\"2026-01-31\"",
          "\"+12125550123\"",
          "\"a@b.co\"",
          "\"openai:\"",
          "\":x\"",
          "\"nobody:model\"",
          "\"00000000-0000-0000-0000-000000000000\"",
          "\"{\\\"type\\\":\\\"object\\\"}\"",
          "\"{\\\"$ref\\\":\\\"#\\\"}\"");

  // All of them take minutes; each run takes others, and -Dgenerated.values=1000 takes all.
  private static final int PER_FIELD = Integer.getInteger("generated.values", 20);

  private final Random random;

  Nasty(long seed) {
    random = new Random(seed);
  }

  /** Some of the values, others for each field. */
  List<String> values() {
    var values = new ArrayList<>(FIXED);
    values.add("\"" + "x".repeat(256) + "\"");
    values.add("\"" + "é".repeat(300_000) + "\"");
    values.add("\"" + "x".repeat(1_000_000) + "\"");
    values.add("[".repeat(60) + "]".repeat(60));
    values.add("[" + "\"x\",".repeat(5_000) + "\"x\"]");
    values.add("{" + "\"a\":{".repeat(59) + "}".repeat(59) + "}");
    for (var i = 0; i < 6; i++) {
      values.add(text());
      values.add(value(0));
    }
    Collections.shuffle(values, random);
    return values.subList(0, Math.min(PER_FIELD, values.size()));
  }

  private String text() {
    var text = new StringBuilder("\"");
    var length = random.nextInt(40);
    for (var i = 0; i < length; i++) {
      text.append(
          "\\u%04x"
              .formatted(
                  random.nextInt(4) == 0 ? random.nextInt(0x10000) : 1 + random.nextInt(0x2ff)));
    }
    return text.append('"').toString();
  }

  private String value(int depth) {
    return switch (random.nextInt(depth > 4 ? 4 : 6)) {
      case 0 -> text();
      case 1 -> String.valueOf(random.nextLong());
      case 2 -> Double.toString(random.nextDouble() * Math.pow(10, random.nextInt(-300, 300)));
      case 3 -> FIXED.get(random.nextInt(FIXED.size()));
      case 4 -> "[" + value(depth + 1) + "," + value(depth + 1) + "]";
      default -> "{\"k\":" + value(depth + 1) + "," + text() + ":" + value(depth + 1) + "}";
    };
  }
}
