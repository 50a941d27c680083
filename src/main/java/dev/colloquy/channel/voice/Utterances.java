package dev.colloquy.channel.voice;

import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.Message;
import dev.colloquy.message.Messages;
import dev.colloquy.platform.db.Rows;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * The voice_utterance table: what was said in calls and became questions. Every method runs in the
 * caller's transaction, with the conversation locked where it writes.
 */
final class Utterances {
  private Utterances() {}

  /** The question that was asked for this before. */
  static Optional<MessageId> find(Handle tx, Call call, String utterance) {
    var sql =
        """
        select message_id from voice_utterance
        where conversation_id = :conversation and call_id = :call and utterance = :utterance
        """;
    return tx.createQuery(sql)
        .bind("conversation", call.conversation().value())
        .bind("call", call.id())
        .bind("utterance", utterance)
        .mapTo(UUID.class)
        .findOne()
        .map(MessageId::new);
  }

  static void insert(Handle tx, Call call, String utterance, MessageId question, Instant now) {
    var sql =
        """
        insert into voice_utterance (
          conversation_id, call_id, utterance, message_id, created_at)
        values (:conversation, :call, :utterance, :message, :now)
        """;
    tx.createUpdate(sql)
        .bind("conversation", call.conversation().value())
        .bind("call", call.id())
        .bind("utterance", utterance)
        .bind("message", question.value())
        .bind("now", Rows.time(now))
        .execute();
  }

  /** Notes how much of the reply to the question was spoken before it was interrupted. */
  static void heard(Handle tx, Call call, MessageId question, String heard) {
    var sql =
        """
        update voice_utterance set heard = :heard
        where conversation_id = :conversation and call_id = :call and message_id = :message
        """;
    tx.createUpdate(sql)
        .bind("heard", heard)
        .bind("conversation", call.conversation().value())
        .bind("call", call.id())
        .bind("message", question.value())
        .execute();
  }

  /** What is stored of the call: its opening, its questions and their replies, in order. */
  static List<Message> stored(Handle tx, Call call) {
    var sql =
        """
        select m.conversation_id, m.seq, m.id, m.question_id, m.role, m.source, m.text, m.raw_text,
               m.ai_response, m.files, m.is_anonymized, m.created_at
        from message m
        where m.conversation_id = :conversation
          and (m.id = :opening
               or coalesce(m.question_id, m.id) in (
                 select message_id from voice_utterance
                 where conversation_id = :conversation and call_id = :call))
          and m.role <> 'manual_assistant'
        order by m.seq
        """;
    var opening = call.opening();
    return tx.createQuery(sql)
        .bind("conversation", call.conversation().value())
        .bind("call", call.id())
        .bind("opening", opening == null ? null : opening.value())
        .map((row, _) -> Messages.toMessage(row))
        .list();
  }
}
