package dev.colloquy.openapi;

import static org.eclipse.microprofile.openapi.OASFactory.createSecurityRequirement;
import static org.eclipse.microprofile.openapi.OASFactory.createSecurityScheme;
import static org.eclipse.microprofile.openapi.OASFactory.createTag;

import dev.colloquy.apikey.KeyKind;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;
import org.eclipse.microprofile.openapi.models.tags.Tag;
import org.jboss.jandex.IndexView;

/**
 * Completes the document while the server is built: keys, statuses and errors are read from the
 * resources' own annotations, so that no resource repeats them.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class DocumentFilter implements OASFilter {
  private static final List<Tag> TAGS =
      List.of(
          tag("Users", "The people whom agents serve; the organization's agents share them."),
          tag("Conversations", "What an agent and a user say to each other, over any channel."),
          tag("Messages", "What is said, and the agent's replies."),
          tag("Events", "Everything that happens in conversations, as feeds."),
          tag("Feedback", "What users thought of messages."),
          tag("Agents", "Who answers: an agent's instructions, model and settings."),
          tag("Administration", "For whoever runs the installation."));

  /** Operations that answer with a stream of events where that is asked for. */
  private static final Set<String> STREAMED =
      Set.of("sendMessage", "listConversationEvents", "listEvents");

  private final Routes routes;

  /** The builder calls this with what it knows of the server's classes. */
  public DocumentFilter(IndexView index) {
    routes = new Routes(index);
  }

  private static Tag tag(String name, String description) {
    return createTag().name(name).description(description);
  }

  /** A free object needs no name of its own, least of all a library's. */
  @Override
  public Schema filterSchema(Schema schema) {
    var ref = schema.getRef();
    if (ref != null && ref.endsWith("ObjectNode")) {
      schema.setRef(null);
      schema.setType(List.of(SchemaType.OBJECT));
    }
    return schema;
  }

  @Override
  public void filterOpenAPI(OpenAPI document) {
    document.setTags(TAGS);
    for (var kind : KeyKind.values()) {
      document.getComponents().addSecurityScheme(kind.header(), scheme(kind));
    }
    renamePages(document);
    for (var path : document.getPaths().getPathItems().entrySet()) {
      path.getValue()
          .getOperations()
          .forEach((method, operation) -> complete(document, path.getKey(), method, operation));
    }
    new ErrorAnswers(document).addTo(document.getComponents());
    Repeats.addTo(document.getComponents());
    UsedSchemas.keep(document);
  }

  private static SecurityScheme scheme(KeyKind kind) {
    var whose =
        switch (kind) {
          case AGENT -> "An agent's key: acts as that one agent.";
          case ORGANIZATION -> "An organization's key: manages its agents.";
          case SUPER_ADMIN -> "A super admin's key: runs the installation.";
        };
    return createSecurityScheme()
        .type(SecurityScheme.Type.APIKEY)
        .in(SecurityScheme.In.HEADER)
        .name(kind.header())
        .description(whose);
  }

  private void complete(
      OpenAPI document, String path, PathItem.HttpMethod method, Operation operation) {
    var route = routes.require(Objects.requireNonNull(operation.getOperationId()));
    route
        .key()
        .ifPresent(kind ->
            operation.setSecurity(List.of(createSecurityRequirement().addScheme(kind.header()))));
    var responses = operation.getResponses();
    var success = responses.getAPIResponses().values().iterator().next();
    responses.setAPIResponses(
        new LinkedHashMap<>(Map.of(String.valueOf(route.status()), described(success, method))));
    parameters(operation).forEach(DocumentFilter::completePath);
    var body = operation.getRequestBody();
    if (body != null) {
      body.required(true)
          .getContent()
          .getMediaType("application/json")
          .setExample(Examples.of(route.operationId()));
    }
    if (STREAMED.contains(route.operationId())) {
      addStream(operation);
    }
    var writes = Repeats.isWrite(method);
    if (writes) {
      Repeats.addTo(operation, success);
    }
    new ErrorAnswers(document).addTo(path, route, operation, writes);
  }

  /** The other answer, for those who accept nothing else. */
  private static void addStream(Operation operation) {
    var responses = operation.getResponses();
    if (!responses.hasAPIResponse("200")) {
      responses.addAPIResponse(
          "200",
          OASFactory.createAPIResponse()
              .description("With Accept: text/event-stream.")
              .content(OASFactory.createContent()));
    }
    Objects.requireNonNull(responses.getAPIResponse("200").getContent())
        .addMediaType(
            "text/event-stream",
            OASFactory.createMediaType()
                .schema(OASFactory.createSchema().type(List.of(SchemaType.STRING))));
  }

  private static APIResponse described(APIResponse success, PathItem.HttpMethod method) {
    return success.description(
        switch (method) {
          case POST -> "Done.";
          case PUT, PATCH -> "As it is now.";
          case DELETE -> "Gone.";
          default -> "As it is.";
        });
  }

  private static List<Parameter> parameters(Operation operation) {
    return Objects.requireNonNullElse(operation.getParameters(), List.of());
  }

  // Its type is one of our records, which is a UUID in the path.
  private static void completePath(Parameter parameter) {
    if (parameter.getIn() == Parameter.In.PATH) {
      parameter.setSchema(
          OASFactory.createSchema().type(List.of(SchemaType.STRING)).format("uuid"));
      if (parameter.getDescription() == null) {
        parameter.setDescription("Any other text is answered with 404.");
      }
    }
  }

  /** PageConversationResponse becomes ConversationPage. */
  private static void renamePages(OpenAPI document) {
    var schemas = document.getComponents().getSchemas();
    for (var name : List.copyOf(schemas.keySet())) {
      if (name.startsWith("Page") && name.endsWith("Response")) {
        var better = name.substring("Page".length(), name.length() - "Response".length()) + "Page";
        Schema page = schemas.get(name);
        document.getComponents().removeSchema(name);
        document.getComponents().addSchema(better, page);
        var old = "#/components/schemas/" + name;
        document.getPaths().getPathItems().values().stream()
            .flatMap(item -> item.getOperations().values().stream())
            .flatMap(operation -> operation.getResponses().getAPIResponses().values().stream())
            .filter(response -> response.getContent() != null)
            .flatMap(response -> response.getContent().getMediaTypes().values().stream())
            .map(type -> type.getSchema())
            .filter(schema -> schema != null && old.equals(schema.getRef()))
            .forEach(schema -> schema.setRef(better));
      }
    }
  }
}
