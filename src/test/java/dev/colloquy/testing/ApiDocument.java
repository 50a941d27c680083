package dev.colloquy.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.restassured.RestAssured;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The document that the server under test serves of itself, and checks against it. */
public final class ApiDocument {
  private static final String PATH = "/external/docs/openapi.json";
  private static final String LOCATION = "https://openapi.test/document.json";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static ApiDocument served;

  private final JsonNode document;
  private final List<Operation> operations;
  private final SchemaRegistry schemas;

  /** One operation of the document. */
  public record Operation(String method, String path, JsonNode node) {
    public String id() {
      return node.path("operationId").asText();
    }

    /** The header of the key that it takes. */
    public String keyHeader() {
      return node.at("/security/0").fieldNames().next();
    }

    public boolean hasBody() {
      return node.has("requestBody");
    }

    /** The example of its body. */
    public ObjectNode example() {
      var example = node.at("/requestBody/content/application~1json/example");
      if (!example.isObject()) {
        throw new AssertionError(id() + " has no example in openapi/examples.json");
      }
      return example.deepCopy();
    }

    public List<String> queryParameters() {
      var names = new ArrayList<String>();
      node.path("parameters")
          .forEach(p -> {
            if (p.path("in").asText().equals("query")) {
              names.add(p.path("name").asText());
            }
          });
      return names;
    }

    private Pattern pattern() {
      return Pattern.compile(path.replaceAll("\\{[^}]*}", "[^/]*"));
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private ApiDocument(String text) throws JsonProcessingException {
    document = JSON.readTree(text);
    operations = new ArrayList<>();
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(method ->
                    operations.add(
                        new Operation(
                            method.getKey().toUpperCase(java.util.Locale.ROOT),
                            path.getKey(),
                            method.getValue()))));
    // Words come before parameters, as where a request is routed.
    operations.sort(Comparator.comparingInt(o -> o.path().split("\\{", -1).length));
    schemas =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder ->
                builder
                    .schemas(Map.of(LOCATION, closed(document).toString()))
                    .schemaRegistryConfig(
                        SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
  }

  /** Answers may hold nothing that is not documented. */
  private static JsonNode closed(JsonNode document) {
    var closed = document.<ObjectNode>deepCopy();
    for (var schema : closed.at("/components/schemas")) {
      if (schema.has("properties")) {
        ((ObjectNode) schema).put("additionalProperties", false);
      }
    }
    return closed;
  }

  /** Of the server that the tests share. */
  public static synchronized ApiDocument served() {
    if (served == null) {
      var answer = RestAssured.given().get(PATH);
      answer.then().statusCode(200);
      try {
        served = new ApiDocument(answer.asString());
      } catch (JsonProcessingException e) {
        throw new AssertionError("the document is no JSON", e);
      }
    }
    return served;
  }

  public JsonNode json() {
    return document;
  }

  public List<Operation> operations() {
    return List.copyOf(operations);
  }

  /** The operation that such a request goes to. */
  public Optional<Operation> find(String method, String path) {
    return operations.stream()
        .filter(o -> o.method().equals(method) && o.pattern().matcher(path).matches())
        .findFirst();
  }

  /** The schema of an operation's body, by the names of its fields. */
  public JsonNode bodyFields(Operation operation) {
    var ref = operation.node().at("/requestBody/content/application~1json/schema/$ref").asText();
    return document.at(ref.substring(1)).path("properties");
  }

  /** The type of a field of a body: string, boolean, ... */
  public String type(JsonNode field) {
    var ref = field.path("$ref").asText();
    return ref.isEmpty() ? field.path("type").asText() : type(document.at(ref.substring(1)));
  }

  /** What is wrong with a body that an operation took or gave; nothing where it fits. */
  public List<String> faults(String pointer, String json) {
    return schemas
        .getSchema(SchemaLocation.of(LOCATION + "#" + pointer))
        .validate(json, InputFormat.JSON)
        .stream()
        .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
        .toList();
  }

  /** Where the schema of an answer stands; nothing where the status is not documented. */
  Optional<String> answerPointer(Operation operation, int status) {
    var response =
        "/paths/%s/%s/responses/%d"
            .formatted(
                operation.path().replace("/", "~1"),
                operation.method().toLowerCase(java.util.Locale.ROOT),
                status);
    var node = document.at(response);
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    return Optional.of(node.has("$ref") ? node.path("$ref").asText().substring(1) : response);
  }

  /** Where the schema of an operation's body stands. */
  public static String bodyPointer(Operation operation) {
    return "/paths/%s/%s/requestBody/content/application~1json/schema"
        .formatted(
            operation.path().replace("/", "~1"),
            operation.method().toLowerCase(java.util.Locale.ROOT));
  }

  boolean hasContent(String answerPointer) {
    return document.at(answerPointer).has("content");
  }

  /** Whether the answer may be a stream of events. */
  boolean hasStream(String answerPointer) {
    return document.at(answerPointer).path("content").has("text/event-stream");
  }
}
