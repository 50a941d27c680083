package dev.colloquy.turn;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.event.Drafts;
import dev.colloquy.message.Message;
import dev.colloquy.message.Messages;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** The door by which channels ask: what came in is stored and gets its turn, as over the API. */
@Singleton
public final class ChannelQuestions {
  private final TurnService turns;
  private final Cancellation cancellation;
  private final Drafts drafts;
  private final TurnConfig config;
  private final Database database;

  ChannelQuestions(
      TurnService turns,
      Cancellation cancellation,
      Drafts drafts,
      TurnConfig config,
      Database database) {
    this.database = database;
    this.turns = turns;
    this.cancellation = cancellation;
    this.drafts = drafts;
    this.config = config;
  }

  /**
   * Does the work in a transaction, stores what it asks in the same one, and starts the turn after
   * it; nobody waits for the reply here.
   *
   * @param work finds or makes the user and the conversation, and says what is asked, or that
   *     nothing is; all that it stores is stored with the question, or not at all
   * @return the question as it is stored
   * @throws ApiException {@link ErrorCode#OVERLOADED} where it must be tried again later, {@link
   *     ErrorCode#CONFLICT} where the agent takes no messages; nothing is stored then
   */
  public Optional<Message> ask(Function<Handle, Optional<ChannelQuestion>> work)
      throws InterruptedException {
    try (var asked = turns.ask(work::apply).orElse(null)) {
      return asked == null ? Optional.empty() : Optional.of(asked.question());
    }
  }

  /**
   * As {@link #ask}, and follows the reply.
   *
   * @param stored is told of the question once it is stored
   * @param onText is given the reply's text as it is made, piece by piece; where the model begins
   *     anew, what was given before stands, and only what is new after it is given
   * @return the reply, where the agent answered
   */
  public Optional<Message> converse(
      Function<Handle, Optional<ChannelQuestion>> work,
      Consumer<Message> stored,
      Consumer<String> onText)
      throws InterruptedException {
    try (var asked = turns.ask(work::apply).orElse(null)) {
      if (asked == null) {
        return Optional.empty();
      }
      stored.accept(asked.question());
      return follow(asked, onText);
    }
  }

  /**
   * Follows the reply to a question that was asked before, from its beginning, as {@link #converse}
   * does.
   */
  public Optional<Message> rejoin(
      ConversationId conversation, MessageId question, Consumer<String> onText)
      throws InterruptedException {
    try (var asked = turns.again(conversation, question)) {
      return follow(asked, onText);
    }
  }

  /**
   * What the agent says where it could not answer: its own text for that. Nothing where it has
   * none, and where nobody wanted an answer any more or a person gives it.
   */
  public Optional<String> apology(ConversationId conversation, MessageId question) {
    return database.read(tx ->
        Messages.find(tx, conversation, question)
            .flatMap(asked -> Standing.find(tx, conversation, asked.seq()))
            .filter(Standing::isFailed)
            .filter(turn -> !FailureReason.CANCELLED.name().equals(turn.reason()))
            .map(Standing::errorMessage));
  }

  private Optional<Message> follow(Asked asked, Consumer<String> onText)
      throws InterruptedException {
    var deadline = System.nanoTime() + config.timeLimit().plus(Asked.LOOK).toNanos();
    var question = asked.question();
    var reader = Thread.currentThread();
    var given = 0;
    asked.onTold(() -> LockSupport.unpark(reader));
    try (var reply = drafts.follow(question.conversation(), () -> LockSupport.unpark(reader))) {
      while (true) {
        var outcome = asked.look();
        for (var delta = reply.next(); delta.isPresent(); delta = reply.next()) {
          if (!delta.get().conversationMessageId().equals(question.id().toString())) {
            continue;
          }
          given = give(delta.get().offset(), delta.get().text(), given, onText);
        }
        if (outcome.isPresent() || System.nanoTime() > deadline) {
          var answer = outcome.flatMap(ChannelQuestions::reply);
          // The last piece may have come with the outcome.
          if (answer.isPresent() && answer.get().text().length() > given) {
            onText.accept(answer.get().text().substring(given));
          }
          return answer;
        }
        LockSupport.parkNanos(Asked.LOOK.toNanos());
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    }
  }

  private static int give(int offset, String text, int given, Consumer<String> onText) {
    var end = offset + text.length();
    if (end <= given) {
      return given;
    }
    onText.accept(text.substring(Math.max(0, given - offset)));
    return end;
  }

  private static Optional<Message> reply(TurnOutcome outcome) {
    return outcome instanceof TurnOutcome.Replied(var reply)
        ? Optional.of(reply)
        : Optional.empty();
  }

  /**
   * Ends the question's turn and its model's call, if it is open: nobody listens any more.
   *
   * @return whether it was open
   */
  public boolean cancel(KeyOwner.OfAgent agent, ConversationId conversation, MessageId question) {
    try {
      cancellation.cancel(agent, conversation, question);
      return true;
    } catch (ApiException e) {
      if (e.code() == ErrorCode.CONFLICT || e.code() == ErrorCode.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** Ends every open turn of the conversation whose question came over the channel. */
  public void cancelOpen(KeyOwner.OfAgent agent, ConversationId conversation, Channel channel) {
    for (var question : cancellation.open(agent, conversation, channel)) {
      cancel(agent, conversation, question);
    }
  }
}
