package dev.colloquy.channel.voice;

import dev.colloquy.channel.SendResult;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.skill.Skills;
import dev.colloquy.skill.VoiceSkill;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** What both providers do about a call that an agent makes. */
@Singleton
final class OutgoingCalls {
  private final Database database;
  private final Skills skills;
  private final Clock clock;

  OutgoingCalls(Database database, Skills skills, Clock clock) {
    this.database = database;
    this.skills = skills;
    this.clock = clock;
  }

  /** Asks a provider for the call, which is stored already, under these settings. */
  @FunctionalInterface
  interface Dial {
    SendResult dial(Call call, VoiceSkill skill) throws InterruptedException;
  }

  /** A call that is about to be made. */
  private record Begun(Call call, VoiceSkill skill) {}

  /**
   * Stores the call, so that what its provider says of it finds it, and has it dialled. One that
   * the provider surely has not taken is forgotten.
   */
  SendResult make(Outgoing outgoing, String provider, Dial dial) throws InterruptedException {
    var begun =
        database.inTransaction(tx ->
            skills.voice(tx, outgoing.agent().agent()).map(s -> begin(tx, outgoing, provider, s)));
    if (begun.isEmpty()) {
      return new SendResult.Rejected("not_configured");
    }
    var call = begun.get().call();
    var result = dial.dial(call, begun.get().skill());
    switch (result) {
      case SendResult.Accepted _, SendResult.Ambiguous _ -> {}
      case SendResult.Rejected _, SendResult.Retryable _ ->
          database.useTransaction(tx -> Calls.delete(tx, call));
    }
    return result;
  }

  private Begun begin(Handle tx, Outgoing outgoing, String provider, VoiceSkill skill) {
    var call =
        new Call(
            Ids.next(),
            outgoing.agent(),
            outgoing.conversation(),
            provider,
            null,
            Call.Direction.OUTBOUND,
            outgoing.sender() == null ? skill.phoneNumber() : outgoing.sender(),
            outgoing.recipient(),
            outgoing.id(),
            outgoing.attempts(),
            outgoing.message(),
            Call.Status.QUEUED,
            Rows.now(clock));
    Calls.insert(tx, call);
    return new Begun(call, skill);
  }

  /** Notes the provider's id, in the transaction that notes that it has the call. */
  static void accepted(Handle tx, Outgoing outgoing, String externalId, Instant now) {
    Calls.find(tx, outgoing)
        .ifPresent(call -> {
          var _ = Calls.name(tx, call, externalId, now);
        });
    Conversations.setCall(tx, outgoing.agent(), outgoing.conversation(), externalId, now);
  }
}
