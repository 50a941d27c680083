package dev.colloquy.platform.signal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The text of one notification: the sender's id, a number that makes it unlike the one before
 * (PostgreSQL drops equal ones of a transaction), a colon, then the items, one after the other:
 * {@code +}, {@code -} or {@code ~} with a topic's hash (begins, ends, lost), {@code =3,5:} with a
 * topic of three and a payload of five UTF-16 units, or a single letter ({@link Item.Word}).
 */
record Packet(UUID sender, List<Item> items) {
  // NOTIFY in PostgreSQL's manual: "shorter than 8000 bytes".
  static final int MAX_BYTES = 7_999;

  private static final int ID_LENGTH = 36;

  Packet {
    items = List.copyOf(items);
  }

  /**
   * Reads a notification.
   *
   * @throws IllegalArgumentException when it is none of ours
   */
  static Packet read(String text) {
    var colon = text.indexOf(':');
    if (colon < ID_LENGTH) {
      throw new IllegalArgumentException("no packet");
    }
    var items = new ArrayList<Item>();
    try {
      for (var at = colon + 1; at < text.length(); ) {
        at = read(text, at, items);
      }
      return new Packet(UUID.fromString(text.substring(0, ID_LENGTH)), items);
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("a packet cut off", e);
    }
  }

  /** Reads the item that begins there; returns where the next one does. */
  private static int read(String text, int at, List<Item> items) {
    return switch (text.charAt(at)) {
      case '=' -> readHint(text, at, items);
      case '+', '-', '~' -> readHash(text, at, items);
      default -> {
        items.add(word(text.charAt(at)));
        yield at + 1;
      }
    };
  }

  private static int readHint(String text, int at, List<Item> items) {
    var comma = text.indexOf(',', at);
    var colon = text.indexOf(':', comma);
    var topic = colon + 1 + Integer.parseInt(text, at + 1, comma, 10);
    var end = topic + Integer.parseInt(text, comma + 1, colon, 10);
    items.add(new Item.Hint(text.substring(colon + 1, topic), text.substring(topic, end)));
    return end;
  }

  private static int readHash(String text, int at, List<Item> items) {
    var end = at + 1 + TopicHash.LENGTH;
    var hash = TopicHash.parse(text.substring(at + 1, end));
    items.add(
        switch (text.charAt(at)) {
          case '+' -> new Item.Begins(hash);
          case '-' -> new Item.Ends(hash);
          default -> new Item.Lost(hash);
        });
    return end;
  }

  private static Item.Word word(char letter) {
    for (var word : Item.Word.values()) {
      if (word.letter == letter) {
        return word;
      }
    }
    throw new IllegalArgumentException("no item");
  }

  /** Writes items into as few notifications as they fit. Used by one thread. */
  static final class Writer {
    private final UUID sender;
    private long number;

    Writer(UUID sender) {
      this.sender = sender;
    }

    /** The notifications, in the order of the items. */
    List<String> write(List<Item> items) {
      var packets = new ArrayList<String>();
      var packet = begin();
      var empty = packet.length();
      var bytes = empty;
      for (var item : items) {
        var text = text(item);
        var length = item instanceof Item.Hint ? text.getBytes(UTF_8).length : text.length();
        if (bytes + length > MAX_BYTES) {
          packets.add(packet.toString());
          packet = begin();
          bytes = packet.length();
        }
        packet.append(text);
        bytes += length;
      }
      if (bytes > empty || packets.isEmpty()) {
        packets.add(packet.toString());
      }
      return packets;
    }

    private StringBuilder begin() {
      number++;
      return new StringBuilder().append(sender).append(number).append(':');
    }

    private static String text(Item item) {
      return switch (item) {
        case Item.Hint(var topic, var payload) ->
            "=" + topic.length() + "," + payload.length() + ":" + topic + payload;
        case Item.Begins(var topic) -> "+" + TopicHash.text(topic);
        case Item.Ends(var topic) -> "-" + TopicHash.text(topic);
        case Item.Lost(var topic) -> "~" + TopicHash.text(topic);
        case Item.Word word -> String.valueOf(word.letter);
      };
    }
  }
}
