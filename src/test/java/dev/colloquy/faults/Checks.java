package dev.colloquy.faults;

import dev.colloquy.faults.Findings.Kind;
import dev.colloquy.faults.Tables.Message;
import dev.colloquy.faults.Tables.Turn;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares what clients were told and read with the tables, once everything has settled. */
final class Checks {
  private final Ledger ledger;
  private final Tables tables;
  private final Findings findings = new Findings();
  private final Map<String, List<Message>> byText;
  private final Map<String, Message> byId;
  private final Map<String, List<Message>> repliesTo;
  private final Map<String, Turn> turns;
  private final Map<String, List<Reader.Seen>> feeds;

  Checks(Ledger ledger, Tables tables) {
    this.ledger = ledger;
    this.tables = tables;
    byText = tables.messages().stream().collect(Collectors.groupingBy(Message::text));
    byId = tables.messages().stream().collect(Collectors.toMap(Message::id, Function.identity()));
    repliesTo =
        tables.messages().stream()
            .filter(Message::isReply)
            .collect(Collectors.groupingBy(reply -> String.valueOf(reply.question())));
    turns = tables.turns().stream().collect(Collectors.toMap(Turn::question, Function.identity()));
    feeds = tables.feeds();
  }

  /** Everything that can be seen in the tables alone or beside the clients' answers. */
  Findings run() {
    ledger.wrong().forEach(what -> findings.add(Kind.WRONG, what));
    ledger.sent().forEach(this::questionIsStoredOnce);
    ledger.sent().forEach(this::answerIsTrue);
    ledger.spoken().forEach(sent -> storedOnce(sent, "Person " + sent.marker() + "."));
    nothingElseIsStored();
    tables.messages().stream().filter(Message::isQuestion).forEach(this::questionHasOneEnd);
    tables.messages().stream().filter(Message::isReply).forEach(this::replyNamesItsQuestion);
    repliesAreInOrder();
    feeds.forEach(this::nobodySpokeForAPerson);
    takeOversHadTheirTime();
    return findings;
  }

  private void questionIsStoredOnce(Ledger.Sent sent) {
    if (sent.answer().isStored()) {
      storedOnce(sent, text(sent));
    } else if (sent.answer().status() == 409 && byText.containsKey(text(sent))) {
      findings.add(Kind.DOUBLED, "refused and yet stored: " + sent.marker());
    } else if (byText.getOrDefault(text(sent), List.of()).size() > 1) {
      findings.add(Kind.DOUBLED, sent.marker());
    }
  }

  private void storedOnce(Ledger.Sent sent, String text) {
    var times = byText.getOrDefault(text, List.of()).size();
    if (times != 1) {
      findings.add(
          times == 0 ? Kind.LOST : Kind.DOUBLED,
          "%s of %s is stored %d times".formatted(sent.marker(), sent.conversation(), times));
    }
  }

  private static String text(Ledger.Sent sent) {
    return "Question " + sent.marker() + ".";
  }

  /** What a caller was told is what the tables say. */
  private void answerIsTrue(Ledger.Sent sent) {
    var stored = byText.getOrDefault(text(sent), List.of());
    if (stored.size() != 1) {
      return;
    }
    var question = stored.getFirst();
    var why = "%s in %s was told %s".formatted(sent.marker(), sent.conversation(), sent.answer());
    switch (sent.answer().status()) {
      case 201 -> {
        if (!isTrue(sent, question)) {
          findings.add(Kind.WRONG, why + " of " + turns.get(question.id()));
        }
      }
      case 409, 502, 503 -> {
        var end = turns.get(end(question).id());
        if (end == null || !end.status().equals("failed")) {
          findings.add(Kind.WRONG, why + " of " + end);
        }
      }
      default -> {
        // Never answered, which is told already.
      }
    }
  }

  /** The reply; or the question itself, where nobody waits or a person answers. */
  private boolean isTrue(Ledger.Sent sent, Message question) {
    var body = sent.answer().body();
    var told = byId.get(body.path("id").asText());
    if (told == null) {
      return false;
    }
    if (body.path("senderRole").asText().equals("assistant")) {
      return sent.waits() && told.isReply() && end(question).id().equals(told.question());
    }
    var end = turns.get(end(question).id());
    return told.id().equals(question.id())
        && (!sent.waits() || end == null || end.status().equals("superseded"));
  }

  /** The question that the reply names: another one where its turn was merged into that one's. */
  private Message end(Message question) {
    var turn = turns.get(question.id());
    return turn == null || turn.answeredBy() == 0
        ? question
        : tables.messages().stream()
            .filter(m -> m.conversation().equals(question.conversation()))
            .filter(m -> m.seq() == turn.answeredBy())
            .findFirst()
            .orElse(question);
  }

  /** Each message is somebody's: a client's, or a reply. */
  private void nothingElseIsStored() {
    var known = new HashSet<String>();
    ledger.sent().forEach(sent -> known.add(text(sent)));
    ledger.spoken().forEach(sent -> known.add("Person " + sent.marker() + "."));
    tables.messages().stream()
        .filter(m -> !m.isReply() && !known.contains(m.text()))
        .forEach(m -> findings.add(Kind.DOUBLED, "nobody sent " + m));
  }

