package dev.colloquy.channel.sms;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.colloquy.channel.Form;
import dev.colloquy.channel.SendResult;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Twilio's Messages resource, {@code POST /2010-04-01/Accounts/{sid}/Messages.json}. It has no key
 * by which a repeat would be known. Errors have a JSON body with a number in {@code code} (Twilio's
 * error and warning dictionary). Redirects are not followed: the token would go along. Safe for
 * many threads.
 */
final class TwilioMessages {
  /** The error that says that the recipient answered STOP to this number. */
  static final String UNSUBSCRIBED = "twilio_21610";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MAX_ANSWER = 64 * 1024;
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);
  private static final Pattern SID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int AUTHENTICATION_FAILED = 20003;
  // Too many requests, SMS send rate exceeded, queue overflow.
  private static final Set<Integer> LATER = Set.of(20429, 14107, 30001);

  private final HttpClient client;
  private final Duration timeout;

  /**
   * @param timeout for an answer; of it, at most a third is for the connection, so that one that
   *     was never made is told from an answer that did not come
   */
  TwilioMessages(Duration timeout) {
    this.timeout = timeout;
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout.dividedBy(3))
            .build();
  }

  /** Where an account is, and how it logs in. */
  record Login(String baseUrl, String sid, String token) {
    String header() {
      var text = (sid + ":" + token).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(text);
    }

    /** Without the token. */
    @Override
    public String toString() {
      return "Login[baseUrl=%s, sid=%s]".formatted(baseUrl, sid);
    }
  }

  /** Creates a message; nothing of the gateway's own words is in the result. */
  SendResult create(Login login, Map<String, String> fields) throws InterruptedException {
    HttpRequest request;
    try {
      request = request(login, fields);
    } catch (IllegalArgumentException e) {
      return new SendResult.Retryable("twilio_bad_base_url", null);
    }
    // The whole answer is in it: a request's own timeout ends with the headers.
    var answer =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER));
    try {
      return result(answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return new SendResult.Ambiguous("twilio_no_answer");
    } catch (ExecutionException e) {
      return failure(e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private static HttpRequest request(Login login, Map<String, String> fields) {
    var url =
        "%s/2010-04-01/Accounts/%s/Messages.json"
            .formatted(login.baseUrl().replaceAll("/+$", ""), login.sid());
    return HttpRequest.newBuilder(URI.create(url))
        .header("Authorization", login.header())
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(Form.write(fields)))
        .build();
  }

  /** No connection was made, so nothing was sent; else nobody knows what the gateway has. */
  private static SendResult failure(@Nullable Throwable cause) {
    if (cause instanceof ConnectException
        || cause instanceof HttpConnectTimeoutException
        || cause instanceof UnknownHostException) {
      return new SendResult.Retryable("twilio_unreachable", null);
    }
    if (cause instanceof SSLHandshakeException) {
      return new SendResult.Retryable("twilio_tls", null);
    }
    return new SendResult.Ambiguous("twilio_connection_lost");
  }

  private static SendResult result(HttpResponse<byte[]> answer) {
    var status = answer.statusCode();
    var body = json(answer.body());
    var code = body.path("code").isInt() ? body.path("code").intValue() : 0;
    var reason = code > 0 ? "twilio_" + code : "twilio_http_" + status;
    if (status / 100 == 2) {
      var sid = body.path("sid").asText("");
      return SID.matcher(sid).matches()
          ? new SendResult.Accepted(sid)
          : new SendResult.Ambiguous("twilio_bad_answer");
    }
    if (status == 401 || status == 403 || code == AUTHENTICATION_FAILED) {
      // Somebody has to look at the account; what waits is sent then.
      return new SendResult.Retryable("twilio_auth", null);
    }
    if (status == 429 || LATER.contains(code) || (status == 503 && code > 0)) {
      return new SendResult.Retryable(status == 429 ? "twilio_rate" : reason, retryAfter(answer));
    }
    return switch (status / 100) {
      case 3 -> new SendResult.Retryable("twilio_redirected", null);
      case 4 ->
          status == 408 ? new SendResult.Retryable(reason, null) : new SendResult.Rejected(reason);
      default -> new SendResult.Ambiguous(reason);
    };
  }

  private static JsonNode json(byte[] body) {
    try {
      var tree = JSON.readTree(body);
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  /** Seconds of Retry-After (RFC 9110, section 10.2.3); its form as a date is not used here. */
  private static @Nullable Duration retryAfter(HttpResponse<byte[]> answer) {
    return answer
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("[0-9]{1,6}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait)
        .orElse(null);
  }
}
