package dev.colloquy.channel.email;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.Conversation;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.delivery.Deliveries;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.message.MessageOrigins;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.secret.Secrets;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Finds the conversation that a mail goes on with. Nothing but a Message-ID that is known or the
 * signed address says which, and nothing but the right From lets somebody in: whoever else answers,
 * a stranger whom the mail was forwarded to, begins a conversation of their own.
 */
@Singleton
final class MailThreads {
  private final ThreadAddresses addresses;
  private final Secrets secrets;

  MailThreads(ThreadAddresses addresses, Secrets secrets) {
    this.addresses = addresses;
    this.secrets = secrets;
  }

  /** The agent's conversation that the mail goes on with; nothing where it begins one. */
  Optional<Conversation> find(Handle tx, KeyOwner.OfAgent agent, Mail mail, MailAddress from) {
    for (var messageId : mail.references()) {
      var found = ofOurs(tx, agent, messageId, from).or(() -> ofTheirs(tx, agent, messageId, from));
      if (found.isPresent()) {
        return found;
      }
    }
    return named(mail).flatMap(id -> theirs(tx, agent, id, from, null));
  }

  /** By a mail that we sent. */
  private static Optional<Conversation> ofOurs(
      Handle tx, KeyOwner.OfAgent agent, String messageId, MailAddress from) {
    return MessageIds.delivery(messageId)
        .flatMap(id -> Deliveries.find(tx, agent, id))
        .filter(outgoing -> outgoing.channel() == Channel.EMAIL)
        .flatMap(
            outgoing -> theirs(tx, agent, outgoing.conversation(), from, outgoing.recipient()));
  }

  /** By a mail that came in before. */
  private static Optional<Conversation> ofTheirs(
      Handle tx, KeyOwner.OfAgent agent, String messageId, MailAddress from) {
    return MessageOrigins.byExternalId(tx, agent, messageId)
        .flatMap(origin -> theirs(tx, agent, origin.conversation(), from, origin.sender()));
  }

  /** The conversation, if whoever writes is its user. */
  private static Optional<Conversation> theirs(
      Handle tx,
      KeyOwner.OfAgent agent,
      ConversationId id,
      MailAddress from,
      @Nullable String correspondent) {
    return Conversations.find(tx, agent, id)
        .filter(conversation -> {
          var email = conversation.user().email();
          return (email != null && email.equalsIgnoreCase(from.address()))
              || (correspondent != null && correspondent.equalsIgnoreCase(from.address()))
              || (correspondent == null && wasWrittenTo(tx, id, from));
        });
  }

  private static boolean wasWrittenTo(Handle tx, ConversationId id, MailAddress from) {
    var sql =
        """
        select exists (
          select from delivery
          where conversation_id = :conversation and channel = 'email' and lower(recipient) = :address)
        """;
    return tx.createQuery(sql)
        .bind("conversation", id.value())
        .bind("address", from.key())
        .mapTo(Boolean.class)
        .one();
  }

  /** The conversation that a signed address among the mail's recipients names. */
  Optional<ConversationId> named(Mail mail) {
    return secrets.isAvailable()
        ? mail.allRecipients().stream()
            .flatMap(address -> addresses.conversation(address).stream())
            .findFirst()
        : Optional.empty();
  }

  /** Whose conversation it is that the mail belongs to, whoever writes. */
  Optional<KeyOwner.OfAgent> agent(Handle tx, Mail mail) {
    var byAddress =
        named(mail)
            .flatMap(id ->
                owner(
                    tx,
                    "select agent_id, organization_id from conversation where id = :id",
                    id.value()));
    return byAddress.or(() ->
        mail.references().stream()
            .flatMap(messageId -> MessageIds.delivery(messageId).stream())
            .flatMap(id -> sender(tx, id).stream())
            .findFirst());
  }

  private static Optional<KeyOwner.OfAgent> sender(Handle tx, DeliveryId id) {
    return owner(
        tx,
        "select agent_id, organization_id from delivery where id = :id and channel = 'email'",
        id.value());
  }

  private static Optional<KeyOwner.OfAgent> owner(Handle tx, String sql, UUID id) {
    return tx.createQuery(sql)
        .bind("id", id)
        .map((row, _) ->
            new KeyOwner.OfAgent(
                new AgentId(Rows.id(row, "agent_id")),
                new OrganizationId(Rows.id(row, "organization_id"))))
        .findOne();
  }

  /** A mail of ours: the agent's, or anybody's where no agent is given. */
  Optional<Outgoing> delivery(Handle tx, KeyOwner.@Nullable OfAgent agent, DeliveryId id) {
    return Optional.ofNullable(agent)
        .or(() -> sender(tx, id))
        .flatMap(owner -> Deliveries.find(tx, owner, id))
        .filter(outgoing -> outgoing.channel() == Channel.EMAIL);
  }

  /** Whether the mail is one that we sent. */
  static boolean isOurs(Handle tx, Mail mail) {
    return Optional.ofNullable(mail.messageId())
        .flatMap(MessageIds::delivery)
        .flatMap(id -> sender(tx, id))
        .isPresent();
  }
}
