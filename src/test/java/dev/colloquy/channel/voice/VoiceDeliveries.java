package dev.colloquy.channel.voice;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.delivery.DeliveryKind;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import java.time.Instant;
import java.util.UUID;

/** Deliveries for tests of providers: in a conversation that is there, with no row of their own. */
final class VoiceDeliveries {
  private VoiceDeliveries() {}

  static Outgoing outgoing(
      Database database, VoiceScene scene, String number, String body, String provider) {
    var conversation = UUID.fromString(scene.agent().newConversation());
    var agent = UUID.fromString(scene.agentId());
    var organization =
        database.read(tx ->
            tx.createQuery("select organization_id from agent where id = :id")
                .bind("id", agent)
                .mapTo(UUID.class)
                .one());
    return new Outgoing(
        new DeliveryId(UUID.randomUUID()),
        new KeyOwner.OfAgent(new AgentId(agent), new OrganizationId(organization)),
        new ConversationId(conversation),
        new MessageId(UUID.randomUUID()),
        DeliveryKind.START,
        Channel.VOICE,
        number,
        null,
        null,
        body,
        null,
        provider,
        1,
        Instant.now());
  }
}
