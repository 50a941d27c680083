package dev.colloquy.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import dev.colloquy.testing.Unique;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which conversation a mail goes on with, and whose it never gets into. */
@ServerTest
class EmailThreadTest {
  @Inject Database database;
  @Inject ThreadAddresses addresses;
  StubModelServer model;
  private final String grace = Unique.email();
  private Mails agent;

  @BeforeEach
  void makeAgent() {
    agent = new Mails(database, Unique.word());
  }

  private String signed(String conversation) {
    return addresses
        .of(agent.address, new ConversationId(UUID.fromString(conversation)))
        .orElseThrow();
  }

  @Test
  void theWholeWayFromAStartToTheAnswerOfTheAnswer() {
    var started = agent.start(grace);
    var came =
        agent.send(
            agent
                .from("Grace Hopper <" + grace.toUpperCase(java.util.Locale.ROOT) + ">")
                .subject("Re: Your order")
                .header("In-Reply-To", started.messageId())
                .header("References", "<older@example.com> " + started.messageId())
                .body(
                    "When will it arrive?\r\n\r\nOn Mon, 23 Nov 2026 Ada wrote:\r\n> It was sent.\r\n\r\n-- \r\nGrace"));

    assertThat(came.status()).isEqualTo("handled");
    assertThat(came.outcome()).isEqualTo("question");
    assertThat(came.conversation()).hasToString(started.conversation());
    var reply = agent.awaitSent(2);
    assertThat(reply.kind()).isEqualTo("reply");
    assertThat(reply.recipient()).isEqualToIgnoringCase(grace);
    assertThat(reply.sender()).isEqualTo(agent.address);
    assertThat(reply.subject()).isEqualTo("Re: Your order");
    assertThat(reply.body()).isEqualTo("Hello.");
    assertThat(reply.conversation()).isEqualTo(started.conversation());
    var messages =
        agent.api.get("/external/conversations/" + started.conversation() + "/messages").jsonPath();
    assertThat(messages.getList("messages.message", String.class)).contains("When will it arrive?");
    assertThat(details(came.message()))
        .contains("<older@example.com> " + started.messageId(), "Re: Your order");
  }

  private String details(UUID message) {
    return database.read(tx ->
        tx.createQuery("select cast(details as text) from message_origin where message_id = :id")
            .bind("id", message)
            .mapTo(String.class)
            .one());
  }

  @Test
  void withoutAThreadAConversationBeginsForWhoeverWrites() {
    var came = agent.send(agent.from("\"Hopper, Grace\" <" + grace + ">"));
    var again = agent.send(agent.from(grace).subject("Re: Your order"));

    var conversation = agent.api.get("/external/conversations/" + came.conversation()).jsonPath();
    assertThat(conversation.getString("channel")).isEqualTo("email");
    assertThat(conversation.getString("user.firstName")).isEqualTo("Grace");
    assertThat(conversation.getString("user.lastName")).isEqualTo("Hopper");
    assertThat(conversation.getString("user.email")).isEqualTo(grace);
    assertThat(again.conversation())
        .as("never by the subject, never by the sender")
        .isNotEqualTo(came.conversation());
  }

  @Test
  void theSignedAddressSaysTheConversationWhereTheThreadIsLost() {
    var started = agent.start(grace);
    var came =
        agent.send(
            agent
                .from(grace)
                .to(signed(started.conversation()).toUpperCase(java.util.Locale.ROOT)));
    assertThat(came.conversation()).hasToString(started.conversation());
  }

  @Test
  void whoeverWritesAgainInTheirOwnThreadGoesOnWithIt() {
    var first = agent.from(grace);
    var came = agent.send(first);
    var second = agent.send(agent.from(grace).header("References", first.id()));
    assertThat(second.conversation()).isEqualTo(came.conversation());
  }

  @Test
  void aStrangerInAThreadBeginsAConversationOfTheirOwn() {
    var started = agent.start(grace);
    var eve = Unique.email();
    var byMessageId = agent.send(agent.from(eve).header("In-Reply-To", started.messageId()));
    var byAddress = agent.send(agent.from(eve).to(signed(started.conversation())));

    for (var came : new Mails.Event[] {byMessageId, byAddress}) {
      assertThat(came.outcome()).isEqualTo("question");
      assertThat(came.conversation()).isNotNull();
      assertThat(came.conversation().toString()).isNotEqualTo(started.conversation());
      var messages =
          agent.api.get("/external/conversations/" + came.conversation() + "/messages").asString();
      assertThat(messages).doesNotContain("Your order was sent.");
      assertThat(
              agent
                  .api
                  .get("/external/conversations/" + came.conversation())
                  .<String>path("user.email"))
          .isEqualTo(eve);
    }
  }

  @Test
  void theThreadOfADeletedConversationBeginsAnotherOne() {
    var started = agent.start(grace);
    agent.api.delete("/external/conversations/" + started.conversation()).then().statusCode(204);
    var came =
        agent.send(
            agent
                .from(grace)
                .to(signed(started.conversation()))
                .header("In-Reply-To", started.messageId()));
    assertThat(came.outcome()).isEqualTo("question");
    assertThat(came.conversation().toString()).isNotEqualTo(started.conversation());
  }

  @Test
  void anotherAgentsThreadIsNobodysHere() {
    var other = new Mails(database, Unique.word());
    var started = other.start(grace);
    var token =
        addresses
            .of(agent.address, new ConversationId(UUID.fromString(started.conversation())))
            .orElseThrow();
    var came = agent.send(agent.from(grace).to(token).header("In-Reply-To", started.messageId()));
    assertThat(came.outcome()).isEqualTo("question");
    assertThat(came.conversation().toString()).isNotEqualTo(started.conversation());
    assertThat(agent.api.get("/external/conversations/" + came.conversation()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void aForgedSignatureOpensNothing() {
    var started = agent.start(grace);
    var token = signed(started.conversation());
    var at = token.indexOf('@') - 1;
    var forged =
        token.substring(0, at) + (token.charAt(at) == 'a' ? 'b' : 'a') + token.substring(at + 1);
    var came = agent.send(agent.from(grace).to(forged));
    assertThat(came.conversation().toString()).isNotEqualTo(started.conversation());
  }

  @Test
  void aConversationOnAnotherChannelMovesToEmail() {
    var user = agent.api.newUser(Map.of("email", grace));
    var conversation = agent.api.newConversation(user);
    var came = agent.send(agent.from(grace).to(signed(conversation)));
    assertThat(came.conversation()).hasToString(conversation);
    assertThat(agent.api.get("/external/conversations/" + conversation).<String>path("channel"))
        .isEqualTo("email");
  }
}
