package dev.colloquy.channel.voice;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.ConversationMode;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.EventSignals;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.conversation.NewConversation;
import dev.colloquy.message.Message;
import dev.colloquy.message.Messages;
import dev.colloquy.message.SenderRole;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.skill.Skills;
import dev.colloquy.skill.VoiceSkill;
import dev.colloquy.user.Contacts;
import dev.colloquy.user.User;
import dev.colloquy.user.UserId;
import dev.colloquy.user.Users;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Takes calls that come in: finds who calls, and the conversation that the call goes on with. */
@Singleton
final class IncomingCalls {
  private final Database database;
  private final Skills skills;
  private final EventSignals signals;
  private final Clock clock;

  IncomingCalls(Database database, Skills skills, EventSignals signals, Clock clock) {
    this.database = database;
    this.skills = skills;
    this.signals = signals;
    this.clock = clock;
  }

  /** An agent that can be called. */
  record Callee(KeyOwner.OfAgent agent, VoiceSkill skill, boolean isInactive) {}

  /** The agent, with how it takes calls; nothing where there is none, or it takes none. */
  Optional<Callee> callee(String agentId) {
    return Ids.parse(agentId)
        .flatMap(id ->
            database.read(tx ->
                tx.createQuery("select organization_id, status from agent where id = :id")
                    .bind("id", id)
                    .map((row, _) ->
                        new Found(
                            Rows.id(row, "organization_id"),
                            row.getString("status").equals("inactive")))
                    .findOne()
                    .flatMap(found -> callee(tx, new AgentId(id), found))));
  }

  private record Found(UUID organization, boolean isInactive) {}

  private Optional<Callee> callee(Handle tx, AgentId agent, Found found) {
    var owner = new KeyOwner.OfAgent(agent, new OrganizationId(found.organization()));
    return skills.voice(tx, agent).map(skill -> new Callee(owner, skill, found.isInactive()));
  }

  /**
   * A call that was taken.
   *
   * @param greeting what is said first; null where the agent says nothing
   */
  record Taken(Call call, @Nullable String greeting) {}

  /**
   * Takes the call: finds or makes its user, goes on with the conversation that the user wrote in
   * last, on whichever channel, or opens one, and stores the greeting as what the agent said. The
   * same call that is told of again is the same here (invariant 7).
   *
   * @param caller the number; null or no number where it is withheld
   */
  Taken take(
      Callee callee,
      String provider,
      String externalId,
      @Nullable String caller,
      @Nullable String called) {
    var now = Rows.now(clock);
    var agent = callee.agent();
    return database.inTransaction(tx -> {
      var user = Users.findOrCreate(tx, agent.organization(), asked(caller, externalId, now));
      var known = Calls.find(tx, agent, provider, externalId);
      if (known.isPresent()) {
        return new Taken(known.get(), opening(tx, known.get()));
      }
      var conversation = conversation(tx, agent, user, now);
      var greeting =
          Conversations.require(tx, agent, conversation).mode() == ConversationMode.MANUAL
              ? null
              : callee.skill().greeting();
      var opening = greeting == null ? null : greet(tx, conversation, greeting, now).id();
      var call =
          new Call(
              Ids.next(),
              agent,
              conversation,
              provider,
              externalId,
              Call.Direction.INBOUND,
              user.phoneNumber(),
              called,
              null,
              0,
              opening,
              Call.Status.RINGING,
              now);
      Calls.insert(tx, call);
      Conversations.setCall(tx, agent, conversation, externalId, now);
      database.afterCommit(() -> signals.changed(agent.agent(), conversation));
      return new Taken(call, greeting);
    });
  }

  private static @Nullable String opening(Handle tx, Call call) {
    var opening = call.opening();
    return opening == null
        ? null
        : Messages.find(tx, call.conversation(), opening).map(Message::text).orElse(null);
  }

  private static ConversationId conversation(
      Handle tx, KeyOwner.OfAgent agent, User user, Instant now) {
    var channels = EnumSet.allOf(Channel.class);
    var open = Conversations.findOpen(tx, agent, user.id(), channels);
    if (open.isPresent()) {
      Conversations.move(tx, agent, open.get(), Channel.VOICE, now);
      return open.get();
    }
    var id = new ConversationId(Ids.next());
    Conversations.open(
        tx,
        agent,
        new NewConversation(id, user.id(), Channel.VOICE, null, null, null, null, null, now));
    return id;
  }

  private static Message greet(
      Handle tx, ConversationId conversation, String greeting, Instant now) {
    return Messages.append(
        tx,
        new Message(
            conversation,
            0,
            new MessageId(Ids.next()),
            null,
            SenderRole.ASSISTANT,
            Wire.name(Channel.VOICE),
            greeting,
            null,
            null,
            List.of(),
            false,
            now),
        null);
  }

  /** Whoever withholds their number is somebody new with every call. */
  private static User asked(@Nullable String caller, String externalId, Instant now) {
    var contacts = contacts(caller).orElseGet(() -> new Contacts("call:" + externalId, null, null));
    return new User(
        new UserId(Ids.next()),
        contacts.phoneNumber() == null ? "Caller" : contacts.phoneNumber(),
        "",
        null,
        Wire.name(Channel.VOICE),
        contacts.fkId(),
        null,
        null,
        contacts.phoneNumber(),
        null,
        false,
        now);
  }

  private static Optional<Contacts> contacts(@Nullable String caller) {
    return Optional.ofNullable(caller)
        .flatMap(Contacts::e164)
        .map(number -> new Contacts(null, null, number));
  }
}
