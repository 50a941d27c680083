package dev.colloquy.delivery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.platform.db.Ids;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An SMS as the deliveries that carry it: {@code part} and {@code parts} are in their details. */
final class SmsParts {
  private SmsParts() {}

  /** In their order, which their ids have too; the first has the id of the whole. */
  static List<Outbound> of(Outbound whole, int maxSegments) {
    // A model's reply may be Markdown; what people and integrations write is theirs.
    var body = whole.kind() == DeliveryKind.REPLY ? PlainText.of(whole.body()) : whole.body();
    var texts = SmsText.parts(SmsText.plainer(body), maxSegments);
    var parts = new ArrayList<Outbound>();
    var id = whole.id();
    for (var text : texts) {
      if (!parts.isEmpty()) {
        id = after(id);
      }
      parts.add(part(whole, id, text, details(whole.details(), parts.size() + 1, texts.size())));
    }
    return parts;
  }

  private static @Nullable ObjectNode details(@Nullable ObjectNode own, int part, int parts) {
    if (parts == 1) {
      return own;
    }
    var details = own == null ? JsonNodeFactory.instance.objectNode() : own.deepCopy();
    return details.put("part", part).put("parts", parts);
  }

  /** A greater id: those of one millisecond have no order of their own. */
  private static DeliveryId after(DeliveryId before) {
    var id = Ids.next();
    while (id.compareTo(before.value()) <= 0) {
      Thread.onSpinWait();
      id = Ids.next();
    }
    return new DeliveryId(id);
  }

  private static Outbound part(
      Outbound whole, DeliveryId id, String text, @Nullable ObjectNode details) {
    return new Outbound(
        id,
        whole.conversation(),
        whole.message(),
        whole.kind(),
        whole.channel(),
        whole.recipient(),
        whole.sender(),
        whole.subject(),
        text,
        details,
        whole.createdAt());
  }
}
