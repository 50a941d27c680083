package dev.colloquy.channel.email;

import dev.colloquy.channel.ChannelContract;
import dev.colloquy.channel.ChannelProvider;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.delivery.DeliveryKind;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.testing.ScriptedSmtpServer;
import dev.colloquy.testing.ScriptedSmtpServer.Step;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** {@link SmtpProvider}, with the settings of an agent of the server under test. */
@ServerTest
class SmtpProviderTest extends ChannelContract {
  @Inject SmtpProvider provider;

  private ScriptedSmtpServer server;
  private MailAgent agent;

  @BeforeEach
  void start() {
    server = ScriptedSmtpServer.start();
    agent = MailAgent.at(server.port());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Override
  protected ChannelProvider provider() {
    return provider;
  }

  @Override
  protected Outgoing outgoing(String body) {
    var plain = Letters.outgoing(DeliveryKind.START, Unique.email(), "Your order", body);
    return new Outgoing(
        new DeliveryId(Ids.next()),
        agent.owner(),
        plain.conversation(),
        plain.message(),
        plain.kind(),
        plain.channel(),
        plain.recipient(),
        agent.address(),
        plain.subject(),
        body,
        null,
        "smtp",
        1,
        plain.createdAt());
  }

  @Override
  protected void acceptNext() {
    server.up();
  }

  @Override
  protected void refuseConnections() {
    server.down();
  }

  @Override
  protected void rejectNext() {
    server.up();
    server.answer(Step.RCPT, "550 5.1.1 nobody of that name");
  }

  @Override
  protected void dropAfterRequest() {
    server.up();
    server.breakAt(Step.END);
  }

  @Override
  protected List<String> received() {
    return server.taken().stream().map(ScriptedSmtpServer.Taken::messageId).toList();
  }
}
