package dev.colloquy.channel.voice;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.platform.db.Database;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnError;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Talks in Twilio's calls: ConversationRelay sends what it hears, and speaks what it is sent
 * (Twilio's documentation, "ConversationRelay WebSocket messages"). Messages of one connection come
 * one by one; replies are spoken on threads of their own, so that an interruption is heard.
 */
@WebSocket(path = RelayMarkup.RELAY + "/{token}", endpointId = RelayEndpoint.ID)
@Singleton
final class RelayEndpoint {
  static final String ID = "conversation-relay";
  private static final Logger log = Logger.getLogger(RelayEndpoint.class);
  // RFC 6455, section 7.4.1.
  private static final CloseReason NOT_WANTED = new CloseReason(1008);

  private final Database database;
  private final CallTokens tokens;
  private final Dialogue dialogue;
  private final CallProgress progress;
  private final Clock clock;
  private final ConcurrentHashMap<String, RelaySession> sessions = new ConcurrentHashMap<>();

  RelayEndpoint(
      Database database, CallTokens tokens, Dialogue dialogue, CallProgress progress, Clock clock) {
    this.database = database;
    this.tokens = tokens;
    this.dialogue = dialogue;
    this.progress = progress;
    this.clock = clock;
  }

  @OnOpen
  @RunOnVirtualThread
  void opened(WebSocketConnection connection) {
    var call =
        tokens
            .read(String.valueOf(connection.pathParam("token")))
            .flatMap(id -> database.read(tx -> Calls.find(tx, id)));
    if (call.isEmpty()) {
      connection.closeAndAwait(NOT_WANTED);
      return;
    }
    sessions.put(
        connection.id(),
        new RelaySession(call.get(), connection, dialogue, progress, database, clock));
  }

  @OnTextMessage
  @RunOnVirtualThread
  void heard(String text, WebSocketConnection connection) {
    var session = sessions.get(connection.id());
    var message = Json.object(text);
    if (session == null || message.isEmpty()) {
      return;
    }
    if (!handle(session, message.get())) {
      connection.closeAndAwait(NOT_WANTED);
    }
  }

  /** Whether the connection may go on. */
  private static boolean handle(RelaySession session, ObjectNode message) {
    switch (message.path("type").asText()) {
      case "setup" -> {
        return session.setUp(message);
      }
      case "prompt" -> session.prompt(message);
      case "interrupt" -> session.interrupt(message);
      case "dtmf" -> session.dtmf(message);
      case "error" -> log.warnf("call=%s event=relay-error", session.callId());
      default -> {} // Twilio may add some
    }
    return true;
  }

  @OnClose
  @RunOnVirtualThread
  void closed(WebSocketConnection connection) {
    var session = sessions.remove(connection.id());
    if (session != null) {
      session.close();
    }
  }

  /** Without this, a fault would end the connection without a word in the log. */
  @OnError
  @RunOnVirtualThread
  void failed(RuntimeException fault, WebSocketConnection connection) {
    if (fault instanceof IllegalStateException) {
      // A message that is too long, or one for a connection that is gone: theirs, not ours.
      log.warnf("connection=%s event=relay-refused", connection.id());
    } else {
      log.errorf(fault, "connection=%s event=relay-failed", connection.id());
    }
    connection.closeAndAwait(CloseReason.INTERNAL_SERVER_ERROR);
  }
}
