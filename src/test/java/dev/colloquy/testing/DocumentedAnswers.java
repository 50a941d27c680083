package dev.colloquy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import java.util.Set;

/**
 * Holds every answer that a test gets against the document that the server serves: status, shape
 * and headers. An answer that is not documented so fails the test that got it.
 */
final class DocumentedAnswers implements Filter {
  // Made by the HTTP layer for any request; the document says so in its description.
  private static final Set<Integer> ANYWHERE = Set.of(405, 406);
  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

  @Override
  public Response filter(
      FilterableRequestSpecification request,
      FilterableResponseSpecification expected,
      FilterContext context) {
    var response = context.next(request, expected);
    if (METHODS.contains(request.getMethod())) {
      check(request.getMethod(), path(request.getURI()), response);
    }
    return response;
  }

  private static String path(String uri) {
    return uri.replaceFirst("^https?://[^/]*", "").replaceFirst("[?].*$", "");
  }

  private static void check(String method, String path, Response response) {
    var what = "%s %s: %d %s".formatted(method, path, response.statusCode(), cut(response));
    assertThat(response.header("X-Request-Id")).as(what).isNotBlank();
    var operation = ApiDocument.served().find(method, path);
    if (operation.isEmpty()) {
      if (path.startsWith("/external/") || path.startsWith("/admin/")) {
        assertThat(response.statusCode()).as(what).isIn(400, 404, 405, 413);
      }
      return;
    }
    if (ANYWHERE.contains(response.statusCode())) {
      return;
    }
    var pointer = ApiDocument.served().answerPointer(operation.get(), response.statusCode());
    assertThat(pointer).as("documented: " + what).isPresent();
    if (!ApiDocument.served().hasContent(pointer.get())) {
      assertThat(response.asByteArray()).as(what).isEmpty();
      return;
    }
    if (response.contentType().startsWith("text/event-stream")) {
      assertThat(ApiDocument.served().hasStream(pointer.get())).as("documented: " + what).isTrue();
      return;
    }
    assertThat(response.contentType()).as(what).startsWith("application/json");
    assertThat(
            ApiDocument.served()
                .faults(pointer.get() + "/content/application~1json/schema", response.asString()))
        .as(what)
        .isEmpty();
  }

  private static String cut(Response response) {
    var text = response.asString();
    return text.length() > 500 ? text.substring(0, 500) + "…" : text;
  }
}
