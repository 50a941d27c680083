package dev.colloquy.channel.sms;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.channel.ChannelContract;
import dev.colloquy.channel.ChannelProvider;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.delivery.DeliveryKind;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.testing.FakeTwilio;
import dev.colloquy.testing.ServerTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

@ServerTest
class TwilioContractTest extends ChannelContract {
  @Inject TwilioSmsProvider provider;
  @Inject Database database;
  @Inject PublicUrl publicUrl;
  private final FakeTwilio twilio = FakeTwilio.start();
  private SmsScene scene;
  private KeyOwner.OfAgent owner;
  private boolean isDown;

  @BeforeEach
  void begin() {
    scene = new SmsScene(twilio, database, publicUrl, Map.of(), Map.of());
    owner =
        new KeyOwner.OfAgent(
            AgentId.fromString(scene.agentId), OrganizationId.fromString(scene.organizationId));
  }

  @AfterEach
  void close() {
    twilio.close();
  }

  private void listen() {
    if (isDown) {
      twilio.comeBack();
      isDown = false;
    }
  }

  @Override
  protected ChannelProvider provider() {
    return provider;
  }

  @Override
  protected Outgoing outgoing(String body) {
    return new Outgoing(
        new DeliveryId(Ids.next()),
        owner,
        new ConversationId(Ids.next()),
        new MessageId(Ids.next()),
        DeliveryKind.REPLY,
        Channel.SMS,
        scene.person,
        null,
        null,
        body,
        null,
        "twilio",
        1,
        Instant.now());
  }

  @Override
  protected void acceptNext() {
    listen();
    twilio.next(new FakeTwilio.Answer.Accept());
  }

  @Override
  protected void refuseConnections() {
    listen();
    twilio.goDown();
    isDown = true;
  }

  @Override
  protected void rejectNext() {
    listen();
    twilio.next(FakeTwilio.error(400, 21614));
  }

  @Override
  protected void dropAfterRequest() {
    listen();
    twilio.next(new FakeTwilio.Answer.Drop());
  }

  @Override
  protected List<String> received() {
    return twilio.taken().stream().map(FakeTwilio.Sent::sid).toList();
  }
}
