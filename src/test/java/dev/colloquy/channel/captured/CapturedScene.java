package dev.colloquy.channel.captured;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.StubModelServer;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the tests of the page share: an agent, captured conversations and forms as a browser sends
 * them.
 */
abstract class CapturedScene {
  static final String PAGE = "/dev/channels";
  static final Duration SOON = Duration.ofSeconds(15);

  @Inject Database database;
  StubModelServer model;
  Api agent;
  String agentId;

  @BeforeEach
  void makeAgent() {
    model.reset();
    var made = Api.createAgent(Map.of("publicName", "Ada of the shop"));
    agentId = made.path("id");
    agent = Api.agent(made.path("agentApiKey"));
  }

  String start(Map<String, ?> channel) {
    var body = new HashMap<String, Object>(Map.of("firstName", "Grace", "lastName", "Hopper"));
    body.putAll(channel);
    var started = agent.post("/external/conversations/start", body);
    started.then().statusCode(201);
    return started.path("conversationId");
  }

  String mail(String address, String text) {
    return start(
        Map.of(
            "channel",
            "email",
            "email",
            address,
            "emailSubject",
            "Your order 4711",
            "emailIntroduction",
            text));
  }

  String sms(String number) {
    return start(
        Map.of("channel", "sms", "phoneNumber", number, "smsIntroduction", "It was sent."));
  }

  String call(String number) {
    return start(Map.of("channel", "voice", "phoneNumber", number, "firstMessage", "Good day."));
  }

  static Response get(String path) {
    return given().get(PAGE + path);
  }

  static String html(String path) {
    var response = get(path);
    response.then().statusCode(200).contentType("text/html;charset=UTF-8");
    return response.asString();
  }

  static String field(String html, String name) {
    var found = Pattern.compile("name=\"" + name + "\" value=\"([^\"]*)\"").matcher(html);
    assertThat(found.find()).as(name).isTrue();
    return found.group(1);
  }

  /** A form as a browser sends it from the page. */
  static RequestSpecification form(String html) {
    var url = given().get(PAGE).then().extract();
    assertThat(url.statusCode()).isEqualTo(200);
    return given()
        .redirects()
        .follow(false)
        .header("Origin", origin())
        .header("Sec-Fetch-Site", "same-origin")
        .contentType("application/x-www-form-urlencoded; charset=UTF-8")
        .formParam("token", field(html, "token"));
  }

  static String origin() {
    return RestAssured.baseURI + ":" + RestAssured.port;
  }

  static Response answer(String conversation, String channel, String text) {
    var html = html("/" + conversation);
    return form(html)
        .formParam("key", field(html, "key"))
        .formParam("channel", channel)
        .formParam("text", text)
        .post(PAGE + "/" + conversation + "/answers");
  }

  byte[] kept(String source) {
    return database.read(tx ->
        tx.createQuery(
                "select body from inbound where source = :source and agent_id = :agent"
                    + " order by id desc limit 1")
            .bind("source", source)
            .bind("agent", UUID.fromString(agentId))
            .mapTo(byte[].class)
            .one());
  }

  long keptCount() {
    return database.read(tx ->
        tx.createQuery("select count(*) from inbound where agent_id = :agent")
            .bind("agent", UUID.fromString(agentId))
            .mapTo(Long.class)
            .one());
  }

  List<Map<String, Object>> messages(String conversation) {
    return agent.get("/external/conversations/" + conversation + "/messages").path("messages");
  }
}
