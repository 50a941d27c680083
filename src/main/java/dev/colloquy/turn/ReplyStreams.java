package dev.colloquy.turn;

import dev.colloquy.event.Drafts;
import dev.colloquy.event.EventResponse;
import dev.colloquy.event.PassingEvent;
import dev.colloquy.event.TurnFailed;
import dev.colloquy.message.Message;
import dev.colloquy.platform.http.EventBody;
import dev.colloquy.platform.http.EventStream;
import dev.colloquy.platform.http.EventStreams;
import dev.colloquy.platform.http.StreamEvent;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Replies as streams of events: the question, the pieces of its reply, and the reply. */
@Singleton
final class ReplyStreams {
  private final Drafts drafts;
  private final EventStreams streams;
  private final TurnConfig config;

  ReplyStreams(Drafts drafts, EventStreams streams, TurnConfig config) {
    this.streams = streams;
    this.drafts = drafts;
    this.config = config;
  }

  /** Takes a place for a stream, or ends the request with 429: before anything is stored. */
  EventStreams.Place take() {
    return streams.take();
  }

  /** Streams what becomes of the question, and closes it. */
  EventBody of(EventStreams.Place place, Asked asked) {
    return EventBody.of(
        place,
        stream -> {
          stream.send(EventResponse.of(asked.question()).inStream());
          stream.send(end(asked.question(), follow(asked, stream)));
        },
        asked::close);
  }

  private static StreamEvent end(Message question, Optional<TurnOutcome> outcome) {
    if (outcome.isEmpty()) {
      return passing("turn.pending", question, "The reply is still being made.");
    }
    return switch (outcome.get()) {
      case TurnOutcome.Replied(var reply) -> EventResponse.of(reply).inStream();
      case TurnOutcome.Failed(var reason, var text) ->
          new PassingEvent(
                  "turn.failed",
                  question.conversation().toString(),
                  TurnFailed.of(question.id(), List.of(), reason.code(), text))
              .inStream();
      case TurnOutcome.HeldForPerson(var _) ->
          passing("turn.held", question, "A person answers in this conversation.");
      case TurnOutcome.LeftOpen() ->
          passing("turn.pending", question, "The server stops; the reply will be there.");
      case TurnOutcome.Deleted() ->
          passing("conversation.deleted", question, "The conversation was deleted.");
    };
  }

  /** How a question stands that has no reply. */
  private record Standing(String conversationMessageId, String text) {}

  private static StreamEvent passing(String type, Message question, String text) {
    return new PassingEvent(
            type, question.conversation().toString(), new Standing(question.id().toString(), text))
        .inStream();
  }

  private Optional<TurnOutcome> follow(Asked asked, EventStream stream) {
    var deadline = System.nanoTime() + config.timeLimit().plus(Asked.LOOK).toNanos();
    var question = asked.question();
    asked.onTold(stream::wake);
    try (var reply = drafts.follow(question.conversation(), stream::wake)) {
      while (true) {
        var outcome = asked.look();
        if (outcome.isPresent() || System.nanoTime() > deadline) {
          return outcome;
        }
        reply
            .next()
            .filter(delta -> delta.conversationMessageId().equals(question.id().toString()))
            .ifPresent(delta -> stream.send(delta.in(question.conversation()).inStream()));
        var _ = stream.await(Asked.LOOK);
      }
    }
  }
}
