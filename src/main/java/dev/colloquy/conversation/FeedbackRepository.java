package dev.colloquy.conversation;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.user.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The feedback table. Every method runs in the transaction that the caller opened. */
final class FeedbackRepository {
  private FeedbackRepository() {}

  /** The conversation of a message, if the message is the calling agent's. */
  static Optional<ConversationId> findConversation(
      Handle tx, KeyOwner.OfAgent caller, UUID message) {
    var sql =
        """
        select m.conversation_id
        from message m
        join conversation c on c.id = m.conversation_id
        where m.id = :message and c.agent_id = :agent
        """;
    return tx.createQuery(sql)
        .bind("message", message)
        .bind("agent", caller.agent().value())
        .mapTo(UUID.class)
        .findOne()
        .map(ConversationId::new);
  }

  /** Stores the feedback, in the place of what this user said of this message before. */
  static Feedback upsert(Handle tx, Feedback feedback) {
    var sql =
        """
        insert into feedback (
          conversation_id, id, message_id, user_id, vote_type, question, answer, comment,
          created_at, updated_at)
        values (
          :conversation, :id, :message, :user, :voteType, :question, :answer, :comment, :now, :now)
        on conflict (conversation_id, message_id, user_id) do update
        set vote_type = excluded.vote_type,
            question = excluded.question,
            answer = excluded.answer,
            comment = excluded.comment,
            updated_at = excluded.updated_at
        returning conversation_id, id, message_id, user_id, vote_type, question, answer, comment,
                  created_at, updated_at,
                  (select email from conversation_user where id = :user) as user_email
        """;
    return tx.createQuery(sql)
        .bind("conversation", feedback.conversation().value())
        .bind("id", feedback.id())
        .bind("message", feedback.message().value())
        .bind("user", feedback.user().value())
        .bind("voteType", Wire.name(feedback.voteType()))
        .bind("question", feedback.question())
        .bind("answer", feedback.answer())
        .bind("comment", feedback.comment())
        .bind("now", Rows.time(feedback.updatedAt()))
        .map((row, _) -> toFeedback(row))
        .one();
  }

  /** All feedback of the conversations, oldest first. */
  static List<Feedback> list(Handle tx, Collection<ConversationId> conversations) {
    var sql =
        """
        select f.conversation_id, f.id, f.message_id, f.user_id, f.vote_type, f.question, f.answer,
               f.comment, f.created_at, f.updated_at, u.email as user_email
        from feedback f
        join conversation_user u on u.id = f.user_id
        where f.conversation_id = any(:conversations)
        order by f.created_at, f.id
        """;
    return tx.createQuery(sql)
        .bindArray(
            "conversations", UUID.class, conversations.stream().map(ConversationId::value).toList())
        .map((row, _) -> toFeedback(row))
        .list();
  }

  private static Feedback toFeedback(ResultSet row) throws SQLException {
    return new Feedback(
        Rows.id(row, "id"),
        new ConversationId(Rows.id(row, "conversation_id")),
        new MessageId(Rows.id(row, "message_id")),
        new UserId(Rows.id(row, "user_id")),
        row.getString("user_email"),
        Wire.value(VoteType.class, row.getString("vote_type")),
        row.getString("question"),
        row.getString("answer"),
        row.getString("comment"),
        Rows.time(row, "created_at"),
        Rows.time(row, "updated_at"));
  }
}
