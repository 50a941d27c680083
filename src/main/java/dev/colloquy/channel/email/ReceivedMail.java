package dev.colloquy.channel.email;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.platform.http.ApiException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How the endpoints answer that take mails. */
final class ReceivedMail {
  private ReceivedMail() {}

  static Response answer(byte @Nullable [] mail, Function<byte[], List<UUID>> keep) {
    if (mail == null || mail.length == 0) {
      throw ApiException.badField("body", "is empty; send the mail as it is");
    }
    var ids = keep.apply(mail);
    return ids.isEmpty()
        ? answer(200, JsonNodeFactory.instance.objectNode().put("duplicate", true))
        : answer(202, JsonNodeFactory.instance.objectNode().put("id", ids.getFirst().toString()));
  }

  private static Response answer(int status, ObjectNode body) {
    return Response.status(status).type(MediaType.APPLICATION_JSON).entity(body).build();
  }
}
