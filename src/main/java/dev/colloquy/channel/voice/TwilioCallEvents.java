package dev.colloquy.channel.voice;

import dev.colloquy.channel.Form;
import dev.colloquy.channel.Inbound;
import dev.colloquy.channel.InboundEvent;
import dev.colloquy.channel.InboundHandler;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What Twilio tells of calls: status callbacks, and the callback at the end of a ConversationRelay
 * session. Each has one effect, however often it is told.
 */
@Singleton
final class TwilioCallEvents implements InboundHandler {
  static final String SOURCE = "twilio-voice";

  private final Database database;
  private final Inbound inbound;
  private final CallProgress progress;
  private final Clock clock;

  TwilioCallEvents(Database database, Inbound inbound, CallProgress progress, Clock clock) {
    this.database = database;
    this.inbound = inbound;
    this.progress = progress;
    this.clock = clock;
  }

  @Override
  public String source() {
    return SOURCE;
  }

  @Override
  public void handle(InboundEvent event) {
    var headers = event.headers();
    var id = headers == null ? Optional.<UUID>empty() : Ids.parse(headers.path("callId").asText());
    var kind = headers == null ? "" : headers.path("kind").asText();
    database.useTransaction(tx -> {
      if (!Inbound.take(tx, event)) {
        return;
      }
      var found = id.flatMap(known -> Calls.find(tx, known));
      found.ifPresent(call -> Conversations.lock(tx, call.conversation()));
      // As it is now that nobody else changes it.
      var call = found.flatMap(known -> Calls.find(tx, known.id()));
      if (call.isEmpty()) {
        inbound.ignored(tx, event, "no_call");
        return;
      }
      apply(tx, call.get(), kind, Form.parse(event.body()));
      inbound.handled(tx, event, kind, call.get().conversation(), null);
    });
  }

  private void apply(Handle tx, Call call, String kind, Form form) {
    var now = Rows.now(clock);
    var sid = form.text("CallSid");
    progress.taken(tx, call, RelayMarkup.SID.matcher(sid).matches() ? sid : null, now);
    if (kind.equals("action")) {
      progress.ended(tx, call, true, end(form, form.text("SessionStatus")), now);
      return;
    }
    var status = form.text("CallStatus");
    switch (status) {
      case "ringing" -> progress.ringing(tx, call, now);
      case "in-progress", "answered" -> progress.answered(tx, call, now);
      case "completed" -> progress.ended(tx, call, true, end(form, status), now);
      case "busy", "no-answer", "failed", "canceled" -> ended(tx, call, form, status, now);
      default -> {} // it is queued, or something newer than this
    }
  }

  private void ended(Handle tx, Call call, Form form, String status, Instant now) {
    var isReached =
        switch (call.status()) {
          case IN_PROGRESS, ENDED -> true;
          case QUEUED, RINGING, FAILED -> false;
        };
    progress.ended(tx, call, isReached, end(form, status), now);
  }

  private static Calls.End end(Form form, String reason) {
    var seconds = number(form.text("CallDuration"));
    var recording = form.text("RecordingUrl");
    return new Calls.End(
        reason.isEmpty() ? null : reason.substring(0, Math.min(reason.length(), 255)),
        recording.matches("https?://\\S{1,1990}") ? recording : null,
        seconds == null ? number(form.text("SessionDuration")) : seconds,
        null,
        null);
  }

  private static @Nullable Integer number(String text) {
    return text.matches("[0-9]{1,6}") ? Integer.valueOf(text) : null;
  }
}
