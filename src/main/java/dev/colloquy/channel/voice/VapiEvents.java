package dev.colloquy.channel.voice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.colloquy.channel.Inbound;
import dev.colloquy.channel.InboundEvent;
import dev.colloquy.channel.InboundHandler;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.EventSignals;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.Message;
import dev.colloquy.message.Messages;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What Vapi tells of calls (docs.vapi.ai, "Server events"): {@code status-update} and {@code
 * end-of-call-report}. Each has one effect, however often it is told.
 */
@Singleton
final class VapiEvents implements InboundHandler {
  static final String SOURCE = "vapi";
  private static final int LONGEST_REASON = 255;
  private static final int LONGEST_URL = 2_000;
  private static final long LONGEST_CALL = Duration.ofDays(7).toSeconds();

  /**
   * Reasons of calls that reached nobody (docs.vapi.ai, "Call ended reasons"): the line was busy,
   * nobody answered, or the call was never set up.
   */
  private static final Pattern NOT_REACHED =
      Pattern.compile(
          "customer-busy|customer-did-not-answer|.*failed-to-connect.*|call\\.start\\..*"
              + "|assistant-not-.*|.*-not-found|scheduled-call-deleted|manually-canceled");

  private final Database database;
  private final Inbound inbound;
  private final CallProgress progress;
  private final EventSignals signals;
  private final Clock clock;

  VapiEvents(
      Database database,
      Inbound inbound,
      CallProgress progress,
      EventSignals signals,
      Clock clock) {
    this.database = database;
    this.inbound = inbound;
    this.progress = progress;
    this.signals = signals;
    this.clock = clock;
  }

  @Override
  public String source() {
    return SOURCE;
  }

  @Override
  public void handle(InboundEvent event) {
    var message = Json.object(event.body()).map(o -> o.path("message"));
    var id =
        event.headers() == null
            ? Optional.<java.util.UUID>empty()
            : Ids.parse(event.headers().path("callId").asText());
    database.useTransaction(tx -> {
      if (!Inbound.take(tx, event)) {
        return;
      }
      var call = id.flatMap(known -> Calls.find(tx, known));
      if (call.isEmpty() || message.isEmpty()) {
        inbound.ignored(tx, event, "no_call");
        return;
      }
      Conversations.lock(tx, call.get().conversation());
      // As it is now that nobody else changes it.
      var locked = Calls.find(tx, call.get().id());
      if (locked.isEmpty()) {
        inbound.ignored(tx, event, "no_call");
        return;
      }
      var outcome = apply(tx, locked.get(), message.get());
      inbound.handled(tx, event, outcome, locked.get().conversation(), null);
    });
  }

  private String apply(Handle tx, Call call, JsonNode message) {
    var now = Rows.now(clock);
    var externalId = Json.text(message.at("/call/id"), 255);
    progress.taken(
        tx, call, externalId != null && Json.isPlain(externalId) ? externalId : null, now);
    return switch (message.path("type").asText()) {
      case "status-update" -> status(tx, call, message, now);
      case "end-of-call-report" -> report(tx, call, message, now);
      default -> "noted";
    };
  }

  private String status(Handle tx, Call call, JsonNode message, Instant now) {
    var status = message.path("status").asText();
    switch (status) {
      case "ringing" -> progress.ringing(tx, call, now);
      case "in-progress", "forwarding" -> progress.answered(tx, call, now);
      case "ended" -> {
        var reason = reason(message);
        progress.ended(
            tx, call, isReached(call, reason), new Calls.End(reason, null, null, null, null), now);
      }
      default -> {} // it is queued, or something newer than this
    }
    return "status";
  }

  private static @Nullable String reason(JsonNode message) {
    var reason = Json.text(message.path("endedReason"), LONGEST_REASON);
    return reason == null ? Json.text(message.at("/call/endedReason"), LONGEST_REASON) : reason;
  }

  private static boolean isReached(Call call, @Nullable String reason) {
    return switch (call.status()) {
      case IN_PROGRESS, ENDED -> true;
      case FAILED -> false;
      case QUEUED, RINGING -> reason != null && !NOT_REACHED.matcher(reason).matches();
    };
  }

  private String report(Handle tx, Call call, JsonNode message, Instant now) {
    var reason = reason(message);
    var startedAt = time(message, "startedAt");
    var endedAt = time(message, "endedAt");
    var end =
        new Calls.End(
            reason, recording(message), seconds(message, startedAt, endedAt), startedAt, endedAt);
    progress.ended(tx, call, isReached(call, reason), end, now);
    var list = message.at("/artifact/messages");
    var spoken = Transcript.read(list.isArray() ? list : message.path("messages"));
    var missing = Transcript.missing(spoken, Utterances.stored(tx, call));
    for (var line : missing) {
      var _ = Messages.append(tx, message(call, line, now), null);
    }
    if (!missing.isEmpty()) {
      database.afterCommit(() -> signals.changed(call.agent().agent(), call.conversation()));
    }
    return "report";
  }

  private static Message message(Call call, Transcript.Line line, Instant now) {
    return new Message(
        call.conversation(),
        0,
        new MessageId(Ids.next()),
        null,
        line.role(),
        Wire.name(Channel.VOICE),
        line.text(),
        null,
        null,
        List.of(),
        false,
        now);
  }

  private static @Nullable String recording(JsonNode message) {
    for (var place :
        List.of(
            "/recordingUrl",
            "/artifact/recordingUrl",
            "/artifact/recording/mono/combinedUrl",
            "/call/recordingUrl")) {
      var url = Json.text(message.at(place), LONGEST_URL);
      if (url != null && url.matches("https?://\\S+")) {
        return url;
      }
    }
    return null;
  }

  /** ISO 8601, in the message or in its call. */
  private static @Nullable Instant time(JsonNode message, String field) {
    for (var node : List.of(message.path(field), message.path("call").path(field))) {
      var text = Json.text(node, 64);
      if (text != null) {
        try {
          var time = Instant.parse(text);
          return time.isAfter(Instant.EPOCH) && time.isBefore(Instant.parse("2200-01-01T00:00:00Z"))
              ? time.truncatedTo(java.time.temporal.ChronoUnit.MILLIS)
              : null;
        } catch (DateTimeException e) {
          return null;
        }
      }
    }
    return null;
  }

  private static @Nullable Integer seconds(
      JsonNode message, @Nullable Instant startedAt, @Nullable Instant endedAt) {
    var told = message.path("durationSeconds");
    double seconds;
    if (told.isNumber()) {
      seconds = told.doubleValue();
    } else if (startedAt != null && endedAt != null) {
      seconds = Duration.between(startedAt, endedAt).toMillis() / 1_000.0;
    } else {
      return null;
    }
    return seconds >= 0 && seconds <= LONGEST_CALL ? (int) Math.ceil(seconds) : null;
  }
}
