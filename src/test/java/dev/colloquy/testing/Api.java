package dev.colloquy.testing;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The API of the server under test, as one caller uses it. Makes what most tests need first. */
public final class Api {
  private static final DocumentedAnswers DOCUMENTED = new DocumentedAnswers();

  private final String header;
  private final String key;

  private Api(String header, String key) {
    this.header = header;
    this.key = key;
  }

  /** As the holder of an agent's key. */
  public static Api agent(String key) {
    return new Api("Agent-Secret-Key", key);
  }

  /** As the demo organization. */
  public static Api organization() {
    return new Api("Organization-Secret-Key", ServerKeys.ORGANIZATION);
  }

  /** As the holder of an organization's key. */
  public static Api organization(String key) {
    return new Api("Organization-Secret-Key", key);
  }

  /** As somebody who sends this header. */
  public static Api with(String header, String key) {
    return new Api(header, key);
  }

  /** As the super admin. */
  public static Api superAdmin() {
    return new Api("Super-Admin-Secret-Key", ServerKeys.SUPER_ADMIN);
  }

  /** As a new agent of the demo organization that the stub's {@code openai:} model answers for. */
  public static Api newAgent() {
    return newAgent(Map.of());
  }

  /** As a new agent, with these fields besides the ones that are needed. */
  public static Api newAgent(Map<String, ?> fields) {
    return agent(createAgent(fields).jsonPath().getString("agentApiKey"));
  }

  /** The answer to the creation of an agent of the demo organization. */
  public static Response createAgent(Map<String, ?> fields) {
    var body = new HashMap<String, Object>();
    body.put(
        "roleId",
        organization().get("/external/agent-roles/by-api-key").jsonPath().getString("[0].id"));
    body.put("name", "Agent " + UUID.randomUUID());
    body.put("publicName", "Ada");
    body.put("model", "openai:stub");
    body.put("outputJsonSchema", "");
    body.putAll(fields);
    var response = organization().post("/external/agents", body);
    response.then().statusCode(201);
    return response;
  }

  /** A new user's id. */
  public String newUser() {
    return newUser(Map.of());
  }

  /** A new user's id, with these fields besides the ones that are needed. */
  public String newUser(Map<String, ?> fields) {
    var body = new HashMap<String, Object>();
    body.put("firstName", "Grace");
    body.put("lastName", "Hopper");
    body.put("fkId", "fk-" + UUID.randomUUID());
    body.putAll(fields);
    var response = post("/external/users", body);
    response.then().statusCode(201);
    return response.jsonPath().getString("id");
  }

  /** The id of a new conversation with a new user. */
  public String newConversation() {
    return newConversation(newUser());
  }

  /** The id of a new conversation with the user. */
  public String newConversation(String user) {
    var response = post("/external/conversations", Map.of("conversationUserId", user));
    response.then().statusCode(201);
    return response.jsonPath().getString("id");
  }

  /** Sends a user's message and waits for what comes back. */
  public Response send(String conversation, String message) {
    return post(
        "/external/conversations/" + conversation + "/messages", Map.of("message", message));
  }

  /** A request with this caller's key. */
  public RequestSpecification request() {
    return given().filter(DOCUMENTED).header(header, key);
  }

  public Response get(String path) {
    return request().get(path);
  }

  public Response post(String path, Object body) {
    return request().contentType(ContentType.JSON).body(body).post(path);
  }

  public Response put(String path, Object body) {
    return request().contentType(ContentType.JSON).body(body).put(path);
  }

  public Response delete(String path) {
    return request().delete(path);
  }

  public Response delete(String path, Object body) {
    return request().contentType(ContentType.JSON).body(body).delete(path);
  }

  /** This caller's key. */
  public String key() {
    return key;
  }
}
