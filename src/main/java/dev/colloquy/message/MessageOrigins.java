package dev.colloquy.message;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.json.JsonColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Where messages that came in over a channel came from, so that the answer finds its way back.
 * Every method runs in the caller's transaction.
 */
public final class MessageOrigins {
  private static final String COLUMNS =
      """
      select o.conversation_id, o.message_id, o.sender, o.recipient, o.external_id, o.details
      from message_origin o
      """;

  private MessageOrigins() {}

  /**
   * Where a message came from.
   *
   * @param sender the address or number that it came from, and that is answered
   * @param recipient the agent's address or number that it came to
   * @param externalId the provider's id of it, or a mail's Message-ID with its angle brackets
   * @param details what else the channel needs to answer it: {@code subject} and {@code references}
   *     of a mail
   */
  public record Origin(
      ConversationId conversation,
      MessageId message,
      String sender,
      String recipient,
      @Nullable String externalId,
      @Nullable ObjectNode details) {

    /** A text of the details. */
    public Optional<String> detail(String name) {
      return details == null || !details.path(name).isTextual()
          ? Optional.empty()
          : Optional.of(details.path(name).textValue());
    }
  }

  /** Keeps where a message came from. */
  public static void add(Handle tx, Origin origin) {
    var sql =
        """
        insert into message_origin (
          conversation_id, message_id, sender, recipient, external_id, details)
        values (
          :conversation, :message, :sender, :recipient, :externalId, cast(:details as jsonb))
        """;
    tx.createUpdate(sql)
        .bind("conversation", origin.conversation().value())
        .bind("message", origin.message().value())
        .bind("sender", origin.sender())
        .bind("recipient", origin.recipient())
        .bind("externalId", origin.externalId())
        .bind("details", JsonColumn.write(origin.details()))
        .execute();
  }

  /** Where the message came from. */
  public static Optional<Origin> find(Handle tx, ConversationId conversation, MessageId message) {
    return tx.createQuery(
            COLUMNS + "where o.conversation_id = :conversation and o.message_id = :message")
        .bind("conversation", conversation.value())
        .bind("message", message.value())
        .map((row, _) -> toOrigin(row))
        .findOne();
  }

  /** Where the newest message of the conversation that came over the channel came from. */
  public static Optional<Origin> newest(Handle tx, ConversationId conversation, String source) {
    var sql =
        COLUMNS
            + """
            join message m on m.conversation_id = o.conversation_id and m.id = o.message_id
            where o.conversation_id = :conversation and m.source = :source
            order by m.seq desc
            limit 1
            """;
    return tx.createQuery(sql)
        .bind("conversation", conversation.value())
        .bind("source", source)
        .map((row, _) -> toOrigin(row))
        .findOne();
  }

  /** A message that came over that channel. */
  record Inbound(Channel channel, Origin origin) {}

  /** Of each channel that carries replies back, the newest of these messages that came over it. */
  static List<Inbound> newestOfEach(
      Handle tx, ConversationId conversation, Collection<MessageId> messages) {
    var sql =
        """
        select distinct on (m.source)
               m.source, o.conversation_id, o.message_id, o.sender, o.recipient, o.external_id,
               o.details
        from message_origin o
        join message m on m.conversation_id = o.conversation_id and m.id = o.message_id
        where o.conversation_id = :conversation and o.message_id = any (:messages)
          and m.source in ('email', 'sms')
        order by m.source, m.seq desc
        """;
    return tx.createQuery(sql)
        .bind("conversation", conversation.value())
        .bindArray("messages", UUID.class, messages.stream().map(MessageId::value).toList())
        .map((row, _) ->
            new Inbound(Wire.value(Channel.class, row.getString("source")), toOrigin(row)))
        .list();
  }

  /** The agent's message that its provider knows by this id. */
  public static Optional<Origin> byExternalId(
      Handle tx, KeyOwner.OfAgent agent, String externalId) {
    var sql =
        COLUMNS
            + """
            join conversation c on c.id = o.conversation_id
            where o.external_id = :externalId and c.agent_id = :agent
            order by o.message_id desc
            limit 1
            """;
    return tx.createQuery(sql)
        .bind("externalId", externalId)
        .bind("agent", agent.agent().value())
        .map((row, _) -> toOrigin(row))
        .findOne();
  }

  private static Origin toOrigin(ResultSet row) throws SQLException {
    return new Origin(
        new ConversationId(Rows.id(row, "conversation_id")),
        new MessageId(Rows.id(row, "message_id")),
        row.getString("sender"),
        row.getString("recipient"),
        row.getString("external_id"),
        JsonColumn.read(row.getString("details")));
  }
}
