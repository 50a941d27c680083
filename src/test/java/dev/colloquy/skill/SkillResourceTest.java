package dev.colloquy.skill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import dev.colloquy.organization.AgentId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ServerTest
class SkillResourceTest {
  private static final String PASSWORD = "the-password-of-the-mailbox";

  @Inject Database database;
  @Inject Skills skills;
  private String id;
  private Api agent;
  private String address;

  @BeforeEach
  void makeAgent() {
    var made = Api.createAgent(Map.of());
    id = made.path("id");
    agent = Api.agent(made.path("agentApiKey"));
    address = Unique.email();
  }

  private Response put(String skill, Map<String, ?> settings) {
    return Api.organization().put("/external/agents/" + id + "/skills/" + skill, settings);
  }

  private Response get(String skill) {
    return Api.organization().get("/external/agents/" + id + "/skills/" + skill);
  }

  private Map<String, ?> mail(String password) {
    return Map.of(
        "email",
        address,
        "smtp",
        Map.of("host", "smtp.example.com", "username", "ada", "password", password));
  }

  private EmailSkill effective() {
    return database.read(tx -> skills.email(tx, AgentId.fromString(id))).orElseThrow();
  }

  @Test
  void invariant9ASecretIsNeitherShownNorReadableInTheDatabase() {
    put("email", mail(PASSWORD))
        .then()
        .statusCode(200)
        .body("smtp.username", equalTo("ada"))
        .body("smtp.password", nullValue());
    get("email").then().statusCode(200).body("smtp.password", nullValue());
    var row =
        database.read(tx ->
            tx.createQuery(
                    "select settings::text || encode(secrets, 'escape') from skill"
                        + " where agent_id = cast(:id as uuid)")
                .bind("id", id)
                .mapTo(String.class)
                .one());
    assertThat(row).contains(address).doesNotContain(PASSWORD);
    assertThat(effective().smtp().password()).isEqualTo(PASSWORD);
    assertThat(effective().toString()).doesNotContain(PASSWORD);
  }

  @Test
  void aSecretSealedForOneAgentCannotBeReadAsAnothers() {
    put("email", mail(PASSWORD));
    var other = Api.createAgent(Map.of()).<String>path("id");
    database.useTransaction(tx ->
        tx.createUpdate(
                """
                insert into skill (agent_id, name, status, settings, secrets, updated_at)
                select cast(:other as uuid), name, status, settings, secrets, updated_at
                from skill where agent_id = cast(:id as uuid)
                """)
            .bind("other", other)
            .bind("id", id)
            .execute());
    var read = database.read(tx -> skills.email(tx, AgentId.fromString(other))).orElseThrow();
    assertThat(read.smtp().password()).isNull();
  }

  @Test
  void aSecretThatIsLeftOutStaysUnlessItsServerChanges() {
    put("email", mail(PASSWORD));
    put("email", Map.of("email", address, "smtp", Map.of("host", "SMTP.example.com")));
    assertThat(effective().smtp().password()).isEqualTo(PASSWORD);
    put("email", Map.of("email", address, "smtp", Map.of("host", "smtp.evil.example")));
    assertThat(effective().smtp().password()).isNull();
  }

  @Test
  void theAgentShowsItsChannels() {
    put("email", Map.of("email", address, "senderName", "Ada", "emailSignature", "Ada & Co."));
    put("sms", Map.of("status", "inactive"));
    agent
        .get("/external/agents/by-api-key")
        .then()
        .statusCode(200)
        .body("skills.systemName", hasItem("EMAIL"))
        .body("skills.find { it.systemName == 'EMAIL' }.email", equalTo(address))
        .body("skills.find { it.systemName == 'EMAIL' }.senderName", equalTo("Ada"))
        .body("skills.find { it.systemName == 'SMS' }.status", equalTo("inactive"));
  }

  @Test
  void aDeletedSkillIsGone() {
    put("email", mail(PASSWORD));
    Api.organization().delete("/external/agents/" + id + "/skills/email").then().statusCode(204);
    get("email").then().statusCode(404);
    Api.organization().delete("/external/agents/" + id + "/skills/email").then().statusCode(404);
    Api.organization().delete("/external/agents/" + id + "/skills/fax").then().statusCode(404);
  }

  @Test
  void anAddressIsOneAgentsOnly() {
    put("email", Map.of("email", address)).then().statusCode(200);
    var other = Api.createAgent(Map.of()).<String>path("id");
    Api.organization()
        .put(
            "/external/agents/" + other + "/skills/email",
            Map.of("email", address.toUpperCase(java.util.Locale.ROOT)))
        .then()
        .statusCode(409)
        .body("details[0].field", equalTo("email"));
    put("email", Map.of("email", address)).then().statusCode(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "email | email          | no address",
        "email | senderName     | two\\nlines",
        "email | smtp           | text",
        "email | status         | on",
        "sms   | phoneNumber    | 12125550100",
        "sms   | maxSegments    | 11",
        "voice | provider       | carrier-pigeon",
        "voice | voice          | <script>",
      })
  void whatIsWrongIsNamed(String skill, String field, String value) {
    put(skill, Map.of(field, value.replace("\\n", "\n")))
        .then()
        .statusCode(400)
        .body("details[0].field", equalTo(field));
    get(skill).then().statusCode(404);
  }

  @Test
  void whatIsWrongInsideIsNamedToo() {
    put("email", Map.of("smtp", Map.of("host", "h", "port", 70_000)))
        .then()
        .statusCode(400)
        .body("details[0].field", equalTo("smtp.port"));
    put("sms", Map.of("quietHours", Map.of("from", "9 pm", "until", "08:00")))
        .then()
        .statusCode(400)
        .body("details[0].field", equalTo("quietHours.from"));
  }

  @Test
  void secretsHaveOneSealEach() {
    put("email", mail(PASSWORD));
    var first = sealed();
    put("email", mail(PASSWORD));
    assertThat(sealed()).isNotEqualTo(first);
  }

  private String sealed() {
    return database.read(tx ->
        tx.createQuery("select secrets from skill where agent_id = cast(:id as uuid)")
            .bind("id", id)
            .map((row, _) -> new String(row.getBytes(1), StandardCharsets.ISO_8859_1))
            .one());
  }
}
