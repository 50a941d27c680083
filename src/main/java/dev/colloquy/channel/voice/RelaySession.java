package dev.colloquy.channel.voice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.Message;
import dev.colloquy.message.Messages;
import dev.colloquy.message.SenderRole;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.json.Text;
import io.quarkus.websockets.next.WebSocketConnection;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One call that is relayed. Its messages come on one thread at a time, but for keys, which are told
 * after a pause; each reply is spoken on a thread of its own.
 */
final class RelaySession {
  private static final Logger log = Logger.getLogger(RelaySession.class);
  private static final int LONGEST_PROMPT = 60_000;

  private final Call call;
  private final WebSocketConnection connection;
  private final Dialogue dialogue;
  private final CallProgress progress;
  private final Database database;
  private final Clock clock;
  private final StringBuilder prompt = new StringBuilder();
  private final PressedKeys keys = new PressedKeys(pressed -> ask("Keys pressed: " + pressed));
  private int asked;
  private volatile Dialogue.@Nullable Speaker speaker;

  RelaySession(
      Call call,
      WebSocketConnection connection,
      Dialogue dialogue,
      CallProgress progress,
      Database database,
      Clock clock) {
    this.call = call;
    this.connection = connection;
    this.dialogue = dialogue;
    this.progress = progress;
    this.database = database;
    this.clock = clock;
  }

  UUID callId() {
    return call.id();
  }

  /** The relay begins: somebody is there. Whether it is of this call. */
  boolean setUp(ObjectNode message) {
    var sid = message.path("callSid").asText();
    var known = call.externalId();
    if (!RelayMarkup.SID.matcher(sid).matches() || (known != null && !known.equals(sid))) {
      return false;
    }
    var now = Rows.now(clock);
    database.useTransaction(tx -> {
      progress.taken(tx, call, sid, now);
      progress.answered(tx, call, now);
    });
    return true;
  }

  /** The caller said something, or a part of it. */
  void prompt(ObjectNode message) {
    if (prompt.length() < LONGEST_PROMPT) {
      prompt.append(message.path("voicePrompt").asText()).append(' ');
    }
    if (!message.path("last").asBoolean(true)) {
      return;
    }
    var text = Text.storable(Text.cut(prompt.toString().strip(), LONGEST_PROMPT));
    prompt.setLength(0);
    keys.tell();
    if (!text.isEmpty()) {
      ask(text);
    }
  }

  /** The caller pressed a key. */
  void dtmf(ObjectNode message) {
    keys.press(message.path("digit").asText());
  }

  private synchronized void ask(String text) {
    var before = speaker;
    var next = dialogue.speaker(call);
    speaker = next;
    var utterance = connection.id() + ":" + asked++;
    Thread.ofVirtual()
        .name("voice-relay-" + call.id())
        .start(() -> speak(before, next, utterance, text));
  }

  private void speak(
      Dialogue.@Nullable Speaker before, Dialogue.Speaker next, String utterance, String text) {
    try {
      if (before != null) {
        before.awaitBegun(); // what is said is asked in its order
      }
      var isSaid = new AtomicBoolean();
      var isHeard =
          next.speak(
              utterance,
              text,
              piece -> {
                isSaid.set(true);
                send(piece, false);
              });
      if (isSaid.get() && isHeard) {
        send("", true);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // The connection is closing, or it is a fault of ours; either way nobody else would say so.
      if (connection.isOpen()) {
        log.errorf(e, "call=%s event=utterance-failed", call.id());
      }
    }
  }

  private void send(String token, boolean isLast) {
    if (connection.isOpen()) {
      connection.sendTextAndAwait(
          JsonNodeFactory.instance
              .objectNode()
              .put("type", "text")
              .put("token", token)
              .put("last", isLast)
              .toString());
    }
  }

  /**
   * The caller interrupted what was being said. A reply that was still being made is ended, and
   * what was heard of it is kept in its place; of one that was made, how far it was heard is noted.
   */
  void interrupt(ObjectNode message) {
    var spoke = speaker;
    if (spoke == null) {
      return;
    }
    speaker = null;
    var wasBeingMade = spoke.cancel();
    var question = spoke.question();
    var heard =
        Text.storable(
            Text.cut(message.path("utteranceUntilInterrupt").asText().strip(), LONGEST_PROMPT));
    if (question == null || heard.isEmpty()) {
      return;
    }
    var now = Rows.now(clock);
    database.useTransaction(tx -> {
      Conversations.lock(tx, call.conversation());
      if (Calls.find(tx, call.id()).isEmpty()) {
        return; // the conversation was deleted
      }
      Utterances.heard(tx, call, question, heard);
      if (wasBeingMade) {
        var _ =
            Messages.append(
                tx,
                new Message(
                    call.conversation(),
                    0,
                    new MessageId(Ids.next()),
                    null,
                    SenderRole.ASSISTANT,
                    Wire.name(Channel.VOICE),
                    heard,
                    null,
                    null,
                    List.of(),
                    false,
                    now),
                null);
        progress.tell(call);
      }
    });
  }

  /** The caller hung up, or the relay ended: nobody listens any more. */
  void close() {
    var spoke = speaker;
    speaker = null;
    if (spoke != null) {
      var _ = spoke.cancel();
    }
  }
}
