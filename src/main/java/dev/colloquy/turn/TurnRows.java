package dev.colloquy.turn;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.Message;
import dev.colloquy.message.Messages;
import dev.colloquy.prompt.PromptSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes turns from the rows that {@link TurnSql} selects. */
final class TurnRows {
  private TurnRows() {}

  /**
   * A turn without its history.
   *
   * @param asked the question's text, and before it those of what was merged into it
   */
  static Turn turn(
      ResultSet row,
      KeyOwner.OfAgent agent,
      Message question,
      String asked,
      @Nullable String context,
      Instant deadline)
      throws SQLException {
    var source =
        new PromptSource(
            row.getString("instructions"),
            row.getString("first_name") + " " + row.getString("last_name"),
            row.getString("user_context"),
            row.getString("conversation_context"),
            context,
            List.of(),
            asked);
    var settings =
        new Turn.Settings(
            row.getString("model"),
            row.getString("fallback_model"),
            row.getObject("temperature", Double.class),
            row.getObject("top_p", Double.class),
            row.getString("reasoning_effort"),
            row.getString("json_schema"),
            row.getBoolean("is_file_search_enabled"),
            row.getInt("file_search_max_num_results"),
            row.getString("default_error_message"),
            row.getInt("turns_in_flight"));
    return new Turn(
        agent,
        question,
        row.getLong("fence"),
        row.getInt("mode_epoch"),
        source,
        settings,
        deadline,
        List.of());
  }

  /**
   * Adds what was said before, and what answers earlier questions though it was said after; of what
   * the turn's reply answers nothing, since that is asked.
   */
  static Turn withHistory(Turn turn, ResultSet newestFirst) throws SQLException {
    var asked = turn.questions();
    var history = new ArrayList<Message>();
    while (newestFirst.next()) {
      var message = Messages.toMessage(newestFirst);
      if (!asked.contains(message.id())) {
        history.add(message);
      }
    }
    Collections.reverse(history);
    var p = turn.prompt();
    var prompt =
        new PromptSource(
            p.instructions(),
            p.userName(),
            p.userContext(),
            p.conversationContext(),
            p.messageContext(),
            history,
            p.question());
    return turn.asking(prompt);
  }

  /** The questions that were merged into the turn's. */
  static List<MessageId> merged(ResultSet row) throws SQLException {
    return Stream.of((UUID[]) row.getArray("merged").getArray()).map(MessageId::new).toList();
  }
}
