package dev.colloquy.platform.signal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What nodes write is what they read, and never longer than a notification. */
class PacketTest {
  private static final UUID SENDER = UUID.randomUUID();

  private static List<Item> read(List<String> packets) {
    return packets.stream().flatMap(text -> Packet.read(text).items().stream()).toList();
  }

  @Test
  void everyKindOfItemIsReadAsItWasWritten() {
    var items = new ArrayList<Item>();
    items.add(new Item.Hint("conversation:ü", "=1,1:ab😀\n+-~[]"));
    items.add(new Item.Begins(Long.MIN_VALUE));
    items.add(new Item.Ends(-1));
    items.add(new Item.Lost(TopicHash.of("turns")));
    items.addAll(List.of(Item.Word.values()));

    var packets = new Packet.Writer(SENDER).write(items);

    assertThat(packets).hasSize(1);
    assertThat(Packet.read(packets.getFirst())).isEqualTo(new Packet(SENDER, items));
  }

  @Test
  void tenThousandTopicsFitSixteenNotificationsNoneOfThemTooLongOrEqual() {
    var items = LongStream.range(0, 10_000).<Item>mapToObj(Item.Begins::new).toList();

    var packets = new Packet.Writer(SENDER).write(items);

    assertThat(packets).hasSize(16).allMatch(text -> text.getBytes(UTF_8).length <= 7_999);
    assertThat(new HashSet<>(packets)).hasSize(16);
    assertThat(read(packets)).isEqualTo(items);
  }

  @Test
  void longHintsAreSpreadOverNotifications() {
    var hint =
        new Item.Hint(
            "€".repeat(Signals.MAX_TOPIC_BYTES / 3), "€".repeat(Signals.MAX_PAYLOAD_BYTES / 3));

    var packets = new Packet.Writer(SENDER).write(List.of(hint, hint, hint));

    assertThat(packets).hasSize(3).allMatch(text -> text.getBytes(UTF_8).length <= 7_999);
    assertThat(read(packets)).containsExactly(hint, hint, hint);
  }

  @Test
  void whatIsNoPacketIsRefused() {
    for (var bad :
        List.of(
            "",
            ":",
            "hello",
            SENDER + "1",
            SENDER + "1:+abc",
            SENDER + "1:=5,5:ab",
            SENDER + "1:=5",
            SENDER + "1:=a,b:c",
            SENDER + "1:=-5,5:ab",
            SENDER + "1:y",
            "x".repeat(36) + "1:?")) {
      assertThatThrownBy(() -> Packet.read(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
