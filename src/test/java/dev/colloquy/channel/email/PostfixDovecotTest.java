package dev.colloquy.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.PostfixDovecot;
import dev.colloquy.testing.ScriptedSmtpServer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import dev.colloquy.testing.Unique;
import jakarta.inject.Inject;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * E-mail with real Postfix and Dovecot: {@code ./colloquy test mail}, as root, with Debian's
 * packages postfix, dovecot-imapd and dovecot-lmtpd. Every mail goes from one program to the other
 * and is read out of its recipient's mailbox.
 */
@ServerTest
class PostfixDovecotTest {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static PostfixDovecot servers;

  @Inject Database database;
  @Inject MailboxReaders readers;
  StubModelServer model;
  private final String grace = Unique.word() + "@example.com";
  private Mails agent;

  @BeforeAll
  static void startServers() throws Exception {
    // As if the operator had an authority's certificate: the JDK trusts it.
    SSLContext.setDefault(ScriptedSmtpServer.context());
    servers = new PostfixDovecot();
  }

  @AfterAll
  static void stopServers() throws Exception {
    servers.close();
  }

  @BeforeEach
  void makeAgent() throws Exception {
    agent = new Mails(database, Unique.word());
    servers.addUsers(List.of(grace, agent.address));
    connect(servers.imapPort(), "starttls");
  }

  @AfterEach
  void disconnect() {
    agent.set(Map.of());
    readers.look();
  }

  private void connect(int imapPort, String security) {
    agent.set(
        Map.of(
            "smtp", server(servers.smtpPort(), "starttls"),
            "imap", server(imapPort, security)));
    readers.look();
    await()
        .atMost(SOON)
        .until(() ->
            database.read(tx ->
                tx.createQuery(
                        "select exists (select from mailbox where key like :key and uid_validity > 0)")
                    .bind("key", "%" + agent.address + "%")
                    .mapTo(Boolean.class)
                    .one()));
  }

  private Map<String, Object> server(int port, String security) {
    return Map.of(
        "host",
        "localhost",
        "port",
        port,
        "security",
        security,
        "username",
        agent.address,
        "password",
        PostfixDovecot.PASSWORD);
  }

  /** The mails in an address's mailbox, as its owner's mail program reads them. */
  private static List<MimeMessage> inbox(String address) throws MessagingException, IOException {
    var settings = new Properties();
    settings.setProperty("mail.imap.ssl.enable", "true");
    try (var store = Session.getInstance(settings).getStore("imap")) {
      store.connect("localhost", servers.imapsPort(), address, PostfixDovecot.PASSWORD);
      var folder = store.getFolder("INBOX");
      folder.open(Folder.READ_ONLY);
      var mails = new ArrayList<MimeMessage>();
      for (var message : folder.getMessages()) {
        var raw = new ByteArrayOutputStream();
        message.writeTo(raw);
        var mail = new MimeMessage((Session) null, new ByteArrayInputStream(raw.toByteArray()));
        mail.setFlag(Flags.Flag.SEEN, message.isSet(Flags.Flag.SEEN));
        mails.add(mail);
      }
      return mails;
    }
  }

