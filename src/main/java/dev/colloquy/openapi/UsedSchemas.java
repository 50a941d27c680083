package dev.colloquy.openapi;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.jspecify.annotations.Nullable;

/** Finds the schemas that operations and shared answers lead to, and drops all others. */
final class UsedSchemas {
  private final OpenAPI document;
  private final Set<String> used = new HashSet<>();

  private UsedSchemas(OpenAPI document) {
    this.document = document;
  }

  static void keep(OpenAPI document) {
    var schemas = new UsedSchemas(document);
    document.getPaths().getPathItems().values().stream()
        .flatMap(item -> item.getOperations().values().stream())
        .forEach(schemas::visit);
    document
        .getComponents()
        .getResponses()
        .values()
        .forEach(response -> schemas.visit(response.getContent()));
    for (var name : List.copyOf(document.getComponents().getSchemas().keySet())) {
      if (!schemas.used.contains(name)) {
        document.getComponents().removeSchema(name);
      }
    }
  }

  private void visit(Operation operation) {
    if (operation.getRequestBody() != null) {
      visit(operation.getRequestBody().getContent());
    }
    operation
        .getResponses()
        .getAPIResponses()
        .values()
        .forEach(response -> visit(response.getContent()));
    if (operation.getParameters() != null) {
      operation.getParameters().forEach(parameter -> visit(parameter.getSchema()));
    }
  }

  private void visit(@Nullable Content content) {
    if (content != null) {
      content.getMediaTypes().values().forEach(type -> visit(type.getSchema()));
    }
  }

  private void visit(@Nullable Schema schema) {
    if (schema == null) {
      return;
    }
    var ref = schema.getRef();
    if (ref != null) {
      var name = ref.substring(ref.lastIndexOf('/') + 1);
      if (used.add(name)) {
        visit(document.getComponents().getSchemas().get(name));
      }
    }
    visit(schema.getItems());
    visit(schema.getAdditionalPropertiesSchema());
    if (schema.getProperties() != null) {
      schema.getProperties().values().forEach(this::visit);
    }
    Stream.of(schema.getAllOf(), schema.getAnyOf(), schema.getOneOf())
        .filter(Objects::nonNull)
        .flatMap(List::stream)
        .forEach(this::visit);
  }
}
