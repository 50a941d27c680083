package dev.colloquy.message;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.consent.ConsentAction;
import dev.colloquy.consent.Consents;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationChange;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.ConversationMode;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.EventSignals;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.conversation.NewConversation;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.delivery.DeliveryKind;
import dev.colloquy.delivery.Outbound;
import dev.colloquy.delivery.Outbox;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import dev.colloquy.skill.EmailSkill;
import dev.colloquy.skill.Skills;
import dev.colloquy.skill.SmsSkill;
import dev.colloquy.user.User;
import dev.colloquy.user.Users;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Conversations that the agent begins: the user, the conversation, the introduction and its
 * delivery are stored together, or nothing is.
 */
@Singleton
public final class ConversationStarts {
  private final Database database;
  private final Clock clock;
  private final EventSignals signals;
  private final Outbox outbox;
  private final Skills skills;

  ConversationStarts(
      Database database, Clock clock, EventSignals signals, Outbox outbox, Skills skills) {
    this.database = database;
    this.clock = clock;
    this.signals = signals;
    this.outbox = outbox;
    this.skills = skills;
  }

  /**
   * What a conversation begins with, where nothing else is known.
   *
   * @param channel e-mail, SMS or voice
   * @param contact the e-mail address or phone number of the person
   * @param subject of an e-mail; null on the other channels
   * @param text what the agent says first
   */
  public record First(
      String firstName,
      String lastName,
      Channel channel,
      String contact,
      @Nullable String subject,
      String text) {}

  /**
   * Begins or continues a conversation.
   *
   * @throws dev.colloquy.platform.http.ApiException 400 for a contact that is none, 409 where the
   *     agent must not write there
   */
  public ConversationId start(KeyOwner.OfAgent agent, First first) {
    return start(agent, StartRequest.of(first));
  }

  ConversationId start(KeyOwner.OfAgent agent, StartRequest request) {
    var introduction = request.introduction();
    var subject = request.subject();
    var now = Rows.now(clock);
    var asked = request.user(now);
    var conversation =
        database.inTransaction(tx -> {
          requireActive(tx, agent);
          // Also locks the user, so that two who start at once continue one conversation.
          var user = Users.findOrCreate(tx, agent.organization(), asked);
          var id = openOrContinue(tx, agent, user, request, now);
          var message = introduce(tx, id, request, introduction, now);
          var recipient =
              request.channel() == StartRequest.StartChannel.EMAIL
                  ? asked.email()
                  : asked.phoneNumber();
          requireConsent(tx, agent, request, Objects.requireNonNull(recipient));
          var delivery = new DeliveryId(Ids.next());
          outbox.write(
              tx,
              agent,
              new Outbound(
                  delivery,
                  id,
                  message.id(),
                  DeliveryKind.START,
                  request.channel().channel(),
                  recipient,
                  null,
                  subject,
                  request.signed() ? signed(tx, agent, request, introduction) : introduction,
                  null,
                  now));
          if (request.channel() == StartRequest.StartChannel.VOICE) {
            Conversations.setCall(tx, agent, id, delivery.toString(), now);
          }
          return id;
        });
    signals.changed(agent.agent(), conversation);
    return conversation;
  }

  private static void requireActive(Handle tx, KeyOwner.OfAgent agent) {
    var isInactive =
        tx.createQuery("select status = 'inactive' from agent where id = :id")
            .bind("id", agent.agent().value())
            .mapTo(Boolean.class)
            .one();
    if (isInactive) {
      throw ApiException.of(ErrorCode.CONFLICT, "agent", "is inactive and begins no conversations");
    }
  }

  /** Nobody is begun with who wants nothing more, or whom nothing reaches. */
  private static void requireConsent(
      Handle tx, KeyOwner.OfAgent agent, StartRequest request, String recipient) {
    var channel = request.channel().channel();
    var block = Consents.block(tx, agent.organization(), channel, recipient);
    if (block.isPresent()) {
      throw ApiException.of(
          ErrorCode.CONFLICT,
          channel == Channel.EMAIL ? "email" : "phoneNumber",
          block.get() == ConsentAction.BOUNCE
              ? "what was sent there came back for good"
              : "wants no more messages: its owner opted out");
    }
  }

  private static ConversationId openOrContinue(
      Handle tx, KeyOwner.OfAgent agent, User user, StartRequest request, Instant now) {
    var state = Conversations.requireState(tx, agent, request.conversationStateId());
    var author = Conversations.requirePlatformUser(tx, agent, request.authorId());
    Channel channel = request.channel().channel();
    if (request.reset()) {
      Conversations.archiveOpen(tx, agent, user.id(), channel, now);
    }
    var open = Conversations.findOpen(tx, agent, user.id(), Set.of(channel));
    if (open.isPresent()) {
      requireAnswering(tx, agent, open.get());
      var change =
          new ConversationChange(
              null, request.conversationContext(), request.customData(), state, author, null);
      return Conversations.update(tx, agent, open.get(), change, now).id();
    }
    return open(tx, agent, user, request, state, author, now);
  }

  /**
   * The agent says nothing where a person took over, also no introduction (invariant 4). The row is
   * locked, so a take-over at the same moment is seen here or waits until all of this is stored.
   */
  private static void requireAnswering(Handle tx, KeyOwner.OfAgent agent, ConversationId id) {
    if (Conversations.require(tx, agent, id).mode() == ConversationMode.MANUAL) {
      throw ApiException.of(
          ErrorCode.CONFLICT,
          "mode",
          "a person has taken over conversation "
              + id
              + ": write as a person, hand it back, or start with resetConversation");
    }
  }

  private static ConversationId open(
      Handle tx,
      KeyOwner.OfAgent agent,
      User user,
      StartRequest request,
      @Nullable UUID state,
      @Nullable UUID author,
      Instant now) {
    var id = new ConversationId(Ids.next());
    Conversations.open(
        tx,
        agent,
        new NewConversation(
            id,
            user.id(),
            request.channel().channel(),
            null,
            request.conversationContext(),
            request.customData(),
            state,
            author,
            now));
    return id;
  }

  private static Message introduce(
      Handle tx, ConversationId id, StartRequest request, String introduction, Instant now) {
    return Messages.append(
        tx,
        new Message(
            id,
            0,
            new MessageId(Ids.next()),
            null,
            SenderRole.ASSISTANT,
            Wire.name(request.channel()),
            introduction,
            null,
            null,
            List.of(),
            false,
            now),
        null);
  }

  /** The agent signs as it is set, else with the name that the people it serves know it by. */
  private String signed(Handle tx, KeyOwner.OfAgent agent, StartRequest request, String text) {
    var own =
        request.channel() == StartRequest.StartChannel.EMAIL
            ? skills.email(tx, agent.agent()).map(EmailSkill::emailSignature)
            : skills.sms(tx, agent.agent()).map(SmsSkill::smsSignature);
    return text + "\n\n-- \n" + own.orElseGet(() -> publicName(tx, agent));
  }

  private static String publicName(Handle tx, KeyOwner.OfAgent agent) {
    return tx.createQuery("select public_name from agent where id = :id")
        .bind("id", agent.agent().value())
        .mapTo(String.class)
        .one();
  }
}
