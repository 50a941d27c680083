package dev.colloquy.event;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.platform.signal.Signals;
import dev.colloquy.platform.signal.Subscription;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The replies that are being made, for those who follow their conversations. They are nowhere but
 * in memory: on the node that makes one, and on those whose readers follow its conversation, which
 * hear of it by signals. A reader who comes late or misses a signal is given the whole within a
 * second; the stored reply follows in any case.
 */
@Singleton
public final class Drafts {
  private static final long WHOLE_EVERY = Duration.ofSeconds(1).toNanos();
  // At most three bytes each in UTF-8, within what a signal carries.
  private static final int CHARACTERS_A_SIGNAL = 2_000;
  private static final String ENDED = "ended";
  // More than one making ever has.
  private static final long ATTEMPTS = 1_000;

  private final Signals signals;
  private final ConcurrentHashMap<ConversationId, Entry> entries = new ConcurrentHashMap<>();
  private volatile BooleanSupplier mayShowOurs = () -> true;

  Drafts(Signals signals) {
    this.signals = signals;
  }

  /** What is known of one conversation; changed only while the map's entry is computed. */
  private record Entry(@Nullable Draft draft, boolean isOurs, int readers) {}

  private static String topic(ConversationId conversation) {
    return "draft:" + conversation;
  }

  /**
   * Has replies that this node makes shown only while the condition holds: they may be another
   * node's to make by now.
   */
  public void showOurs(BooleanSupplier condition) {
    mayShowOurs = condition;
  }

  /**
   * Begins a reply that this node makes; to be closed when it is made or given up.
   *
   * @param making rises each time that a reply to the question is begun, on whichever node: readers
   *     know by it that what they heard before is void
   */
  public Writer begin(ConversationId conversation, MessageId question, long making) {
    var draft = new Draft(question, making * ATTEMPTS);
    entries.compute(
        conversation, (_, known) -> new Entry(draft, true, known == null ? 0 : known.readers()));
    return new Writer(conversation, draft);
  }

  /** Writes one reply, piece by piece. For one thread. */
  public final class Writer implements AutoCloseable {
    private final ConversationId conversation;
    private final Draft draft;
    private int told;
    private long wholeAt = System.nanoTime() - WHOLE_EVERY;

    private Writer(ConversationId conversation, Draft draft) {
      this.conversation = conversation;
      this.draft = draft;
    }

    /** The next piece. */
    public void append(String piece) {
      draft.append(piece);
      tell();
    }

    /** What was written is void; it begins again. */
    public void restart() {
      draft.restart();
      told = 0;
      wholeAt = System.nanoTime();
    }

    private void tell() {
      var topic = topic(conversation);
      var now = System.nanoTime();
      if (!signals.isWatched(topic) || !mayShowOurs.getAsBoolean()) {
        return;
      }
      if (now - wholeAt >= WHOLE_EVERY) {
        wholeAt = now;
        told = 0;
      }
      var text = draft.after(told).orElse("");
      for (var from = 0; from < text.length(); ) {
        var to = end(text, from);
        signals.publish(topic, packed(told + from, text.substring(from, to)));
        from = to;
      }
      told += text.length();
    }

    private static int end(String text, int from) {
      var to = Math.min(text.length(), from + CHARACTERS_A_SIGNAL);
      return to < text.length() && Character.isHighSurrogate(text.charAt(to - 1)) ? to - 1 : to;
    }

    private String packed(int offset, String piece) {
      return draft.question() + " " + draft.attempt() + " " + offset + " " + piece;
    }

    @Override
    public void close() {
      entries.computeIfPresent(
          conversation,
          (_, entry) -> {
            if (entry.draft() != draft) {
              return entry;
            }
            return entry.readers() > 0 ? new Entry(null, false, entry.readers()) : null;
          });
      var topic = topic(conversation);
      if (signals.isWatched(topic)) {
        signals.publish(topic, draft.question() + " " + ENDED);
      }
    }
  }

  /**
   * Follows the conversation's replies.
   *
   * @param wake called when there may be more to read, on any thread; must not block
   */
  public Reader follow(ConversationId conversation, Runnable wake) {
    entries.compute(
        conversation,
        (_, known) ->
            known == null
                ? new Entry(null, false, 1)
                : new Entry(known.draft(), known.isOurs(), known.readers() + 1));
    return new Reader(conversation, wake);
  }

  /** Reads replies while they are made. For one thread. */
  public final class Reader implements AutoCloseable {
    private final ConversationId conversation;
    private final Subscription subscription;
    private @Nullable MessageId question;
    private @Nullable MessageId answered;
    private long attempt;
    private int read;

    private Reader(ConversationId conversation, Runnable wake) {
      this.conversation = conversation;
      subscription =
          signals.subscribe(
              topic(conversation),
              payload -> {
                hear(conversation, payload);
                wake.run();
              });
    }

    /** The stored reply was shown: nothing more of its making is. */
    public void answered(MessageId toQuestion) {
      answered = toQuestion;
    }

    /** What is new, if anything is. */
    public Optional<ReplyDelta> next() {
      var entry = entries.get(conversation);
      if (entry == null || (entry.isOurs() && !mayShowOurs.getAsBoolean())) {
        return Optional.empty();
      }
      var draft = entry.draft();
      if (draft == null || draft.question().equals(answered)) {
        return Optional.empty();
      }
      var now = draft.attempt();
      var again = draft.question().equals(question) && now != attempt && read > 0;
      if (!draft.question().equals(question) || now != attempt) {
        question = draft.question();
        attempt = now;
        read = 0;
      }
      var piece = draft.after(read);
      if (piece.isEmpty() && !again) {
        return Optional.empty();
      }
      var delta = new ReplyDelta(draft.question().toString(), read, piece.orElse(""));
      read += delta.text().length();
      return Optional.of(delta);
    }

    @Override
    public void close() {
      subscription.close();
      entries.computeIfPresent(
          conversation,
          (_, entry) -> {
            var readers = entry.readers() - 1;
            return readers > 0 || entry.isOurs()
                ? new Entry(entry.draft(), entry.isOurs(), readers)
                : null;
          });
    }
  }

  /** Takes in what another node says; our own words come back to us here and change nothing. */
  private void hear(ConversationId conversation, String payload) {
    var words = payload.split(" ", 4);
    if (words.length < 2) {
      return;
    }
    var of = MessageId.fromString(words[0]);
    entries.computeIfPresent(
        conversation,
        (_, entry) -> {
          if (entry.isOurs()) {
            return entry;
          }
          var draft = entry.draft();
          if (words[1].equals(ENDED)) {
            return draft != null && draft.question().equals(of)
                ? new Entry(null, false, entry.readers())
                : entry;
          }
          var heard = draft != null && draft.question().equals(of) ? draft : new Draft(of, 0);
          heard.apply(Long.parseLong(words[1]), Integer.parseInt(words[2]), words[3]);
          return new Entry(heard, false, entry.readers());
        });
  }
}
