package dev.colloquy.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.colloquy.apikey.KeyKind;
import dev.colloquy.testing.ApiDocument;
import dev.colloquy.testing.ServerTest;
import io.restassured.RestAssured;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.junit.jupiter.api.Test;

@ServerTest
class OpenApiTest {
  @Test
  void whatIsServedIsDocumentedAndWhatIsDocumentedIsServed() {
    var documented =
        ApiDocument.served().operations().stream()
            .map(ApiDocument.Operation::toString)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(documented).isEqualTo(served(method -> !isHidden(method)));
    assertThat(documented).allMatch(o -> o.contains(" /external/") || o.contains(" /admin/"));
  }

  @Test
  void whatIsForProvidersAndPeopleIsOnThePageAboutChannels() throws IOException {
    var page = Files.readString(java.nio.file.Path.of("docs/subsystems/channels.md"));
    var hidden = served(OpenApiTest::isHidden);
    // Streams, which are documented where the same path answers with JSON.
    hidden.removeAll(served(method -> !isHidden(method)));
    assertThat(hidden).hasSizeGreaterThan(10);
    assertThat(hidden).filteredOn(route -> !page.contains("`" + route + "`")).isEmpty();
  }

  private static Set<String> served(Predicate<Method> wanted) {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.colloquy")
            .stream()
            .filter(type -> type.isAnnotatedWith(Path.class))
            .map(type -> type.reflect())
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .filter(wanted)
            .flatMap(OpenApiTest::routes)
            .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> routes(Method method) {
    var path = method.getAnnotation(Path.class);
    var whole =
        method.getDeclaringClass().getAnnotation(Path.class).value()
            + (path == null ? "" : path.value());
    return Arrays.stream(method.getAnnotations())
        .map(a -> a.annotationType().getAnnotation(HttpMethod.class))
        .filter(java.util.Objects::nonNull)
        .map(a -> a.value() + " " + whole);
  }

  /** What is no part of the API: pages for people, and what providers call. */
  private static boolean isHidden(Method method) {
    var operation = method.getAnnotation(Operation.class);
    return operation != null && operation.hidden();
  }

  @Test
  void everyExampleFitsItsSchema() {
    for (var operation : ApiDocument.served().operations()) {
      if (operation.hasBody()) {
        assertThat(
                ApiDocument.served()
                    .faults(ApiDocument.bodyPointer(operation), operation.example().toString()))
            .as(operation.toString())
            .isEmpty();
      }
    }
  }

  @Test
  void everyOperationSaysWhatItDoesWhatItNeedsAndHowItFails() {
    var headers = Arrays.stream(KeyKind.values()).map(KeyKind::header).toList();
    for (var operation : ApiDocument.served().operations()) {
      var node = operation.node();
      assertThat(node.path("summary").asText()).as(operation.toString()).isNotBlank();
      assertThat(node.path("tags")).as(operation.toString()).hasSize(1);
      assertThat(operation.keyHeader()).as(operation.toString()).isIn(headers);
      assertThat(node.path("responses").has("403")).as(operation.toString()).isTrue();
      assertThat(node.path("responses").has("500")).as(operation.toString()).isTrue();
      assertThat(node.path("responses").has("415"))
          .as(operation.toString())
          .isEqualTo(operation.hasBody());
    }
  }

  @Test
  void theDocumentIsOfVersion31AndNamesThingsWell() {
    var document = ApiDocument.served().json();
    assertThat(document.path("openapi").asText()).startsWith("3.1");
    assertThat(document.at("/info/title").asText()).isEqualTo("Colloquy");
    assertThat(document.at("/info/license/identifier").asText()).isEqualTo("Apache-2.0");
    assertThat(document.path("tags").get(0).path("name").asText()).isEqualTo("Users");
    assertThat(document.path("tags")).allMatch(tag -> tag.has("description"));
    assertThat(document.at("/components/securitySchemes")).hasSize(3);
    assertThat(document.at("/components/schemas/ConversationPage/required").toString())
        .contains("pageSize", "hasNextPage", "data");
    assertThat(document.at("/components/schemas/User/properties/isAnonymized/type").asText())
        .isEqualTo("boolean");
    assertThat(
            document.at("/components/schemas/ConversationState/properties/color/type").toString())
        .isEqualTo("[\"string\",\"null\"]");
    assertThat(document.at("/components/schemas").toString())
        .doesNotContain("JsonNode", "ObjectNode", "\"mostSigBits\"");
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    var document = ApiDocument.served().json();
    assertThat(document.findValuesAsText("$ref"))
        .isNotEmpty()
        .allMatch(ref -> !document.at(ref.substring(1)).isMissingNode());
  }

  @Test
  void thePageToReadAndTryItIsServed() {
    RestAssured.given()
        .get("/external/docs/")
        .then()
        .statusCode(200)
        .header("Cache-Control", "no-cache")
        .body(containsString("swagger-ui"))
        .body(containsString("/external/docs/openapi"));
  }
}
