package dev.colloquy.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.ServerSetup;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.MessageOrigins;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.Expect;
import dev.colloquy.testing.MailServers;
import dev.colloquy.testing.ScriptedSmtpServer;
import dev.colloquy.testing.ScriptedSmtpServer.Step;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import dev.colloquy.turn.ChannelQuestion;
import dev.colloquy.turn.ChannelQuestions;
import jakarta.inject.Inject;
import jakarta.mail.internet.InternetAddress;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mails from the API to a mail server, through the whole server. */
@ServerTest
class EmailSendingTest {
  private static final Duration SOON = Duration.ofSeconds(15);

  @Inject ChannelQuestions questions;

  private ScriptedSmtpServer server;
  private MailAgent agent;
  private String recipient;

  @BeforeEach
  void start() {
    server = ScriptedSmtpServer.start();
    agent = MailAgent.at(server.port());
    recipient = Unique.email();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void awaitStatus(String conversation, String... statuses) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(agent.statuses(conversation)).containsExactly(statuses));
  }

  private static void awaitReason(String conversation, String reason) {
    await()
        .atMost(SOON)
        .until(() -> reason.equals(MailAgent.deliveries(conversation).getLast().get("reason")));
  }

  /** Instead of waiting until it is tried again. */
  private static void hurry(String conversation) {
    var id = MailAgent.deliveries(conversation).getLast().get("id");
    Api.superAdmin().post("/admin/deliveries/" + id + "/retry", Map.of()).then().statusCode(200);
  }

  @Test
  void aConversationThatTheAgentBeginsIsOneMail() throws Exception {
    var greenMail = MailServers.start(ServerSetup.PROTOCOL_SMTP);
    try {
      agent.set(greenMail.getSmtp().getPort(), Map.of("senderName", "Ada Löwe"));
      var conversation = agent.start(recipient, "Your order **4711** was sent. Grüße!");
      awaitStatus(conversation, "sent");

      assertThat(greenMail.getReceivedMessages()).hasSize(1);
      var mail = greenMail.getReceivedMessages()[0];
      var from = (InternetAddress) mail.getFrom()[0];
      assertThat(from.getAddress()).isEqualTo(agent.address());
      assertThat(from.getPersonal()).isEqualTo("Ada Löwe");
      assertThat(mail.getAllRecipients()[0]).hasToString(recipient);
      assertThat(mail.getSubject()).isEqualTo("Your order");
      assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
      assertThat(mail.getHeader("List-Unsubscribe-Post")).isNotNull();
      assertThat(mail.getHeader("In-Reply-To")).isNull();
      assertThat(Letters.part(mail, 0)).contains("Your order **4711** was sent. Grüße!");
      assertThat(Letters.part(mail, 1)).contains("<strong>4711</strong>");
      var delivery = MailAgent.deliveries(conversation).getFirst();
      assertThat(delivery)
          .containsEntry("status", "sent")
          .containsEntry("provider", "smtp")
          .containsEntry("attempts", 1)
          .containsEntry("externalId", mail.getHeader("Message-ID", null))
          .containsKey("sentAt");
      assertThat(((InternetAddress) mail.getReplyTo()[0]).getAddress()).contains("+");
    } finally {
      greenMail.stop();
    }
  }

  @Test
  void anAnswerContinuesTheThreadOfWhatItAnswers() throws Exception {
    var conversation = agent.start(recipient, "Your order was sent.");
    awaitStatus(conversation, "sent");
    ask(conversation, "<q1@mua.example>", "<root@mua.example> nonsense <a b> <x@mua.example>");
    awaitStatus(conversation, "sent", "sent");
    var first = server.taken().getFirst();
    var answer = server.taken().getLast();

    assertThat(answer.header("In-Reply-To")).isEqualTo("<q1@mua.example>");
    assertThat(answer.header("References").split("\\s+"))
        .containsExactly(
            "<root@mua.example>", "<x@mua.example>", first.messageId(), "<q1@mua.example>");
    assertThat(answer.header("Subject")).isEqualTo("Re: Your order");
    assertThat(answer.header("Auto-Submitted")).isEqualTo("auto-replied");
    assertThat(answer.envelopeSender())
        .startsWith(agent.address().substring(0, agent.address().indexOf('@')) + "+");
    assertThat(answer.header("From")).contains("<" + agent.address() + ">");
  }

  /**
   * A mail of the user's, as the part that reads mails asks it; it came to the thread's address.
   */
  private void ask(String conversation, String messageId, String references) throws Exception {
    var id = new ConversationId(UUID.fromString(conversation));
    var message = new MessageId(Ids.next());
    var details =
        new ObjectMapper()
            .createObjectNode()
            .put("subject", "Your order")
            .put("references", references);
    var to = server.taken().getFirst().envelopeSender();
    var origin = new MessageOrigins.Origin(id, message, recipient, to, messageId, details);
    var asked = ChannelQuestion.of(agent.owner(), id, message, Channel.EMAIL, "When?", origin);
    questions.ask(_ -> Optional.of(asked));
  }

  @Test
  void longThreadsNameTheirFirstAndTheirNewestMails() throws Exception {
    var conversation = agent.start(recipient, "Your order was sent.");
    awaitStatus(conversation, "sent");
    var many = new StringBuilder("<root@mua.example>");
    for (var i = 0; i < 40; i++) {
      many.append(" <m").append(i).append("@mua.example>");
    }
    ask(conversation, "<q1@mua.example>", many.toString());
    awaitStatus(conversation, "sent", "sent");

    assertThat(server.taken().getLast().header("References").split("\\s+"))
        .hasSize(11)
        .startsWith("<root@mua.example>")
        .endsWith(server.taken().getFirst().messageId(), "<q1@mua.example>");
  }

  @Test
  void whatTheAgentBeginsAgainFollowsWhatItWroteBefore() {
    var conversation = agent.start(recipient, "One.");
    agent.start(recipient, "Two.");
    awaitStatus(conversation, "sent", "sent");
    var first = server.taken().getFirst().messageId();
    assertThat(server.taken().getLast().header("In-Reply-To")).isEqualTo(first);
    assertThat(server.taken().getLast().header("References")).isEqualTo(first);
  }

  @Test
  void aMailServerThatIsDownGetsTheMailOnceItIsUp() {
    server.down();
    var conversation = agent.start(recipient, "Your order was sent.");
    awaitReason(conversation, "smtp_unreachable");
    assertThat(agent.statuses(conversation)).containsExactly("queued");

    server.up();
    hurry(conversation);

    awaitStatus(conversation, "sent");
    assertThat(server.taken(recipient)).hasSize(1);
  }

  @Test
  void aMailThatMayHaveArrivedIsRepeatedWithItsMessageId() {
    server.breakAt(Step.END);
    var conversation = agent.start(recipient, "Your order was sent.");
    awaitReason(conversation, "smtp_lost_at_end");

    hurry(conversation);

    awaitStatus(conversation, "sent");
    assertThat(server.taken(recipient)).hasSize(2);
    assertThat(server.taken(recipient).stream().map(ScriptedSmtpServer.Taken::messageId).distinct())
        .hasSize(1);
  }

  @Test
  void aMailThatIsRefusedFailsAndIsNotTriedAgain() {
    server.answer(Step.RCPT, "550 5.1.1 nobody");
    var conversation = agent.start(recipient, "Your order was sent.");
    awaitStatus(conversation, "failed");
    assertThat(MailAgent.deliveries(conversation).getFirst())
        .containsEntry("reason", "smtp_550")
        .containsEntry("attempts", 1);
    assertThat(server.taken()).isEmpty();
  }

  @Test
  void aPausedAgentsMailWaitsAndThenGoes() {
    Api.organization()
        .put("/external/agents/" + agent.id(), Map.of("isDeliveryPaused", true))
        .then()
        .statusCode(200);
    var conversation = agent.start(recipient, "Your order was sent.");
    awaitReason(conversation, "paused");
    assertThat(server.taken()).isEmpty();

    Api.organization().put("/external/agents/" + agent.id(), Map.of("isDeliveryPaused", false));
    hurry(conversation);

    awaitStatus(conversation, "sent");
    assertThat(server.taken(recipient)).hasSize(1);
  }

  @Test
  void whoUnsubscribesWhileAMailWaitsDoesNotGetIt() {
    var earlier = agent.start(recipient, "One.");
    awaitStatus(earlier, "sent");
    var url = server.taken().getFirst().header("List-Unsubscribe").replaceAll("[<>\\s]", "");
    server.down();
    agent.start(recipient, "Two.");
    awaitReason(earlier, "smtp_unreachable");

    Unsubscribing.oneClick(url).then().statusCode(200);
    server.up();
    hurry(earlier);

    awaitStatus(earlier, "sent", "failed");
    assertThat(MailAgent.deliveries(earlier).getLast()).containsEntry("reason", "opted_out");
    assertThat(server.taken(recipient)).hasSize(1);
  }

  @Test
  void aPersonsMessageIsAMailOfAPersons() {
    var conversation = agent.start(recipient, "Your order was sent.");
    awaitStatus(conversation, "sent");
    takeOver(conversation);
    manual(conversation, "This is Grace, a person.");
    awaitStatus(conversation, "sent", "sent");

    var mail = server.taken().getLast();
    assertThat(mail.header("Subject")).isEqualTo("Re: Your order");
    assertThat(mail.header("Auto-Submitted")).isEmpty();
    assertThat(mail.header("In-Reply-To")).isEqualTo(server.taken().getFirst().messageId());
    assertThat(mail.content()).contains("This is Grace, a person.");
  }

  @Test
  void aPersonsFirstMailHasTheAgentsDefaultSubject() {
    agent.set(server.port(), Map.of("defaultSubject", "News from Ada"));
    var user = agent.api().newUser(Map.of("email", recipient));
    var conversation = agent.api().newConversation(user);
    takeOver(conversation);
    agent
        .api()
        .post(
            "/external/conversations/" + conversation + "/send-manual-message",
            Map.of("message", "Hello.", "channel", "email"))
        .then()
        .statusCode(200);
    awaitStatus(conversation, "sent");
    assertThat(server.taken().getFirst().header("Subject")).isEqualTo("News from Ada");
  }

  private void takeOver(String conversation) {
    agent
        .api()
        .put("/external/conversations/" + conversation + "/mode", Map.of("mode", "manual"))
        .then()
        .statusCode(200);
  }

  private void manual(String conversation, String text) {
    agent
        .api()
        .post(
            "/external/conversations/" + conversation + "/send-manual-message",
            Map.of("message", text))
        .then()
        .statusCode(200);
  }

  @Test
  void anAgentWhoseSkillIsSwitchedOffSendsNothing() {
    server.down();
    var conversation = agent.start(recipient, "Your order was sent.");
    awaitReason(conversation, "smtp_unreachable");
    agent.set(server.port(), Map.of("status", "inactive"));
    server.up();
    hurry(conversation);
    awaitStatus(conversation, "failed");
    assertThat(MailAgent.deliveries(conversation).getFirst())
        .containsEntry("reason", "no_mail_server");
    assertThat(server.taken()).isEmpty();
  }

  @Test
  void mailsAreSignedWhereAKeyIsSet() throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2_048);
    var keys = generator.generateKeyPair();
    agent.set(server.port(), Map.of("dkim", dkim(pem(keys.getPrivate().getEncoded()))));
    var conversation = agent.start(recipient, "Your order was sent.\n\n.\n");
    awaitStatus(conversation, "sent");
    var mail = server.taken().getFirst().content();
    assertThat(
            DkimCheck.of(mail.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .holds(keys.getPublic()))
        .isTrue();
  }

  @Test
  void aKeyThatIsNoneIsRefusedWhenItIsSet() throws Exception {
    var path = "/external/agents/" + agent.id() + "/skills/email";
    var ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate();
    for (var key : List.of("nonsense", pem(new byte[40]), pem(ed25519.getEncoded()))) {
      Expect.badField(
          Api.organization().put(path, Map.of("email", agent.address(), "dkim", dkim(key))),
          "dkim.privateKey");
    }
    Api.organization().get(path).then().body("dkim", equalTo(null));
  }

  private static Map<String, String> dkim(String key) {
    return Map.of("domain", "example.com", "selector", "colloquy", "privateKey", key);
  }

  private static String pem(byte[] key) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(key)
        + "\n-----END PRIVATE KEY-----\n";
  }
}
