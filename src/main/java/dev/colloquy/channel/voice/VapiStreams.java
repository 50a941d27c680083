package dev.colloquy.channel.voice;

import dev.colloquy.platform.http.EventBody;
import dev.colloquy.platform.http.EventStream;
import dev.colloquy.platform.http.EventStreams;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Replies as streams of OpenAI's chunks, each sent as soon as the model has made it. */
@Singleton
final class VapiStreams {
  private final Dialogue dialogue;
  private final EventStreams streams;
  private final Clock clock;

  VapiStreams(Dialogue dialogue, EventStreams streams, Clock clock) {
    this.dialogue = dialogue;
    this.streams = streams;
    this.clock = clock;
  }

  ChatCompletions.Answer answer(Call call) {
    return ChatCompletions.Answer.of(call, clock.instant());
  }

  /**
   * Speaks the reply to what was said. A reader that closes the connection is the caller who
   * interrupts, or hangs up: nobody listens to the rest.
   *
   * @param said null: there is nothing to reply to
   */
  EventBody of(Call call, ChatCompletions.@Nullable Said said) {
    var answer = answer(call);
    return EventBody.bare(
        streams.take(),
        stream -> {
          stream.sendData(answer.begin());
          if (said != null) {
            speak(stream, answer, dialogue.speaker(call), said);
          }
          stream.sendData(answer.end());
          stream.sendData(ChatCompletions.DONE);
        });
  }

  private static void speak(
      EventStream stream,
      ChatCompletions.Answer answer,
      Dialogue.Speaker speaker,
      ChatCompletions.Said said) {
    var isDone = new AtomicBoolean();
    stream.onEnd(() -> {
      if (!isDone.get()) {
        speaker.leave();
      }
    });
    try {
      speaker.speak(said.utterance(), said.text(), piece -> stream.sendData(answer.piece(piece)));
      isDone.set(true);
    } catch (InterruptedException e) {
      // The server stops; the stream ends with it.
      Thread.currentThread().interrupt();
    }
  }
}
