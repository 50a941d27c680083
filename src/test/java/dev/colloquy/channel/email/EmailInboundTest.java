package dev.colloquy.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.colloquy.channel.Inbound;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.message.MessageFiles;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import dev.colloquy.testing.Unique;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comes in over HTTP: kept first, handled once, and never answered where no person wrote. */
@ServerTest
class EmailInboundTest {
  @Inject Database database;
  @Inject Inbound inbound;
  StubModelServer model;
  private final String grace = Unique.email();
  private final String name = Unique.word();
  private Mails agent;

  @BeforeEach
  void makeAgent() {
    agent = new Mails(database, name);
  }

  private long calls() {
    return model.requests().stream().filter(request -> request.model().equals(name)).count();
  }

  @Test
  void aRepeatHasNoEffectWhicheverWayItComes() {
    var mail = agent.from(grace);
    var came = agent.send(mail);
    agent.post(mail.raw()).then().statusCode(200).body("duplicate", org.hamcrest.Matchers.is(true));
    Mails.postForAll(mail.raw()).then().statusCode(200);
    // As it would be kept where nobody could tell yet whose it is.
    var third =
        inbound
            .keep("email", null, mail.id(), grace, "message/rfc822", null, mail.raw())
            .orElseThrow();
    assertThat(agent.outcome(third.toString()).outcome()).isEqualTo("repeat");
    agent.awaitSent(1);
    assertThat(
            agent
                .api
                .get("/external/conversations/" + came.conversation() + "/messages")
                .jsonPath()
                .getList("messages"))
        .hasSize(2);
  }

  @Test
  void aMailToTwoAgentsReachesEachOnce() {
    var other = new Mails(database, Unique.word());
    var mail = agent.from(grace).to(agent.address + ", Other <" + other.address + ">");
    Mails.postForAll(mail.raw()).then().statusCode(202);
    Mails.postForAll(mail.raw()).then().statusCode(200);
    assertThat(agent.awaitSent(1).recipient()).isEqualTo(grace);
    assertThat(other.awaitSent(1).recipient()).isEqualTo(grace);
  }

  @Test
  void theAddressThatAMailWasDeliveredToSaysWhoseItIs() {
    var other = new Mails(database, Unique.word());
    var mail =
        agent
            .from(grace)
            .to(other.address)
            .header("Delivered-To", agent.address.replace("@", "+anything@"));
    var id = Mails.postForAll(mail.raw()).then().statusCode(202).extract().<String>path("id");
    assertThat(agent.outcome(id).agent()).hasToString(agent.agentId);
    agent.awaitSent(1);
    assertThat(other.sent()).isEmpty();
  }

  @Test
  void aMailForNobodyIsIgnored() {
    var id =
        Mails.postForAll(agent.from(grace).to("nobody@example.net").raw())
            .then()
            .statusCode(202)
            .extract()
            .<String>path("id");
    assertThat(agent.outcome(id))
        .isEqualTo(new Mails.Event("ignored", "no_agent", null, null, null));
  }

  @Test
  void machinesAreNotAnsweredAndNoModelIsAsked() {
    var started = agent.start(grace);
    var other = new Mails(database, Unique.word());
    assertThat(agent.send(agent.from(other.address)).outcome()).isEqualTo("own_mail");
    assertThat(agent.send(agent.from(agent.address)).outcome()).isEqualTo("own_mail");
    assertThat(agent.send(agent.from(grace).id(started.messageId())).outcome())
        .isEqualTo("own_mail");
    assertThat(agent.send(agent.from(grace).header("Auto-Submitted", "auto-generated")).outcome())
        .isEqualTo("auto_submitted");
    assertThat(agent.send(agent.from(grace).header("List-Id", "<x.example.com>")).outcome())
        .isEqualTo("mailing_list");
    assertThat(agent.send(agent.from("not an address")).outcome()).isEqualTo("no_sender");
    assertThat(calls()).isZero();
  }

  @Test
  void aSkillThatIsSwitchedOffTakesNoMail() {
    agent.set(Map.of("status", "inactive"));
    assertThat(agent.send(agent.from(grace)).outcome()).isEqualTo("skill_inactive");
  }

  @Test
  void aCorrespondentGetsSoManyMailsWithinAnHourAndCanBeHeardLater() {
    agent.set(Map.of("mailsPerHour", 2));
    agent.send(agent.from(grace));
    agent.send(agent.from(grace));
    var third =
        agent.post(agent.from(grace).raw()).then().statusCode(202).extract().<String>path("id");
    assertThat(agent.outcome(third).outcome()).isEqualTo("rate_limited");
    assertThat(agent.send(agent.from(Unique.email())).outcome()).isEqualTo("question");

    agent.set(Map.of("mailsPerHour", 20));
    Api.superAdmin().post("/admin/inbound/" + third + "/replay", Map.of()).then().statusCode(204);
    assertThat(agent.outcome(third).outcome()).isEqualTo("question");
  }

