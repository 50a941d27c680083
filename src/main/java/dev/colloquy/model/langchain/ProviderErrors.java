package dev.colloquy.model.langchain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.colloquy.model.ModelException;
import dev.colloquy.model.ModelException.Reason;
import dev.colloquy.model.ModelName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns providers' refusals into ours. Of the body only an error code is kept, since the text may
 * repeat what a user said.
 *
 * <p>Codes are read as the providers document them: OpenAI {@code error.code} and {@code
 * error.type}, Anthropic {@code error.type}, Gemini {@code error.details[].reason} and {@code
 * error.status}; Ollama has text only.
 */
final class ProviderErrors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern CODE = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");

  /** Gemini answers a wrong key with 400 and this. */
  private static final String BAD_KEY = "API_KEY_INVALID";

  private static final Set<String> REFUSALS =
      Set.of("invalid_request_error", "request_too_large", "INVALID_ARGUMENT", "billing_error");
  private static final Set<String> KEY_REFUSALS =
      Set.of("authentication_error", "permission_error", "UNAUTHENTICATED", "PERMISSION_DENIED");

  private ProviderErrors() {}

  /** The failure that a status other than 2xx stands for. */
  static ModelException ofStatus(
      ModelName model, int status, @Nullable String retryAfter, byte[] body) {
    var code = code(new String(body, StandardCharsets.UTF_8));
    var detail = code == null ? "" : " " + code;
    return switch (status) {
      case 401, 403 -> keyRefused(model, status + detail);
      case 404 ->
          new ModelException(
              Reason.NOT_CONFIGURED,
              model + ": the provider has no such model, or another base URL (404" + detail + ")");
      case 408, 409, 425, 429 -> busy(model, status + detail, retryAfter);
      default -> {
        if (BAD_KEY.equals(code)) {
          yield keyRefused(model, status + detail);
        }
        yield status >= 500
            ? busy(model, status + detail, retryAfter)
            : new ModelException(
                Reason.REJECTED, model + ": the provider refused (" + status + detail + ")");
      }
    };
  }

  /** The failure that an error event in the middle of a stream stands for. */
  static ModelException inStream(ModelName model, String data) {
    var code = code(data);
    if (code != null && KEY_REFUSALS.contains(code)) {
      return keyRefused(model, code);
    }
    var reason = code != null && REFUSALS.contains(code) ? Reason.REJECTED : Reason.RETRYABLE;
    return new ModelException(
        reason,
        model + ": the provider ended the reply with an error" + (code == null ? "" : ", " + code));
  }

  private static ModelException keyRefused(ModelName model, String detail) {
    return new ModelException(
        Reason.NOT_CONFIGURED, model + ": the provider refused the key (" + detail + ")");
  }

  private static ModelException busy(ModelName model, String detail, @Nullable String retryAfter) {
    return new ModelException(
        Reason.RETRYABLE,
        model + ": the provider is busy or failing (" + detail + ")",
        retryAfter == null ? null : duration(retryAfter, Instant.now()),
        null);
  }

  /** Reads {@code Retry-After}, seconds or a date (RFC 9110, section 10.2.3); null when neither. */
  static @Nullable Duration duration(String retryAfter, Instant now) {
    var text = retryAfter.strip();
    if (text.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      var date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static @Nullable String code(String body) {
    JsonNode error;
    try {
      var root = JSON.readTree(body);
      // Gemini's endpoints may wrap the error into an array.
      error = (root.isArray() ? root.path(0) : root).path("error");
    } catch (JsonProcessingException e) {
      return null;
    }
    for (var detail : error.path("details")) {
      var reason = safe(detail.path("reason"));
      if (reason != null) {
        return reason;
      }
    }
    for (var field : new String[] {"code", "type", "status"}) {
      var found = safe(error.path(field));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable String safe(JsonNode node) {
    return node.isTextual() && CODE.matcher(node.textValue()).matches() ? node.textValue() : null;
  }
}
