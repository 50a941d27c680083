package dev.colloquy.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.colloquy.conversation.Channel;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nobody is written to who does not want it. */
@ServerTest
class ConsentTest {
  @Inject Database database;
  private OrganizationId organization;
  private AgentId agentId;
  private Api agent;
  private final String number = Unique.phone();

  @BeforeEach
  void makeAgent() {
    var made = Api.createAgent(Map.of());
    organization = OrganizationId.fromString(made.path("organizationId"));
    agentId = AgentId.fromString(made.path("id"));
    agent = Api.agent(made.path("agentApiKey"));
  }

  private void says(Channel channel, String address, ConsentAction action) {
    database.useTransaction(tx ->
        Consents.add(
            tx,
            new ConsentEntry(
                organization, agentId, channel, address, action, "WORD", null, Instant.now())));
  }

  private static Response text(Api from, String to) {
    return from.post(
        "/external/conversations/start",
        Map.of(
            "firstName", "Grace",
            "lastName", "Hopper",
            "channel", "sms",
            "phoneNumber", to,
            "smsIntroduction", "Hello."));
  }

  @Test
  void nobodyIsBegunWithWhoOptedOut() {
    says(Channel.SMS, number, ConsentAction.OPT_OUT);
    text(agent, number).then().statusCode(409).body("details[0].field", equalTo("phoneNumber"));
    agent.get("/external/conversations").then().body("totalItems", equalTo(0));
    agent
        .get("/external/users/search?phoneNumber=%2B" + number.substring(1))
        .then()
        .statusCode(404);
  }

  @Test
  void anOptOutHoldsForTheWholeOrganization() {
    says(Channel.SMS, number, ConsentAction.OPT_OUT);
    text(Api.newAgent(), number).then().statusCode(409);
  }

  @Test
  void theNewestWordCountsAndHelpIsNone() {
    says(Channel.SMS, number, ConsentAction.OPT_OUT);
    says(Channel.SMS, number, ConsentAction.HELP);
    text(agent, number).then().statusCode(409);
    says(Channel.SMS, number, ConsentAction.OPT_IN);
    text(agent, number).then().statusCode(201);
  }

  @Test
  void anAddressThatBouncedIsBlockedInWhateverCase() {
    var address = Unique.email();
    says(Channel.EMAIL, address.toUpperCase(Locale.ROOT), ConsentAction.BOUNCE);
    assertThat(block(Channel.EMAIL, address)).isEqualTo(ConsentAction.BOUNCE);
    assertThat(block(Channel.SMS, address)).isNull();
  }

  private ConsentAction block(Channel channel, String address) {
    return database.read(tx -> Consents.block(tx, organization, channel, address)).orElse(null);
  }

  @Test
  void theLedgerIsListed() {
    says(Channel.SMS, number, ConsentAction.OPT_OUT);
    says(Channel.SMS, number, ConsentAction.OPT_IN);
    Api.superAdmin()
        .request()
        .queryParam("address", number)
        .get("/admin/consents")
        .then()
        .statusCode(200)
        .body("data", hasSize(2))
        .body("data[0].action", equalTo("opt_in"))
        .body("data[0].keyword", equalTo("WORD"))
        .body("data[1].action", equalTo("opt_out"))
        .body("totalItems", equalTo(2));
  }
}