  @Test
  void whatFailsIsTriedAgainPutAsideAndReplayed() {
    var mail = agent.from(grace);
    database.useTransaction(tx ->
        tx.execute(
            "alter table message_origin add constraint fault check (external_id <> '"
                + mail.id()
                + "')"));
    var id = agent.post(mail.raw()).then().statusCode(202).extract().<String>path("id");
    try {
      await().atMost(Duration.ofSeconds(10)).until(() -> attempts(id) == 1);
      assertThat(agent.event(id).status()).isEqualTo("received");
      assertThat(agent.sent()).isEmpty();
      database.useTransaction(tx ->
          tx.createUpdate("update inbound set attempts = 7 where id = :id")
              .bind("id", UUID.fromString(id))
              .execute());
      assertThat(agent.outcome(id).status()).isEqualTo("failed");
    } finally {
      database.useTransaction(tx -> tx.execute("alter table message_origin drop constraint fault"));
    }
    Api.superAdmin().post("/admin/inbound/" + id + "/replay", Map.of()).then().statusCode(204);
    assertThat(agent.outcome(id).outcome()).isEqualTo("question");
    agent.awaitSent(1);
  }

  private int attempts(String id) {
    return database.read(tx ->
        tx.createQuery("select attempts from inbound where id = :id")
            .bind("id", UUID.fromString(id))
            .mapTo(Integer.class)
            .one());
  }

  @Test
  void filesAreKeptWithTheMessageAndProgramsAreNot() throws IOException {
    var raw =
        new String(
                Files.readAllBytes(MailCorpusTest.FOLDER.resolve("attachments.eml")),
                StandardCharsets.UTF_8)
            .replace("grace@example.com", grace)
            .replaceFirst("<corpus-\\d+@", "<" + Unique.word() + "@");
    var came =
        agent.outcome(
            agent
                .post(raw.getBytes(StandardCharsets.UTF_8))
                .then()
                .statusCode(202)
                .extract()
                .path("id"));
    var row =
        database.read(tx ->
            tx.createQuery(
                    "select text, raw_text, context, cast(files as text) as files from message where id = :id")
                .bind("id", came.message())
                .mapToMap()
                .one());
    assertThat(row.get("text")).isEqualTo("See the files.");
    assertThat((String) row.get("raw_text")).contains("setup.exe (a program)");
    assertThat((String) row.get("context")).contains("photo.jpg").contains("setup.exe");
    assertThat((String) row.get("files")).contains("photo.jpg").contains("passwd.pdf");
    var conversation = new ConversationId(came.conversation());
    var ids =
        database.read(tx ->
            tx.createQuery("select id from message_file where conversation_id = :id order by id")
                .bind("id", came.conversation())
                .mapTo(UUID.class)
                .list());
    assertThat(ids).hasSize(2);
    var content =
        database.read(tx -> MessageFiles.find(tx, conversation, ids.getLast())).orElseThrow();
    assertThat(content.fileName()).isEqualTo("passwd.pdf");
    assertThat(content.content()).asString(StandardCharsets.US_ASCII).isEqualTo("%PDF");
    var elsewhere = new ConversationId(UUID.randomUUID());
    var none = database.read(tx -> MessageFiles.find(tx, elsewhere, ids.getFirst()));
    assertThat(none).isEmpty();
  }

  @Test
  void theEndpointSaysWhatIsWrong() throws IOException {
    agent.post(new byte[0]).then().statusCode(400);
    agent
        .api
        .request()
        .contentType("text/plain")
        .body("From: a@example.com")
        .post(EmailInboundResource.PATH)
        .then()
        .statusCode(415);
    Api.agent("cq_agent_wrong")
        .request()
        .contentType("message/rfc822")
        .body(agent.from(grace).raw())
        .post(EmailInboundResource.PATH)
        .then()
        .statusCode(403);
    assertThat(answerToLength(26_214_401)).startsWith("HTTP/1.1 413 ");
  }

  /** Of a body that is announced only: whoever refuses it does not read it. */
  private String answerToLength(int length) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket
          .getOutputStream()
          .write(
              String.join(
                      "\r\n",
                      "POST %s HTTP/1.1",
                      "Host: localhost",
                      "Agent-Secret-Key: %s",
                      "Content-Type: message/rfc822",
                      "Content-Length: %d",
                      "",
                      "")
                  .formatted(EmailInboundResource.PATH, agent.api.key(), length)
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(30), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void aMailMayBeLargerThanOtherBodies() {
    var large = agent.from(grace).body("x".repeat(6_000_000));
    var came = agent.send(large);
    assertThat(came.outcome()).isEqualTo("question");
    var length =
        database.read(tx ->
            tx.createQuery("select length(text) from message where id = :id")
                .bind("id", came.message())
                .mapTo(Integer.class)
                .one());
    assertThat(length).isEqualTo(256_000);
  }

  @Test
  void whateverBytesComeHaveAnEnd() throws IOException {
    var seed = Long.getLong("mail.seed", System.nanoTime());
    var random = new Random(seed);
    var ids = new ArrayList<String>();
    for (var i = 0; i < 60; i++) {
      var garbage = new byte[1 + random.nextInt(3_000)];
      random.nextBytes(garbage);
      var head = i % 2 == 0 ? "" : "From: " + Unique.email() + "\r\nTo: x\r\nSubject: ";
      var raw =
          (head + new String(garbage, StandardCharsets.ISO_8859_1))
              .getBytes(StandardCharsets.ISO_8859_1);
      ids.add(agent.post(raw).then().statusCode(202).extract().path("id"));
    }
    for (var known : MailCorpusTest.cases().toList()) {
      var answer = agent.post(known.mail());
      assertThat(answer.statusCode()).as(known.name()).isIn(200, 202);
      if (answer.statusCode() == 202) {
        ids.add(answer.path("id"));
      }
    }
    for (var id : ids) {
      assertThat(agent.outcome(id).status()).as("seed " + seed).isIn("handled", "ignored");
    }
  }
}
