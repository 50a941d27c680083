package dev.colloquy.delivery;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import dev.colloquy.platform.job.Jobs;
import dev.colloquy.platform.json.JsonColumn;
import dev.colloquy.skill.SkillName;
import dev.colloquy.skill.Skills;
import dev.colloquy.skill.SmsSkill;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Where every outbound effect is written, in the transaction of the message that causes it
 * (invariant 6). Where the agent's channel has a provider, the job that sends it is written with
 * it; else it is captured.
 */
@Singleton
public final class Outbox {
  /** The job that sends one delivery, whose id is the job's. Package {@code channel} runs it. */
  public static final TaskDescriptor<Void> DELIVER = TaskDescriptor.of("deliver");

  // Of an agent without a number, whose SMS are captured.
  private static final int SEGMENTS = 4;

  private final Skills skills;
  private final Instance<Jobs> jobs;
  private final Database database;
  private final Clock clock;

  Outbox(Skills skills, Instance<Jobs> jobs, Database database, Clock clock) {
    this.clock = clock;
    this.skills = skills;
    this.jobs = jobs;
    this.database = database;
  }

  /**
   * Writes a delivery of the agent's; a long SMS as several, of which the first has its id, and
   * that are sent in their order.
   */
  public void write(Handle tx, KeyOwner.OfAgent agent, Outbound outbound) {
    var skill = skill(outbound.channel());
    var provider = skills.provider(tx, agent.agent(), skill);
    var own = skills.sender(tx, agent.agent(), skill).orElse(null);
    var sender = outbound.sender() == null ? own : outbound.sender();
    for (var part : parts(tx, agent, outbound)) {
      insert(tx, agent, part, sender, provider.orElse(null));
      if (provider.isPresent()) {
        jobs.get().enqueue(tx, DELIVER.instance(part.id().toString()).build(), part.createdAt());
      }
    }
    if (provider.isPresent()) {
      database.afterCommit(() -> jobs.get().runDue());
    }
  }

  private List<Outbound> parts(Handle tx, KeyOwner.OfAgent agent, Outbound outbound) {
    if (outbound.channel() != Channel.SMS) {
      return List.of(outbound);
    }
    var segments = skills.sms(tx, agent.agent()).map(SmsSkill::maxSegments).orElse(SEGMENTS);
    return SmsParts.of(outbound, segments);
  }

  private static void insert(
      Handle tx,
      KeyOwner.OfAgent agent,
      Outbound outbound,
      @Nullable String sender,
      @Nullable String provider) {
    var sql =
        """
        insert into delivery (
          conversation_id, id, organization_id, agent_id, message_id, kind, channel, status,
          recipient, sender, subject, body, details, provider, created_at, updated_at)
        values (
          :conversation, :id, :organization, :agent, :message, :kind, :channel, :status,
          :recipient, :sender, :subject, :body, cast(:details as jsonb), :provider, :now, :now)
        """;
    var status = provider == null ? DeliveryStatus.CAPTURED : DeliveryStatus.QUEUED;
    tx.createUpdate(sql)
        .bind("conversation", outbound.conversation().value())
        .bind("id", outbound.id().value())
        .bind("organization", agent.organization().value())
        .bind("agent", agent.agent().value())
        .bind("message", outbound.message().value())
        .bind("kind", Wire.name(outbound.kind()))
        .bind("channel", Wire.name(outbound.channel()))
        .bind("status", Wire.name(status))
        .bind("recipient", outbound.recipient())
        .bind("sender", sender)
        .bind("subject", outbound.subject())
        .bind("body", outbound.body())
        .bind("details", JsonColumn.write(outbound.details()))
        .bind("provider", provider)
        .bind("now", Rows.time(outbound.createdAt()))
        .execute();
  }

  /**
   * Has a delivery sent again that failed or is unknown, or one that waits at once. 404 where there
   * is none, 409 where there is nothing to send again.
   */
  void retry(Handle tx, DeliveryId id) {
    var status = Deliveries.status(tx, id).orElseThrow(ApiException::notFound);
    var now = Rows.now(clock);
    var job = DELIVER.instance(id.toString()).build();
    switch (status) {
      case FAILED, UNKNOWN -> {
        var _ =
            Deliveries.change(
                tx, id, new Deliveries.Change(DeliveryStatus.QUEUED, null, null, now));
        jobs.get().enqueue(tx, job, now);
      }
      case QUEUED -> jobs.get().hurry(tx, job, now);
      case CAPTURED, SENT, DELIVERED ->
          throw ApiException.of(ErrorCode.CONFLICT, "status", "is " + Wire.name(status));
    }
    database.afterCommit(() -> jobs.get().runDue());
  }

  /** The skill by which an agent uses the channel. */
  public static SkillName skill(Channel channel) {
    return switch (channel) {
      case EMAIL -> SkillName.EMAIL;
      case SMS -> SkillName.SMS;
      case VOICE -> SkillName.VOICE;
      case API, LIVE_CHAT ->
          throw new IllegalArgumentException("nothing is delivered over " + Wire.name(channel));
    };
  }

  /** Where a delivery went, and under which subject. */
  public record Sent(String recipient, @Nullable String sender, @Nullable String subject) {}

  /** The conversation's newest delivery on the channel: what follows goes the same way. */
  public static Optional<Sent> last(Handle tx, ConversationId conversation, Channel channel) {
    var sql =
        """
        select recipient, sender, subject
        from delivery
        where conversation_id = :conversation and channel = :channel
        order by id desc
        limit 1
        """;
    return tx.createQuery(sql)
        .bind("conversation", conversation.value())
        .bind("channel", Wire.name(channel))
        .map((row, _) ->
            new Sent(row.getString("recipient"), row.getString("sender"), row.getString("subject")))
        .findOne();
  }
}
