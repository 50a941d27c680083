package dev.colloquy.channel.captured;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.ConversationMode;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.message.SenderRole;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Conversations that were captured: something in them was, and nothing ever left the building. A
 * conversation in which something was really sent, or is to be, is not found here: it belongs to a
 * real person. Every method runs in the caller's transaction.
 */
final class CapturedRows {
  private static final String CONVERSATIONS =
      """
      select c.id, c.organization_id, c.agent_id, a.mode, a.updated_at,
             u.first_name, u.last_name, u.is_anonymized, g.public_name,
             caught.channels, newest.recipient, said.text as snippet, said.role as snippet_role,
             exists (
               select from turn t
               where t.conversation_id = c.id and t.status in ('pending', 'running')) as is_answering
      from conversation c
      join conversation_activity a on a.conversation_id = c.id
      join conversation_user u on u.id = c.user_id
      join agent g on g.id = c.agent_id
      join lateral (
        select array_agg(d.channel order by d.id desc) as channels,
               bool_and(d.status = 'captured') as is_all
        from delivery d
        where d.conversation_id = c.id) caught on caught.is_all
      join lateral (
        select d.recipient
        from delivery d
        where d.conversation_id = c.id
        order by d.id desc
        limit 1) newest on true
      left join lateral (
        select m.text, m.role
        from message m
        where m.conversation_id = c.id
        order by m.seq desc
        limit 1) said on true
      """;

  private CapturedRows() {}

  /**
   * A conversation.
   *
   * @param agentName as the person knows the agent
   * @param channels those of its deliveries, the newest first, each once
   * @param recipient the address or number that was written to last
   * @param snippet what was said last
   * @param isAnswering whether the agent is at work on an answer
   */
  record Row(
      ConversationId id,
      KeyOwner.OfAgent agent,
      String agentName,
      String personName,
      ConversationMode mode,
      List<Channel> channels,
      String recipient,
      String snippet,
      @Nullable SenderRole snippetRole,
      boolean isAnswering,
      Instant updatedAt) {}

  /** Some conversations, the one that was written in last first. */
  static List<Row> list(Handle tx, int limit, long offset) {
    var sql =
        CONVERSATIONS
            + """
            where c.id in (select conversation_id from delivery where status = 'captured')
            order by a.updated_at desc, c.id desc
            limit :limit offset :offset
            """;
    return tx.createQuery(sql)
        .bind("limit", limit)
        .bind("offset", offset)
        .map((row, _) -> toRow(row))
        .list();
  }

  /** The conversation, where it was captured. */
  static Optional<Row> find(Handle tx, ConversationId id) {
    return tx.createQuery(CONVERSATIONS + "where c.id = :id")
        .bind("id", id.value())
        .map((row, _) -> toRow(row))
        .findOne();
  }

  private static Row toRow(ResultSet row) throws SQLException {
    var role = row.getString("snippet_role");
    var channels = (String[]) row.getArray("channels").getArray();
    var snippet = row.getString("snippet");
    return new Row(
        new ConversationId(Rows.id(row, "id")),
        new KeyOwner.OfAgent(
            new AgentId(Rows.id(row, "agent_id")),
            new OrganizationId(Rows.id(row, "organization_id"))),
        row.getString("public_name"),
        row.getString("first_name") + " " + row.getString("last_name"),
        Wire.value(ConversationMode.class, row.getString("mode")),
        Arrays.stream(channels).map(c -> Wire.value(Channel.class, c)).distinct().toList(),
        row.getString("recipient"),
        snippet == null ? "" : snippet,
        role == null ? null : Wire.value(SenderRole.class, role),
        row.getBoolean("is_answering"),
        Rows.time(row, "updated_at"));
  }

  /**
   * A message, with the delivery that it caused or the place that it came from.
   *
   * @param source what carried it: a channel's name, or another
   * @param rawText the whole of what came in, where that differs
   * @param address where it was sent to, or came from; null where it neither was nor did
   * @param agentAddress the agent's side of that; null where the agent has none
   * @param body what was written to the person, which may be signed; null where it was not sent
   * @param failure why the agent gave no answer to it
   */
  record Said(
      long seq,
      UUID id,
      SenderRole role,
      String source,
      String text,
      @Nullable String rawText,
      @Nullable String address,
      @Nullable String agentAddress,
      @Nullable String subject,
      @Nullable String body,
      @Nullable String failure,
      Instant at) {}

