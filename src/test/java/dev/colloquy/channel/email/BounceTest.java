package dev.colloquy.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What mail servers report of our mails, and what nobody can have us believe. */
@ServerTest
class BounceTest {
  @Inject Database database;
  @Inject ThreadAddresses addresses;
  private final String grace = Unique.email();
  private Mails agent;
  private Mails.Sent started;

  @BeforeEach
  void send() {
    agent = new Mails(database, Unique.word());
    started = agent.start(grace);
    // As if there were a server that took it.
    database.useTransaction(tx ->
        tx.createUpdate("update delivery set status = 'sent', provider = 'smtp' where id = :id")
            .bind("id", UUID.fromString(started.id()))
            .execute());
  }

  private Mails.Draft report(String recipient, String action, String status, String messageId) {
    return agent
        .from("MAILER-DAEMON@example.com")
        .header("Return-Path", "<>")
        .header("Content-Type", "multipart/report; report-type=delivery-status; boundary=b")
        .body(
            """
            \r
            --b\r
            Content-Type: text/plain\r
            \r
            It did not work.\r
            --b\r
            Content-Type: message/delivery-status\r
            \r
            Reporting-MTA: dns; mail.example.com\r
            \r
            Final-Recipient: rfc822; %s\r
            Action: %s\r
            Status: %s\r
            --b\r
            Content-Type: text/rfc822-headers\r
            \r
            Message-ID: %s\r
            --b--\r
            """
                .formatted(recipient, action, status, messageId));
  }

  private boolean isBlocked(String address) {
    return agent
            .api
            .post(
                "/external/conversations/start",
                Map.of(
                    "channel", "email",
                    "email", address,
                    "firstName", "G",
                    "lastName", "H",
                    "emailSubject", "x",
                    "emailIntroduction", "y"))
            .statusCode()
        == 409;
  }

  @Test
  void aPermanentFailureFailsTheDeliveryAndBlocksTheAddress() {
    var came =
        agent.send(
            report(
                grace.toUpperCase(java.util.Locale.ROOT), "failed", "5.1.1", started.messageId()));
    assertThat(came.outcome()).isEqualTo("bounced");
    assertThat(came.conversation()).hasToString(started.conversation());
    assertThat(agent.sent().getFirst().status()).isEqualTo("failed");
    assertThat(agent.sent().getFirst().reason()).isEqualTo("bounced_5.1.1");
    assertThat(isBlocked(grace)).isTrue();
  }

  @Test
  void whatWasTriedForTooLongFailsAndBlocksNothing() {
    assertThat(agent.send(report(grace, "failed", "4.4.7", started.messageId())).outcome())
        .isEqualTo("bounced");
    assertThat(agent.sent().getFirst().reason()).isEqualTo("bounced_4.4.7");
    assertThat(isBlocked(grace)).isFalse();
  }

  @Test
  void aDelayChangesNothing() {
    assertThat(agent.send(report(grace, "delayed", "4.4.1", started.messageId())).outcome())
        .isEqualTo("bounce_transient");
    assertThat(agent.sent().getFirst().status()).isEqualTo("sent");
    assertThat(isBlocked(grace)).isFalse();
  }

  @Test
  void aConfirmationSaysDelivered() {
    assertThat(agent.send(report(grace, "relayed", "2.1.5", started.messageId())).outcome())
        .isEqualTo("delivery_confirmed");
    assertThat(agent.sent().getFirst().status()).isEqualTo("delivered");
  }

  @Test
  void nobodyCanBlockAnAddressThatWasNotWrittenTo() {
    var victim = Unique.email();
    assertThat(agent.send(report(victim, "failed", "5.1.1", started.messageId())).outcome())
        .isEqualTo("bounce_unknown");
    assertThat(
            agent
                .send(report(victim, "failed", "5.1.1", "<" + UUID.randomUUID() + "@example.org>"))
                .outcome())
        .isEqualTo("bounce_unknown");
    assertThat(agent.sent().getFirst().status()).isEqualTo("sent");
    assertThat(isBlocked(victim)).isFalse();
    assertThat(isBlocked(grace)).isFalse();
  }

  @Test
  void anotherAgentsMailIsNotFailedWithThisOnesKey() {
    var other = new Mails(database, Unique.word());
    var raw = report(grace, "failed", "5.1.1", started.messageId()).raw();
    var id = other.post(raw).then().statusCode(202).extract().<String>path("id");
    assertThat(other.outcome(id).outcome()).isEqualTo("bounce_unknown");
    assertThat(agent.sent().getFirst().status()).isEqualTo("sent");
  }

  @Test
  void aReportInWordsToTheSignedAddressIsUnderstood() {
    var signed =
        addresses
            .of(agent.address, new ConversationId(UUID.fromString(started.conversation())))
            .orElseThrow();
    var came =
        agent.send(
            agent
                .from("MAILER-DAEMON@example.com")
                .to(signed)
                .body(
                    "Hi. This is the qmail-send program.\r\n\r\n<"
                        + grace
                        + ">:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n"));
    assertThat(came.outcome()).isEqualTo("bounced");
    assertThat(agent.sent().getFirst().reason()).isEqualTo("bounced_5.1.1");
  }
}
