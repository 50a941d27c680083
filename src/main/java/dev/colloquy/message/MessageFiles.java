package dev.colloquy.message;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * What is in the files of messages, for conversations that the caller has required before. Every
 * method runs in the caller's transaction.
 */
public final class MessageFiles {
  private MessageFiles() {}

  /**
   * A file that is to be kept.
   *
   * @param fileName without a path, at most 255 characters
   */
  @SuppressWarnings("ArrayRecordComponent") // files are stored, never compared
  public record NewFile(String fileName, String contentType, byte[] content) {}

  /** A file with what is in it. */
  @SuppressWarnings("ArrayRecordComponent") // files are read, never compared
  public record Content(String fileName, String contentType, byte[] content) {}

  /** Keeps the files of a message that is stored in the same transaction. */
  public static List<MessageFile> add(
      Handle tx, ConversationId conversation, MessageId message, List<NewFile> files, Instant now) {
    var sql =
        """
        insert into message_file (
          conversation_id, id, message_id, file_name, content_type, content, created_at)
        values (:conversation, :id, :message, :fileName, :contentType, :content, :now)
        """;
    var kept = new ArrayList<MessageFile>();
    for (var file : files) {
      var id = Ids.next();
      tx.createUpdate(sql)
          .bind("conversation", conversation.value())
          .bind("id", id)
          .bind("message", message.value())
          .bind("fileName", file.fileName())
          .bind("contentType", file.contentType())
          .bind("content", file.content())
          .bind("now", Rows.time(now))
          .execute();
      kept.add(
          new MessageFile(id, file.fileName(), file.contentType(), file.content().length, now));
    }
    return kept;
  }

  /** The conversation's file of that id. */
  public static Optional<Content> find(Handle tx, ConversationId conversation, UUID file) {
    var sql =
        """
        select file_name, content_type, content
        from message_file
        where conversation_id = :conversation and id = :id
        """;
    return tx.createQuery(sql)
        .bind("conversation", conversation.value())
        .bind("id", file)
        .map((row, _) ->
            new Content(
                row.getString("file_name"), row.getString("content_type"), row.getBytes("content")))
        .findOne();
  }
}