  /**
   * The newest messages of a conversation, the newest first.
   *
   * @param before only those of a lower number
   */
  static List<Said> messages(Handle tx, ConversationId conversation, long before, int limit) {
    var sql =
        """
        select m.seq, m.id, m.role, coalesce(d.channel, m.source) as source, m.text, m.raw_text,
               coalesce(d.recipient, o.sender) as address,
               coalesce(d.sender, o.recipient) as agent_address,
               coalesce(d.subject, o.details ->> 'subject') as subject, d.body, m.created_at,
               (select t.error_code
                from turn t
                where t.conversation_id = m.conversation_id and t.question_seq = m.seq
                  and t.status = 'failed') as failure
        from message m
        left join delivery d
          on d.conversation_id = m.conversation_id and d.message_id = m.id and d.status = 'captured'
        left join message_origin o
          on o.conversation_id = m.conversation_id and o.message_id = m.id
        where m.conversation_id = :conversation and m.seq < :before
        order by m.seq desc, d.id desc
        limit :limit
        """;
    return tx.createQuery(sql)
        .bind("conversation", conversation.value())
        .bind("before", before)
        .bind("limit", limit)
        .map((row, _) ->
            new Said(
                row.getLong("seq"),
                Rows.id(row, "id"),
                Wire.value(SenderRole.class, row.getString("role")),
                row.getString("source"),
                row.getString("text"),
                row.getString("raw_text"),
                row.getString("address"),
                row.getString("agent_address"),
                row.getString("subject"),
                row.getString("body"),
                row.getString("failure"),
                Rows.time(row, "created_at")))
        .list();
  }

  /**
   * A captured delivery that can be answered.
   *
   * @param recipient the person's address or number
   * @param sender the agent's; null where it has none
   */
  record Answerable(
      DeliveryId id,
      Channel channel,
      String recipient,
      @Nullable String sender,
      @Nullable String subject,
      String body,
      Instant at) {}

  /** The newest captured delivery of the conversation on the channel. */
  static Optional<Answerable> newest(Handle tx, ConversationId conversation, Channel channel) {
    var sql =
        """
        select id, recipient, sender, subject, body, created_at
        from delivery
        where conversation_id = :conversation and channel = :channel and status = 'captured'
        order by id desc
        limit 1
        """;
    return tx.createQuery(sql)
        .bind("conversation", conversation.value())
        .bind("channel", Wire.name(channel))
        .map((row, _) ->
            new Answerable(
                new DeliveryId(Rows.id(row, "id")),
                channel,
                row.getString("recipient"),
                row.getString("sender"),
                row.getString("subject"),
                row.getString("body"),
                Rows.time(row, "created_at")))
        .findOne();
  }

  /**
   * What became of an answer from this page.
   *
   * @param status {@code received}, {@code handled}, {@code ignored} or {@code failed}
   * @param conversation the one that it went into, once it was handled
   */
  record Kept(String status, @Nullable String outcome, @Nullable ConversationId conversation) {}

  /** What became of it; nothing for what came from elsewhere. */
  static Optional<Kept> kept(Handle tx, UUID inbound) {
    var sql =
        """
        select status, outcome, conversation_id
        from inbound
        where id = :id and (external_id like :mail or external_id like :text)
        """;
    return tx.createQuery(sql)
        .bind("id", inbound)
        .bind("mail", "%@" + AnswerMail.DOMAIN + ">")
        .bind("text", Answers.TEXT_ID_PREFIX + "%")
        .map((row, _) -> {
          var conversation = Rows.idOrNull(row, "conversation_id");
          return new Kept(
              row.getString("status"),
              row.getString("outcome"),
              conversation == null ? null : new ConversationId(conversation));
        })
        .findOne();
  }

  /** The agent of the first start, by whom a conversation can be started; nothing once deleted. */
  static Optional<KeyOwner.OfAgent> demoAgent(Handle tx) {
    var sql =
        """
        select g.id, g.organization_id
        from installation i
        join agent g on g.id = i.demo_agent_id
        """;
    return tx.createQuery(sql)
        .map((row, _) ->
            new KeyOwner.OfAgent(
                new AgentId(Rows.id(row, "id")),
                new OrganizationId(Rows.id(row, "organization_id"))))
        .findOne();
  }
}
