package dev.colloquy.faults;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the database says of an agent's conversations, each list in order. */
record Tables(List<Message> messages, List<Turn> turns, List<Event> events) {

  /** A row of message. */
  record Message(
      String conversation,
      long seq,
      String id,
      String question,
      String role,
      String text,
      Instant createdAt) {
    boolean isQuestion() {
      return role.equals("conversation_user");
    }

    boolean isReply() {
      return role.equals("assistant");
    }
  }

  /** A row of turn; {@code answeredBy} is 0 where it was not merged. */
  record Turn(
      String conversation,
      long seq,
      String question,
      String status,
      long answeredBy,
      Instant endedAt) {
    boolean isOpen() {
      return status.equals("pending") || status.equals("running");
    }
  }

  /** A row of conversation_event; {@code mode} is empty where it is of another type. */
  record Event(String conversation, long seq, String type, String mode) {}

  private interface Read<T> {
    T from(ResultSet row) throws SQLException;
  }

  static Tables read(Connection database, UUID agent) throws SQLException {
    var messages =
        all(
            database,
            agent,
            """
            select conversation_id, seq, id, question_id, role, text, created_at
            from message where agent_id = ? order by conversation_id, seq
            """,
            row ->
                new Message(
                    row.getString(1),
                    row.getLong(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    row.getTimestamp(7).toInstant()));
    var turns =
        all(
            database,
            agent,
            """
            select conversation_id, question_seq, question_id, status, coalesce(answered_by, 0),
                   coalesce(ended_at, 'epoch')
            from turn where agent_id = ? order by conversation_id, question_seq
            """,
            row ->
                new Turn(
                    row.getString(1),
                    row.getLong(2),
                    row.getString(3),
                    row.getString(4),
                    row.getLong(5),
                    row.getTimestamp(6).toInstant()));
    var events =
        all(
            database,
            agent,
            """
            select conversation_id, seq, type, coalesce(data ->> 'mode', '')
            from conversation_event where agent_id = ? order by conversation_id, seq
            """,
            row -> new Event(row.getString(1), row.getLong(2), row.getString(3), row.getString(4)));
    return new Tables(messages, turns, events);
  }

  private static <T> List<T> all(Connection database, UUID agent, String sql, Read<T> read)
      throws SQLException {
    try (var statement = database.prepareStatement(sql)) {
      statement.setObject(1, agent);
      var all = new ArrayList<T>();
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          all.add(read.from(row));
        }
      }
      return all;
    }
  }

  /** The feed that they make, conversation by conversation. */
  Map<String, List<Reader.Seen>> feeds() {
    var feeds = new HashMap<String, List<Reader.Seen>>();
    messages.forEach(m ->
        feed(feeds, m.conversation())
            .add(new Reader.Seen(m.conversation(), m.seq(), "message.created", m.id())));
    events.forEach(e ->
        feed(feeds, e.conversation())
            .add(new Reader.Seen(e.conversation(), e.seq(), e.type(), "")));
    feeds.values().forEach(feed -> feed.sort(Comparator.comparingLong(Reader.Seen::seq)));
    return feeds;
  }

  private static List<Reader.Seen> feed(Map<String, List<Reader.Seen>> feeds, String conversation) {
    return feeds.computeIfAbsent(conversation, _ -> new ArrayList<>());
  }

  boolean hasOpenTurns() {
    return turns.stream().anyMatch(Turn::isOpen);
  }

  /** When turns ended. */
  Map<Recovery.Place, Instant> ends() {
    var ends = new HashMap<Recovery.Place, Instant>();
    turns.stream()
        .filter(turn -> !turn.isOpen())
        .forEach(turn ->
            ends.put(
                new Recovery.Place(UUID.fromString(turn.conversation()), turn.seq()),
                turn.endedAt()));
    return ends;
  }
}
