package dev.colloquy.channel.captured;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.ConversationMode;
import dev.colloquy.message.SenderRole;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.json.Text;
import io.quarkus.qute.TemplateData;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The list of conversations as the page shows it.
 *
 * @param previous the number of the page before; null on the first
 * @param next the number of the page after; null on the last
 */
@TemplateData
record ListView(List<Item> items, @Nullable Long previous, @Nullable Long next) {
  private static final int SNIPPET = 140;

  ListView {
    items = List.copyOf(items);
  }

  /**
   * A conversation.
   *
   * @param at when it was written in last, in ISO 8601
   * @param when the same, as people read it
   * @param isCurrent whether it is the one beside the list
   */
  @TemplateData
  record Item(
      String id,
      String person,
      String address,
      String agent,
      List<String> channels,
      String snippet,
      String at,
      String when,
      boolean isManual,
      boolean isCurrent) {}

  static Item item(CapturedRows.Row row, @Nullable ConversationId current, Times times) {
    var said = row.snippetRole() == SenderRole.CONVERSATION_USER ? "" : row.agentName() + ": ";
    return new Item(
        row.id().toString(),
        row.personName(),
        row.recipient(),
        row.agentName(),
        row.channels().stream().map(Wire::name).toList(),
        Text.cut(said + row.snippet().replaceAll("\\s+", " "), SNIPPET),
        row.updatedAt().toString(),
        times.text(row.updatedAt()),
        row.mode() == ConversationMode.MANUAL,
        row.id().equals(current));
  }
}
