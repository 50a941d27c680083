package dev.colloquy.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.skill.ConnectionSecurity;
import dev.colloquy.skill.EmailSkill;
import dev.colloquy.testing.MailServers;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import jakarta.inject.Inject;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mailboxes on a real IMAP server (GreenMail). */
@ServerTest
class MailboxTest {
  @Inject Database database;
  @Inject MailboxReaders readers;
  @Inject InboundMails inboundMails;
  @Inject MailConnections connections;
  private final String grace = Unique.email();
  private final String login = Unique.word();
  private GreenMail server;
  private GreenMailUser box;
  private Mails agent;

  @BeforeEach
  void startServer() {
    server = MailServers.start(ServerSetup.PROTOCOL_IMAP);
    agent = new Mails(database, Unique.word());
    box = server.setUser(agent.address, login, "secret");
  }

  @AfterEach
  void stopServer() {
    agent.set(Map.of());
    readers.look();
    server.stop();
  }

  private void watch() {
    agent.set(
        Map.of(
            "imap",
            Map.of(
                "host", "127.0.0.1",
                "port", server.getImap().getPort(),
                "security", "none",
                "username", login,
                "password", "secret")));
    readers.look();
    await().atMost(Duration.ofSeconds(15)).until(() -> lastUid() != null);
  }

  private void unwatch() {
    agent.set(Map.of());
    readers.look();
    // The lease is given back once the reader has ended.
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            number("select count(*) from mailbox where leased_until is null and key like :key")
                == 1);
  }

  private Long lastUid() {
    return database.read(tx ->
        tx.createQuery(
                "select last_uid from mailbox where key like :key and uid_validity is not null")
            .bind("key", key())
            .mapTo(Long.class)
            .findOne()
            .orElse(null));
  }

  private long number(String sql) {
    return database.read(tx -> tx.createQuery(sql).bind("key", key()).mapTo(Long.class).one());
  }

  private String key() {
    return "127.0.0.1\n" + login + "\n%";
  }

  private void deliver(Mails.Draft mail) throws MessagingException {
    box.deliver(new MimeMessage((jakarta.mail.Session) null, new ByteArrayInputStream(mail.raw())));
  }

  private List<String> outcomes() {
    return database.read(tx ->
        tx.createQuery(
                "select coalesce(outcome, status) from inbound where agent_id = :agent order by id")
            .bind("agent", UUID.fromString(agent.agentId))
            .mapTo(String.class)
            .list());
  }

  private void awaitOutcomes(String... expected) {
    await()
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(outcomes()).containsExactly(expected));
  }

  @Test
  void whatArrivesIsAnsweredSoonAndMarkedAsSeenAndWhatWasThereBeforeIsNot() throws Exception {
    deliver(agent.from(grace).body("Long ago."));
    watch();
    assertThat(outcomes()).isEmpty();
    var began = System.nanoTime();
    deliver(agent.from(grace).body("Now."));
    awaitOutcomes("question");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    assertThat(agent.awaitSent(1).recipient()).isEqualTo(grace);
    var folder = server.getManagers().getImapHostManager().getInbox(box);
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> folder.getMessages().getLast().getFlags().contains(Flags.Flag.SEEN));
    assertThat(folder.getMessages().getFirst().getFlags().contains(Flags.Flag.SEEN)).isFalse();
    assertThat(folder.getMessageCount()).as("nothing is moved or deleted").isEqualTo(2);
    // And the next one too, while it idles.
    deliver(agent.from(grace).body("And now."));
    awaitOutcomes("question", "question");
  }

  @Test
  void whatArrivedWhileNobodyLookedIsReadFromWhereItWasLeft() throws Exception {
    watch();
    deliver(agent.from(grace));
    awaitOutcomes("question");
    unwatch();
    for (var i = 0; i < 3; i++) {
      deliver(agent.from(Unique.email()));
    }
    watch();
    awaitOutcomes("question", "question", "question", "question");
  }

  @Test
  void aMailboxThatWasMadeAnewIsReadAgainWithoutAnyEffectTwice() throws Exception {
    watch();
    deliver(agent.from(grace));
    awaitOutcomes("question");
    unwatch();
    database.useTransaction(tx ->
        tx.createUpdate("update mailbox set uid_validity = 1, last_uid = 900 where key like :key")
            .bind("key", key())
            .execute());
    deliver(agent.from(grace));
    watch();
    awaitOutcomes("question", "question");
    agent.awaitSent(2);
    assertThat(number("select last_uid from mailbox where key like :key")).isLessThan(900);
  }

  @Test
  void aServerThatGoesAwayIsComeBackTo() throws Exception {
    watch();
    var port = server.getImap().getPort();
    server.stop();
    server = MailServers.start(ServerSetup.PROTOCOL_IMAP, port);
    box = server.setUser(agent.address, login, "secret");
    // The new server's mailbox was made anew: it is read from when it was first looked at.
    deliver(agent.from(grace));
    awaitOutcomes("question");
  }

  @Test
  void aMailThatIsTooLargeIsNotedWithItsHeaders() throws Exception {
    var owner =
        new KeyOwner.OfAgent(
            new AgentId(UUID.fromString(agent.agentId)),
            new OrganizationId(
                database.read(tx ->
                    tx.createQuery("select organization_id from agent where id = :id")
                        .bind("id", UUID.fromString(agent.agentId))
                        .mapTo(UUID.class)
                        .one())));
    var mailbox =
        new Mailbox(
            new EmailSkill.MailServer(
                "127.0.0.1", server.getImap().getPort(), ConnectionSecurity.NONE, login, "secret"),
            "INBOX",
            owner);
    var node = UUID.randomUUID();
    database.useTransaction(tx -> MailboxRepository.lease(tx, mailbox.key(), node));
    var reader = new MailboxReader(mailbox, inboundMails, database, connections, node, 2_000);
    var thread = reader.start();
    await().atMost(Duration.ofSeconds(10)).until(() -> lastUid() != null);
    deliver(agent.from(grace).body("x".repeat(5_000)));
    awaitOutcomes("too_large");
    int kept =
        database.read(tx ->
            tx.createQuery("select length(body) from inbound where agent_id = :agent")
                .bind("agent", UUID.fromString(agent.agentId))
                .mapTo(Integer.class)
                .one());
    assertThat(kept).isLessThan(2_000);
    reader.stop();
    assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void oneNodeReadsAMailboxUntilItsLeaseEnds() {
    var key = Unique.word();
    var one = UUID.randomUUID();
    var two = UUID.randomUUID();
    assertThat(lease(key, one)).isTrue();
    assertThat(lease(key, one)).isTrue();
    assertThat(lease(key, two)).isFalse();
    assertThat(advance(key, two)).isFalse();
    assertThat(advance(key, one)).isTrue();
    database.useTransaction(tx ->
        tx.createUpdate(
                "update mailbox set leased_until = now() - interval '1 second' where key = :key")
            .bind("key", key)
            .execute());
    assertThat(advance(key, one)).as("a lease that has ended is none").isFalse();
    assertThat(lease(key, two)).isTrue();
    assertThat(lease(key, one)).isFalse();
    database.useTransaction(tx -> MailboxRepository.release(tx, key, two));
    assertThat(lease(key, one)).isTrue();
  }

  private boolean lease(String key, UUID holder) {
    return database.inTransaction(tx -> MailboxRepository.lease(tx, key, holder));
  }

  private boolean advance(String key, UUID holder) {
    return database.inTransaction(tx -> MailboxRepository.advance(tx, key, holder, 7, 7));
  }
}
