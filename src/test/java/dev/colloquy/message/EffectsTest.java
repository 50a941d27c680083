package dev.colloquy.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Invariant 6: a message that goes out and its delivery are stored together, or neither is. */
@ServerTest
class EffectsTest {
  private static final String CONVERSATIONS = "/external/conversations/";

  @Inject Database database;
  private final String refused = Unique.word();
  private Api agent;

  /** From here on the delivery of this text cannot be written, whatever comes before it. */
  @BeforeEach
  void refuse() {
    agent = Api.newAgent();
    database.useTransaction(tx ->
        tx.execute(
            "alter table delivery add constraint refused check (body not like '%%%s%%')"
                .formatted(refused)));
  }

  @AfterEach
  void allow() {
    database.useTransaction(tx -> tx.execute("alter table delivery drop constraint refused"));
  }

  @Test
  void invariant6AStartWhoseDeliveryCannotBeWrittenStoresNothing() {
    agent.post(CONVERSATIONS + "start", start(refused)).then().statusCode(500);

    assertThat(messages()).isZero();
    assertThat(agent.get("/external/conversations").<Integer>path("totalItems")).isZero();
  }

  @Test
  void invariant6APersonsMessageWhoseDeliveryCannotBeWrittenIsNotStored() {
    String conversation =
        agent
            .post(CONVERSATIONS + "start", start("It was sent."))
            .then()
            .statusCode(201)
            .extract()
            .path("conversationId");
    agent
        .put(CONVERSATIONS + conversation + "/mode", Map.of("mode", "manual"))
        .then()
        .statusCode(200);

    agent
        .post(
            CONVERSATIONS + conversation + "/send-manual-message",
            Map.of("message", "Hello, " + refused))
        .then()
        .statusCode(500);

    assertThat(messages()).isZero();
  }

  private static Map<String, Object> start(String introduction) {
    return Map.of(
        "firstName",
        "Grace",
        "lastName",
        "Hopper",
        "channel",
        "sms",
        "phoneNumber",
        Unique.phone(),
        "smsIntroduction",
        introduction);
  }

  private long messages() {
    return database.read(tx ->
        tx.createQuery("select count(*) from message where position(:text in text) > 0")
            .bind("text", refused)
            .mapTo(Long.class)
            .one());
  }
}
