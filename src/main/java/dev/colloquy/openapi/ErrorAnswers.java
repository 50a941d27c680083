package dev.colloquy.openapi;

import dev.colloquy.platform.http.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/** The errors of each operation, by what it takes: a key, a body, parameters, an id. */
final class ErrorAnswers {
  private static final List<ErrorCode> SENDING = List.of(ErrorCode.CONFLICT, ErrorCode.OVERLOADED);
  private static final List<ErrorCode> REPLYING =
      List.of(ErrorCode.MODEL_FAILED, ErrorCode.REPLY_TIMED_OUT);

  /** Beyond what follows from an operation's form. */
  private static final Map<String, List<ErrorCode>> MORE =
      Map.of(
          "searchUser", List.of(ErrorCode.NOT_FOUND),
          "cancelTurn", List.of(ErrorCode.CONFLICT),
          "startConversation", List.of(ErrorCode.CONFLICT),
          "sendMessageAsync", SENDING,
          "sendMessage", concat(SENDING, REPLYING));

  private final OpenAPI document;

  ErrorAnswers(OpenAPI document) {
    this.document = document;
  }

  private static List<ErrorCode> concat(List<ErrorCode> a, List<ErrorCode> b) {
    var all = new ArrayList<>(a);
    all.addAll(b);
    return List.copyOf(all);
  }

  /** Describes each error once. */
  void addTo(Components components) {
    for (var code : ErrorCode.values()) {
      components.addResponse(code.name(), answer(code));
    }
  }

  void addTo(String path, Routes.Route route, Operation operation, boolean writes) {
    var codes = new ArrayList<ErrorCode>();
    var hasBody = operation.getRequestBody() != null;
    if (hasBody || writes || hasQuery(operation)) {
      codes.add(ErrorCode.BAD_REQUEST);
    }
    if (route.key().isPresent()) {
      codes.add(ErrorCode.FORBIDDEN);
    }
    if (path.contains("{") || namesAnother(operation)) {
      codes.add(ErrorCode.NOT_FOUND);
    }
    if (hasBody) {
      codes.add(ErrorCode.PAYLOAD_TOO_LARGE);
      codes.add(ErrorCode.UNSUPPORTED_MEDIA_TYPE);
    }
    if (writes) {
      codes.add(ErrorCode.CONFLICT);
      codes.add(ErrorCode.IDEMPOTENCY_KEY_REUSED);
    }
    codes.addAll(MORE.getOrDefault(route.operationId(), List.of()));
    codes.add(ErrorCode.INTERNAL);
    codes.add(ErrorCode.UNAVAILABLE);
    for (var code : codes) {
      operation
          .getResponses()
          .addAPIResponse(
              String.valueOf(code.status()), OASFactory.createAPIResponse().ref(code.name()));
    }
  }

  private static boolean hasQuery(Operation operation) {
    return operation.getParameters() != null
        && operation.getParameters().stream().anyMatch(p -> p.getIn() == Parameter.In.QUERY);
  }

  /** Whether the body can hold the id of something of ours; ids that begin with fk are not ours. */
  private boolean namesAnother(Operation operation) {
    var body = operation.getRequestBody();
    if (body == null) {
      return false;
    }
    var ref = body.getContent().getMediaType("application/json").getSchema().getRef();
    var name = Objects.requireNonNull(ref).substring(ref.lastIndexOf('/') + 1);
    var schema = Objects.requireNonNull(document.getComponents().getSchemas().get(name));
    return schema.getProperties().keySet().stream()
        .anyMatch(property -> property.endsWith("Id") && !property.startsWith("fk"));
  }

  private static APIResponse answer(ErrorCode code) {
    var content = OASFactory.createContent().addMediaType("application/json", example(code));
    var answer = OASFactory.createAPIResponse().description(describe(code)).content(content);
    if (code == ErrorCode.OVERLOADED || code == ErrorCode.CONFLICT) {
      answer.addHeader(
          "Retry-After",
          OASFactory.createHeader()
              .description("Seconds to wait before trying again.")
              .schema(OASFactory.createSchema().type(List.of(SchemaType.INTEGER))));
    }
    return answer;
  }

  private static MediaType example(ErrorCode code) {
    var example = new LinkedHashMap<String, Object>();
    example.put("status", code.status());
    if (code == ErrorCode.INTERNAL) {
      example.put("message", code.message());
    } else {
      example.put("name", code.publicName());
      example.put("message", code.message());
      example.put("details", details(code));
    }
    return OASFactory.createMediaType()
        .schema(OASFactory.createSchema().ref("Error"))
        .example(example);
  }

  private static List<Map<String, String>> details(ErrorCode code) {
    return code == ErrorCode.BAD_REQUEST
        ? List.of(Map.of("field", "title", "message", "must have a length from 0 to 255"))
        : List.of();
  }

  private static String describe(ErrorCode code) {
    return switch (code) {
      case BAD_REQUEST -> "A field or parameter is wrong; the details name it.";
      case FORBIDDEN -> "No key, an unknown, expired or revoked one, or one of another kind.";
      case NOT_FOUND -> "There is no such thing, or it is not the caller's.";
      case INTERNAL -> "A fault of the server's; its log has more under the X-Request-Id.";
      case METHOD_NOT_ALLOWED -> "The path does not take this method.";
      case NOT_ACCEPTABLE -> "The caller wants something other than JSON.";
      case CONFLICT ->
          "What is asked for does not go with how things stand; or a request with this"
              + " Idempotency-Key is still running, or was made with another API key and answered"
              + " with a secret. The details say.";
      case REQUEST_STILL_RUNNING -> "A request with this Idempotency-Key is still running.";
      case ANSWER_IS_SEALED -> "The answer holds a secret, and is for the API key that asked.";
      case PAYLOAD_TOO_LARGE -> "The body is larger than the server takes, 4 MB by default.";
      case URI_TOO_LONG -> "The URI is too long.";
      case HEADERS_TOO_LARGE -> "The headers are too long.";
      case UNSUPPORTED_MEDIA_TYPE -> "The body is not said to be application/json.";
      case UNPROCESSABLE -> "The request can be read but not done.";
      case IDEMPOTENCY_KEY_REUSED -> "The Idempotency-Key came with another body or query before.";
      case OVERLOADED -> "Too many turns are in flight; nothing is stored.";
      case TOO_MANY_STREAMS -> "The node has all the event streams that it may have.";
      case MODEL_FAILED -> "The model gave no reply; the message is stored.";
      case MODEL_NOT_CONFIGURED -> "The agent's model is not set up here; the message is stored.";
      case UNAVAILABLE ->
          "The server has lost its database or is stopping, or the agent's model is not set up.";
      case REPLY_TIMED_OUT -> "The reply is still being made and will be there later.";
    };
  }
}
