package dev.colloquy.idempotency;

import static dev.colloquy.idempotency.Repeats.delete;
import static dev.colloquy.idempotency.Repeats.done;
import static dev.colloquy.idempotency.Repeats.isReplayOf;
import static dev.colloquy.idempotency.Repeats.key;
import static dev.colloquy.idempotency.Repeats.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.apikey.ApiKeys;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Answers that show a secret once: once more to whoever asked, and to nobody who reads the table.
 */
@ServerTest
class SecretAnswerTest {
  @Inject Database database;
  @Inject ApiKeys keys;

  private Response agent;
  private String agentKeys;

  @BeforeEach
  void make() {
    agent = Api.createAgent(Map.of());
    agentKeys = "/external/agents/" + agent.path("id") + "/keys";
  }

  private int rowsWith(String text) {
    return database.read(tx ->
        tx.createQuery(
                """
                select count(*) from idempotent_request
                where position(:text in scope) + position(:text in fingerprint)
                      + position(:text in body) > 0
                """)
            .bind("text", text.getBytes(StandardCharsets.UTF_8))
            .mapTo(Integer.class)
            .one());
  }

  /** Another key of the demo organization. */
  private Api sameOrganization() {
    var owner =
        new KeyOwner.OfOrganization(OrganizationId.fromString(agent.path("organizationId")));
    return Api.organization(
        database.inTransaction(tx -> keys.issue(tx, owner, "test", null)).secret().text());
  }

  private void isSealed(Response answer) {
    answer.then().statusCode(409).body("message", equalTo("ANSWER_IS_SEALED"));
    assertThat(answer.header(Idempotency.REPLAYED)).isNull();
  }

  @Test
  void invariant9ANewKeyIsShownAgainToTheKeyThatAskedAndIsNotReadableInTheTable() {
    var key = key();
    var body = Map.of("name", "Web shop");
    var first = done(post(Api.organization(), key, agentKeys, body), 201);
    isReplayOf(first, post(Api.organization(), key, agentKeys, body));
    assertThat(first.<String>path("key")).startsWith("cq_agent_");
    assertThat(rowsWith(first.path("key"))).isZero();
    assertThat(rowsWith("cq_")).isZero();
    assertThat(rowsWith("Web shop")).isZero();
    Api.agent(first.path("key")).get("/external/agents/by-api-key").then().statusCode(200);

    isSealed(post(sameOrganization(), key, agentKeys, body));
    Api.organization().get(agentKeys).then().body("size()", equalTo(2));
  }

  @Test
  void invariant9ANewAgentsKeyLikewise() {
    var key = key();
    var body =
        Map.of(
            "roleId",
            Api.organization().get("/external/agent-roles/by-api-key").path("[0].id"),
            "name",
            "Agent",
            "publicName",
            "Ada");
    var first = done(post(Api.organization(), key, "/external/agents", body), 201);
    isReplayOf(first, post(Api.organization(), key, "/external/agents", body));
    assertThat(first.<String>path("agentApiKey")).startsWith("cq_agent_");
    assertThat(rowsWith(first.path("agentApiKey"))).isZero();
    isSealed(post(sameOrganization(), key, "/external/agents", body));
  }

  @Test
  void invariant9AnOperatorsNewKeyLikewise() {
    var key = key();
    var body = Map.of("kind", "super_admin", "name", "Night shift");
    var first = done(post(Api.superAdmin(), key, "/admin/keys", body), 201);
    isReplayOf(first, post(Api.superAdmin(), key, "/admin/keys", body));
    assertThat(rowsWith(first.path("key"))).isZero();
    isSealed(post(Api.with("Super-Admin-Secret-Key", first.path("key")), key, "/admin/keys", body));
  }

  @Test
  void anAnswerWithoutASecretIsRepeatedToEveryKeyOfTheOwner() {
    var made = Api.organization().post(agentKeys, Map.of("name", "Second"));
    var one = Api.agent(agent.path("agentApiKey"));
    var two = Api.agent(made.path("key"));
    var body = Map.of("conversationUserId", one.newUser());
    var key = key();
    isReplayOf(
        done(post(one, key, "/external/conversations", body), 201),
        post(two, key, "/external/conversations", body));
  }

  @Test
  void aKeyThatIsRevokedUnderAnIdempotencyKeyIsRefusedAtOnce() {
    var made = Api.organization().post(agentKeys, Map.of("name", "Second"));
    var holder = Api.agent(made.path("key"));
    holder.get("/external/agents/by-api-key").then().statusCode(200);
    var key = key();
    var first = done(delete(Api.organization(), key, agentKeys + "/" + made.path("id")), 204);
    holder.get("/external/agents/by-api-key").then().statusCode(403);
    isReplayOf(first, delete(Api.organization(), key, agentKeys + "/" + made.path("id")));
  }
}