  /** One reply, or a failure, or a person's. */
  private void questionHasOneEnd(Message question) {
    var replies = repliesTo.getOrDefault(question.id(), List.of()).size();
    var turn = turns.get(question.id());
    var status = turn == null ? "held" : turn.status();
    var expected = status.equals("completed") ? 1 : 0;
    if (replies > expected) {
      findings.add(
          Kind.DOUBLED, "%d replies to %s, which is %s".formatted(replies, question, status));
    } else if (replies < expected || (turn != null && turn.isOpen())) {
      findings.add(Kind.LOST, "no end of %s, which is %s".formatted(question, status));
    }
    if (status.equals("merged")) {
      var end = turns.get(end(question).id());
      if (end == null || end.question().equals(question.id()) || end.status().equals("merged")) {
        findings.add(Kind.LOST, "merged into nothing that ends: " + question);
      }
    }
    if (status.equals("held") && !isWithPerson(question)) {
      findings.add(Kind.LOST, "no turn, and no person either: " + question);
    }
  }

  /** Whether a person had the conversation when the message was stored. */
  private boolean isWithPerson(Message message) {
    return tables.events().stream()
        .filter(e -> e.conversation().equals(message.conversation()))
        .filter(e -> e.type().equals("mode.changed") && e.seq() < message.seq())
        .reduce((_, last) -> last)
        .map(last -> last.mode().equals("manual"))
        .orElse(false);
  }

  private void replyNamesItsQuestion(Message reply) {
    var question = byId.get(String.valueOf(reply.question()));
    var expected = question == null ? "?" : question.text().replace("Question", "Answer to");
    if (!reply.text().equals(expected)) {
      findings.add(Kind.OUT_OF_ORDER, "%s is stored for %s".formatted(reply, question));
    }
  }

  /** Questions that the agent answered got their replies in their own order. */
  private void repliesAreInOrder() {
    var last = new HashMap<String, Long>();
    for (var turn : tables.turns()) {
      for (var reply : repliesTo.getOrDefault(turn.question(), List.of())) {
        var before = last.put(turn.conversation(), reply.seq());
        if (before != null && before > reply.seq()) {
          findings.add(Kind.OUT_OF_ORDER, reply.toString());
        }
      }
    }
  }

  private void nobodySpokeForAPerson(String conversation, List<Reader.Seen> feed) {
    var modes =
        tables.events().stream()
            .filter(e -> e.conversation().equals(conversation) && !e.mode().isEmpty())
            .collect(Collectors.toMap(Tables.Event::seq, Tables.Event::mode));
    var mode = "ai";
    for (var event : feed) {
      mode = modes.getOrDefault(event.seq(), mode);
      var message = byId.get(event.message());
      if (mode.equals("manual") && message != null && message.isReply()) {
        findings.add(Kind.SPOKE_AFTER_TAKEOVER, message.toString());
      }
    }
  }

  /** By the clocks of clients too: all are of one machine. And each take-over happened once. */
  private void takeOversHadTheirTime() {
    var taken = new HashMap<String, Long>();
    for (var time : ledger.takeOvers()) {
      taken.merge(time.conversation(), 1L, Long::sum);
      tables.messages().stream()
          .filter(m -> m.isReply() && m.conversation().equals(time.conversation()))
          .filter(m -> m.createdAt().isAfter(time.taken()))
          .filter(m -> m.createdAt().isBefore(time.handedBack()))
          .forEach(m -> findings.add(Kind.SPOKE_AFTER_TAKEOVER, "%s in %s".formatted(m, time)));
    }
    taken.forEach((conversation, times) -> {
      var stored =
          tables.events().stream()
              .filter(e -> e.conversation().equals(conversation) && e.mode().equals("manual"))
              .count();
      if (stored != times) {
        findings.add(
            stored < times ? Kind.LOST : Kind.DOUBLED,
            "%d take-overs in %s are stored %d times".formatted(times, conversation, stored));
      }
    });
  }

  /** What a reader of a conversation saw is what the tables say. */
  void conversationFeed(String who, String conversation, List<Reader.Seen> seen) {
    compare(who, seen, feeds.getOrDefault(conversation, List.of()));
  }

  /** What a reader of the agent's feed saw is what the tables say, in order per conversation. */
  void agentFeed(String who, List<Reader.Seen> seen) {
    var byConversation = seen.stream().collect(Collectors.groupingBy(Reader.Seen::conversation));
    Stream.concat(byConversation.keySet().stream(), feeds.keySet().stream())
        .distinct()
        .forEach(conversation ->
            compare(
                who,
                byConversation.getOrDefault(conversation, List.of()),
                feeds.getOrDefault(conversation, List.of())));
  }

  private void compare(String who, List<Reader.Seen> seen, List<Reader.Seen> stored) {
    var once = new HashSet<Reader.Seen>();
    var last = 0L;
    for (var event : seen) {
      if (!once.add(event)) {
        findings.add(Kind.FEED_REPEATED, who + " read twice " + event);
      } else if (event.seq() < last) {
        findings.add(Kind.OUT_OF_ORDER, who + " read late " + event);
      }
      last = event.seq();
    }
    stored.stream()
        .filter(event -> !once.contains(event))
        .forEach(event -> findings.add(Kind.FEED_MISSED, who + " did not read " + event));
    var known = new HashSet<>(stored);
    once.stream()
        .filter(event -> !known.contains(event))
        .forEach(event -> findings.add(Kind.WRONG, who + " read what is not stored: " + event));
  }

  /** What the API says of a question is what the tables say. */
  void responseOn(Message question, String status) {
    var turn = turns.get(end(question).id());
    var expected =
        switch (turn == null ? "held" : turn.status()) {
          case "completed" -> List.of("completed");
          // A person may have answered it meanwhile.
          case "failed" -> List.of("failed", "completed");
          default -> List.of("pending", "completed");
        };
    if (!expected.contains(status)) {
      findings.add(Kind.WRONG, "response-on says %s of %s: %s".formatted(status, question, turn));
    }
  }
}
