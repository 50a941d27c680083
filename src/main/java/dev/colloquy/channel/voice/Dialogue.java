package dev.colloquy.channel.voice;

import dev.colloquy.agent.WhenBusy;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.Message;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.turn.ChannelQuestion;
import dev.colloquy.turn.ChannelQuestions;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Talks in calls: what the caller said is asked, and the reply is spoken as it is made. What is
 * said next interrupts it. Where a person has taken over, the agent says nothing: what is said is
 * kept for them, and they have no voice in the call. Safe for many threads.
 */
@Singleton
final class Dialogue {
  private static final Logger log = Logger.getLogger(Dialogue.class);
  // A provider whose connection broke asks again within that time.
  private static final Duration UNTIL_ASKED_AGAIN = Duration.ofSeconds(1);

  private final ChannelQuestions questions;
  private final CallProgress progress;
  private final Database database;
  private final Clock clock;

  /** Who speaks last in each call of this node; the others are silent. */
  private final ConcurrentHashMap<UUID, Speaker> speakers = new ConcurrentHashMap<>();

  Dialogue(ChannelQuestions questions, CallProgress progress, Database database, Clock clock) {
    this.questions = questions;
    this.progress = progress;
    this.database = database;
    this.clock = clock;
  }

  /** Speaks the reply to one thing that was said. It speaks on one thread. */
  Speaker speaker(Call call) {
    return new Speaker(call);
  }

  /** Speaks one reply. */
  final class Speaker {
    private final Call call;
    private volatile @Nullable MessageId question;
    private volatile boolean isLeft;
    private final CountDownLatch begun = new CountDownLatch(1);

    private Speaker(Call call) {
      this.call = call;
    }

    /** What is being answered; null until it is stored. */
    @Nullable MessageId question() {
      return question;
    }

    /**
     * Asks what was said, and speaks the reply; the agent's own text for that where there is none,
     * if it has one. Returns when all is said.
     *
     * @param utterance which one of the call it is: the same where the provider asks again
     * @param text what was said
     * @param voice is given what to say, piece by piece
     * @return whether it was listened to until its end
     */
    boolean speak(String utterance, String text, Consumer<String> voice)
        throws InterruptedException {
      speakers.put(call.id(), this);
      try {
        var said = new AtomicReference<@Nullable MessageId>();
        Consumer<String> ifHeard =
            piece -> {
              if (speakers.get(call.id()) == this) {
                voice.accept(piece);
              }
            };
        try {
          var reply = converse(utterance, text, said, ifHeard);
          var asked = question;
          if (reply.isEmpty() && asked != null) {
            questions.apology(call.conversation(), asked).ifPresent(ifHeard);
          }
        } catch (ApiException e) {
          // Overloaded, inactive or deleted: nothing was stored, and nobody reads a status here.
          log.warnf("call=%s code=%s event=utterance-refused", call.id(), e.code());
          apology().ifPresent(ifHeard);
        }
        return speakers.get(call.id()) == this;
      } finally {
        begun.countDown();
        speakers.remove(call.id(), this);
      }
    }

    /** Waits until what was said is stored, or is not going to be; not for long. */
    void awaitBegun() throws InterruptedException {
      var _ = begun.await(5, TimeUnit.SECONDS);
    }

    private Optional<Message> converse(
        String utterance,
        String text,
        AtomicReference<@Nullable MessageId> earlier,
        Consumer<String> voice)
        throws InterruptedException {
      var reply =
          questions.converse(
              tx -> ask(tx, call, utterance, text, earlier), asked -> begun(asked.id()), voice);
      var known = earlier.get();
      if (known == null) {
        return reply;
      }
      begun(known);
      return questions.rejoin(call.conversation(), known, voice);
    }

    private void begun(MessageId id) {
      question = id;
      begun.countDown();
      if (isLeft) {
        leave();
      }
    }

    /**
     * Nobody listens here any more. Unless the provider asks again soon, the reply is not made to
     * its end. May be called on any thread; never blocks.
     */
    void leave() {
      isLeft = true;
      var asked = question;
      if (asked != null) {
        Thread.ofVirtual()
            .name("voice-left-" + call.id())
            .start(() -> {
              try {
                Thread.sleep(UNTIL_ASKED_AGAIN);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              var now = speakers.get(call.id());
              if (now == null || now == this || !asked.equals(now.question)) {
                cancel(asked);
              }
            });
      }
    }

    /** Ends the reply now; whether it was still being made. */
    boolean cancel() {
      isLeft = true;
      speakers.remove(call.id(), this);
      var asked = question;
      return asked != null && cancel(asked);
    }

    private boolean cancel(MessageId asked) {
      return questions.cancel(call.agent(), call.conversation(), asked);
    }

    private Optional<String> apology() {
      return database.read(tx ->
          tx.createQuery(
                  "select default_error_message from agent"
                      + " where id = :id and default_error_message is not null")
              .bind("id", call.agent().agent().value())
              .mapTo(String.class)
              .findOne());
    }
  }

  private Optional<ChannelQuestion> ask(
      Handle tx,
      Call call,
      String utterance,
      String text,
      AtomicReference<@Nullable MessageId> earlier) {
    Conversations.requireLocked(tx, call.agent(), call.conversation());
    var known = Utterances.find(tx, call, utterance);
    if (known.isPresent()) {
      earlier.set(known.get());
      return Optional.empty();
    }
    var now = Rows.now(clock);
    var id = new MessageId(Ids.next());
    Utterances.insert(tx, call, utterance, id, now);
    if (call.status() == Call.Status.QUEUED || call.status() == Call.Status.RINGING) {
      // Whoever speaks has answered, whether or not that was told.
      progress.answered(tx, call, now);
    }
    return Optional.of(
        new ChannelQuestion(
            call.agent(),
            call.conversation(),
            id,
            Channel.VOICE,
            text,
            null,
            null,
            List.of(),
            null,
            WhenBusy.INTERRUPT));
  }
}
