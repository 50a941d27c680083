package dev.colloquy.platform.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.json.BadValueException;
import dev.colloquy.platform.json.BrokenText;
import io.vertx.core.VertxException;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * Turns whatever ends a request into the one shape of errors. What is not foreseen here is a bug of
 * ours: it is logged with the request's id, and nothing of it leaves.
 */
final class ErrorMappers {
  private static final int MAX_CAUSES = 10;
  private static final Logger log = Logger.getLogger(ErrorMappers.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  @ServerExceptionMapper
  Response ours(ApiException e) {
    var response = Response.status(e.code().status()).type(MediaType.APPLICATION_JSON_TYPE);
    if (e.code() == ErrorCode.PAYLOAD_TOO_LARGE) {
      // The rest of the body is not read.
      response.header("Connection", "close");
    }
    var wait = e.retryAfter();
    if (wait != null) {
      response.header(HttpHeaders.RETRY_AFTER, Math.max(1, wait.toSeconds()));
    }
    return response.entity(e.body()).build();
  }

  @ServerExceptionMapper
  Response invalid(ConstraintViolationException e) {
    var details =
        e.getConstraintViolations().stream()
            .map(v -> new ErrorResponse.Detail(field(v.getPropertyPath()), v.getMessage()))
            .sorted(Comparator.comparing(ErrorResponse.Detail::field))
            .toList();
    return answer(ErrorCode.BAD_REQUEST, details);
  }

  @ServerExceptionMapper
  Response unreadable(JacksonException e) {
    return find(e, ApiException.class)
        .map(this::ours)
        .orElseGet(() -> answer(ErrorCode.BAD_REQUEST, List.of(detail(e))));
  }

  // The framework has a mapper of its own for this subclass, which would go first.
  @ServerExceptionMapper
  Response mismatched(MismatchedInputException e) {
    return unreadable(e);
  }

  @ServerExceptionMapper
  Response framework(WebApplicationException e, ContainerRequestContext request) {
    var unreadable = find(e, JacksonException.class);
    if (unreadable.isPresent()) {
      return unreadable(unreadable.get());
    }
    var status = e.getResponse().getStatus();
    if (status < 400) {
      return e.getResponse();
    }
    var code = ErrorCode.ofStatus(status);
    return switch (code) {
      case INTERNAL -> bug(e);
      case NOT_FOUND, METHOD_NOT_ALLOWED -> notHere(code, request);
      case UNSUPPORTED_MEDIA_TYPE -> unsupported(request);
      default -> answer(code, List.of());
    };
  }

  /** The framework knows no method of some paths that have one. */
  private static Response notHere(ErrorCode code, ContainerRequestContext request) {
    var allowed = Operations.allowed(request.getUriInfo().getPath());
    return allowed.isEmpty() || allowed.contains(request.getMethod())
        ? answer(code, List.of())
        : Response.fromResponse(answer(ErrorCode.METHOD_NOT_ALLOWED, List.of()))
            .header(HttpHeaders.ALLOW, String.join(", ", allowed))
            .build();
  }

  /** Nothing at all is not of a wrong type. */
  private Response unsupported(ContainerRequestContext request) {
    var length = request.getHeaderString(HttpHeaders.CONTENT_LENGTH);
    if (request.getHeaderString("Transfer-Encoding") == null
        && (length == null || length.equals("0"))) {
      return ours(ApiException.badField("body", "is required"));
    }
    var wanted = Operations.mediaTypes(request.getMethod(), request.getUriInfo().getPath());
    return ours(
        ApiException.of(
            ErrorCode.UNSUPPORTED_MEDIA_TYPE, HttpHeaders.CONTENT_TYPE, "must be " + wanted));
  }

  @ServerExceptionMapper
  Response databaseAway(Database.UnavailableException e) {
    log.errorf(e, "request=%s event=database-unavailable", RequestId.current());
    return ours(new ApiException(ErrorCode.UNAVAILABLE, List.of(), RETRY_AFTER));
  }

  @ServerExceptionMapper
  Response bug(Throwable e) {
    if (e instanceof VertxException || e instanceof IOException) {
      // The caller went away or sent its body too slowly: there is nobody to answer.
      log.debugf(e, "request=%s event=connection-lost", RequestId.current());
      return answer(ErrorCode.BAD_REQUEST, List.of());
    }
    var lost = find(e, SQLException.class).filter(ErrorMappers::isDatabaseLost);
    if (lost.isPresent()) {
      log.warnf(
          "request=%s event=database-lost state=%s", RequestId.current(), lost.get().getSQLState());
      return answer(ErrorCode.UNAVAILABLE, List.of());
    }
    log.errorf("request=%s event=bug %s", RequestId.current(), Trace.of(e));
    return answer(ErrorCode.INTERNAL, List.of());
  }

  /**
   * Whether the database could not be reached or is going down: classes 08, 53 and 57P of
   * PostgreSQL's codes (appendix A of its manual); the pool's own failures have no code.
   */
  private static boolean isDatabaseLost(SQLException e) {
    var state = e.getSQLState();
    return state == null
        || state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57P");
  }

  private static Response answer(ErrorCode code, List<ErrorResponse.Detail> details) {
    return Response.status(code.status())
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(ErrorResponse.of(code, details))
        .build();
  }

  private static <T extends Throwable> Optional<T> find(Throwable e, Class<T> type) {
    return Stream.<@Nullable Throwable>iterate(
            e, Objects::nonNull, t -> t == null ? null : t.getCause())
        .limit(MAX_CAUSES)
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst();
  }

  /** Names the field by its path, and says what was wrong without the library's words. */
  private static ErrorResponse.Detail detail(JacksonException e) {
    // What is wrong with the text itself is wrong with the body, whatever field it was found in.
    // A number out of range is none of it, though it is of that type.
    var broken =
        find(e, StreamReadException.class)
            .filter(text -> !(text instanceof InputCoercionException));
    if (find(e, StreamConstraintsException.class).isPresent()) {
      return new ErrorResponse.Detail("body", "is nested too deeply or has a value too long");
    }
    if (broken.isPresent()) {
      var text = BrokenText.of(broken.get());
      return new ErrorResponse.Detail(text.field(), text.message());
    }
    if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      return new ErrorResponse.Detail(path(mapping), BadValueException.messageOf(e));
    }
    return new ErrorResponse.Detail("body", BadValueException.messageOf(e));
  }

  private static String path(JsonMappingException e) {
    var path = new StringBuilder();
    for (var step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }

  /** The last part of the path: the field's name, without the method it was a parameter of. */
  private static String field(jakarta.validation.Path path) {
    var steps =
        StreamSupport.stream(path.spliterator(), false)
            .filter(step -> step.getKind() != ElementKind.CONTAINER_ELEMENT)
            .map(Object::toString)
            .skip(2)
            .toList();
    return steps.isEmpty() ? "body" : String.join(".", steps);
  }
}