  private static List<MimeMessage> awaitInbox(String address, int count) {
    return await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> inbox(address), mails -> mails.size() == count);
  }

  private Session submission(String login) {
    var settings = new Properties();
    settings.setProperty("mail.smtp.host", "localhost");
    settings.setProperty("mail.smtp.port", "" + servers.smtpPort());
    settings.setProperty("mail.smtp.starttls.required", "true");
    settings.setProperty("mail.smtp.auth", "true");
    settings.setProperty("mail.smtp.from", login);
    return Session.getInstance(settings);
  }

  /** Answers a mail as its recipient's mail program does. */
  private void answer(String login, MimeMessage mail, String text) throws MessagingException {
    var reply = (MimeMessage) mail.reply(false);
    var written = new MimeMessage(submission(login));
    written.setFrom(new InternetAddress(login));
    written.setRecipients(Message.RecipientType.TO, reply.getRecipients(Message.RecipientType.TO));
    written.setSubject(reply.getSubject());
    written.setHeader("In-Reply-To", mail.getMessageID());
    written.setHeader("References", mail.getMessageID());
    written.setText(text, "utf-8");
    Transport.send(written, login, PostfixDovecot.PASSWORD);
  }

  private void awaitStatus(String conversation, String status) {
    await()
        .atMost(SOON)
        .alias("the delivery is " + status)
        .until(() -> status.equals(MailAgent.deliveries(conversation).getLast().get("status")));
  }

  private List<String> said(String conversation) {
    return agent
        .api
        .get("/external/conversations/" + conversation + "/messages")
        .jsonPath()
        .getList("messages.message", String.class);
  }

  @Test
  void aConversationGoesToAndFro() throws Exception {
    var started = agent.start(grace);
    var first = awaitInbox(grace, 1).getFirst();
    assertThat(first.getMessageID()).isEqualTo(started.messageId());
    assertThat(first.getHeader("Return-Path", null)).startsWith("<").contains("+");
    assertThat(first.getHeader("Received", "\n")).contains("ESMTPSA");
    assertThat(Letters.part(first, 0)).contains("Your order was sent.");

    answer(grace, first, "Grüße! When will it arrive?\n\n> Your order was sent.\n");

    var second = awaitInbox(grace, 2).getLast();
    assertThat(second.getHeader("Auto-Submitted")).containsExactly("auto-replied");
    assertThat(second.getSubject()).isEqualTo("Re: Your order");
    assertThat(second.getHeader("References", null)).startsWith(first.getMessageID());
    assertThat(said(started.conversation())).contains("Grüße! When will it arrive?");

    // And once more, by a mailbox that is read with TLS from the first byte on.
    connect(servers.imapsPort(), "tls");
    answer(grace, second, "Thank you.");
    awaitInbox(grace, 3);
    assertThat(said(started.conversation())).contains("Thank you.").hasSize(5);
    var read = inbox(agent.address);
    assertThat(read).as("nothing is moved or deleted").hasSize(2);
    assertThat(read).allMatch(mail -> isSeen(mail));
  }

  private static boolean isSeen(MimeMessage mail) {
    try {
      return mail.isSet(Flags.Flag.SEEN);
    } catch (MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anAddressThatIsRefusedAtOnceFails() {
    var started = agent.start("refused-" + Unique.word() + "@example.com");
    awaitStatus(started.conversation(), "failed");
    assertThat(MailAgent.deliveries(started.conversation()).getLast())
        .containsEntry("reason", "smtp_550");
  }

  @Test
  void aBounceThatComesLaterFailsTheMailAndBlocksTheAddress() {
    var nobody = Unique.word() + "@example.com";
    var started = agent.start(nobody);
    awaitStatus(started.conversation(), "failed");
    assertThat(said(started.conversation())).as("no model was asked").hasSize(1);
    agent
        .api
        .post(
            "/external/conversations/start",
            Map.of(
                "channel", "email",
                "email", nobody,
                "firstName", "No",
                "lastName", "Body",
                "emailSubject", "Again",
                "emailIntroduction", "Are you there?"))
        .then()
        .statusCode(409);
  }

  @Test
  void whatAWrongPasswordLetsInIsNothing() {
    var wrong =
        Map.of(
            "host",
            "localhost",
            "port",
            servers.smtpPort(),
            "security",
            "starttls",
            "username",
            agent.address,
            "password",
            "wrong");
    agent.set(Map.of("smtp", wrong));
    var started = agent.start(grace);
    await()
        .atMost(SOON)
        .until(() ->
            "smtp_auth"
                .equals(MailAgent.deliveries(started.conversation()).getLast().get("reason")));
    connect(servers.imapPort(), "starttls");
    hurry(started.conversation());
    awaitInbox(grace, 1);
  }

  private static void hurry(String conversation) {
    var id = MailAgent.deliveries(conversation).getLast().get("id");
    Api.superAdmin().post("/admin/deliveries/" + id + "/retry", Map.of()).then().statusCode(200);
  }

  @Test
  void aMailServerThatIsRestartedLosesAndDoublesNothing() throws Exception {
    var people = Stream.generate(() -> Unique.word() + "@example.com").limit(6).toList();
    servers.addUsers(people);
    servers.stopPostfix();
    var conversations = people.stream().map(one -> agent.start(one).conversation()).toList();
    for (var one : conversations) {
      await()
          .atMost(SOON)
          .until(
              () -> "smtp_unreachable".equals(MailAgent.deliveries(one).getLast().get("reason")));
    }
    servers.startPostfix();
    conversations.forEach(PostfixDovecotTest::hurry);
    for (var one : people) {
      awaitInbox(one, 1);
    }
    // Dovecot drops the connection that waits; what comes meanwhile is read after it.
    servers.dropImapConnections();
    for (var one : people) {
      answer(one, inbox(one).getFirst(), "Here I am.");
    }
    for (var one : people) {
      awaitInbox(one, 2);
    }
    assertThat(outcomes()).hasSize(6).containsOnly("question");
  }

  private List<String> outcomes() {
    return database.read(tx ->
        tx.createQuery("select coalesce(outcome, status) from inbound where agent_id = :agent")
            .bind("agent", UUID.fromString(agent.agentId))
            .mapTo(String.class)
            .list());
  }

  /** Figures: how many mails go out and come in, to and from real servers. */
  @Test
  void manyMailsAreSentAndAnswered() throws Exception {
    var count = Integer.getInteger("mail.count", 200);
    var people = Stream.generate(() -> Unique.word() + "@example.org").limit(count).toList();
    servers.addUsers(people);
    var began = System.nanoTime();
    try (var threads = Executors.newFixedThreadPool(8)) {
      var starts =
          people.stream().<Callable<Mails.Sent>>map(one -> () -> agent.start(one)).toList();
      threads.invokeAll(starts).forEach(Future::resultNow);
    }
    var accepted = System.nanoTime();
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(statuses()).isEqualTo(Map.of("sent", (long) count)));
    var sent = System.nanoTime();

    var writer = submission(grace);
    try (var transport = writer.getTransport("smtp")) {
      transport.connect("localhost", servers.smtpPort(), grace, PostfixDovecot.PASSWORD);
      for (var i = 0; i < count; i++) {
        var mail =
            new MimeMessage(
                (Session) null,
                new ByteArrayInputStream(agent.from(people.get(i)).body("Number " + i).raw()));
        transport.sendMessage(mail, new InternetAddress[] {new InternetAddress(agent.address)});
      }
    }
    var written = System.nanoTime();
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> outcomes().stream().filter("question"::equals).count() == count);
    var answered = System.nanoTime();
    System.out.printf(
        "mails out: %d started in %.1f s, all taken by Postfix after %.1f s (%.0f a second)%n"
            + "mails in: %d written in %.1f s, all stored as questions after %.1f s (%.0f a second)%n",
        count,
        seconds(began, accepted),
        seconds(began, sent),
        count / seconds(began, sent),
        count,
        seconds(sent, written),
        seconds(sent, answered),
        count / seconds(sent, answered));
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }

  private Map<String, Long> statuses() {
    return database.read(tx ->
        tx
            .createQuery("select status from delivery where agent_id = :agent and kind = 'start'")
            .bind("agent", UUID.fromString(agent.agentId))
            .mapTo(String.class)
            .list()
            .stream()
            .collect(Collectors.groupingBy(status -> status, Collectors.counting())));
  }
}
