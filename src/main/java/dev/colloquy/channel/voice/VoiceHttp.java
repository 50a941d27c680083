package dev.colloquy.channel.voice;

import dev.colloquy.channel.SendResult;
import dev.colloquy.skill.VoiceConfig;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks a provider for a call, once. HTTP/1.1, so that a connection that breaks is one request;
 * redirects are not followed, for they would carry the key elsewhere. Safe for many threads.
 */
@Singleton
final class VoiceHttp {
  private static final int MAX_ANSWER = 1 << 20;
  private static final int MAX_RETRY_AFTER = 3_600;

  private final VoiceConfig config;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(10))
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  VoiceHttp(VoiceConfig config) {
    this.config = config;
  }

  @PreDestroy
  void close() {
    client.shutdownNow();
  }

  /**
   * Sends the request.
   *
   * @param provider begins the reasons, for example {@code vapi}
   * @param id reads the call's id from an answer
   */
  SendResult send(
      String provider, HttpRequest.Builder request, Function<String, Optional<String>> id)
      throws InterruptedException {
    try {
      var answer =
          client.send(request.timeout(config.timeout()).build(), BodyHandlers.ofInputStream());
      try (var body = answer.body()) {
        var status = answer.statusCode();
        if (status / 100 == 2) {
          var text = new String(body.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8);
          return id.apply(text)
              .<SendResult>map(SendResult.Accepted::new)
              .orElseGet(() -> new SendResult.Ambiguous(provider + "_answer_without_id"));
        }
        var reason = provider + "_" + status;
        if (status == 429 || status == 503) {
          return new SendResult.Retryable(
              reason, retryAfter(answer.headers().firstValue("Retry-After").orElse(null)));
        }
        return status / 100 == 4
            ? new SendResult.Rejected(reason)
            : new SendResult.Ambiguous(reason);
      }
    } catch (ConnectException | HttpConnectTimeoutException | UnresolvedAddressException e) {
      return new SendResult.Retryable(provider + "_unreachable", null);
    } catch (IOException e) {
      return new SendResult.Ambiguous(provider + "_no_answer");
    }
  }

  /** Seconds (RFC 9110, section 10.2.3); a date is not worth the trouble. */
  private static @Nullable Duration retryAfter(@Nullable String header) {
    if (header == null || !header.strip().matches("[0-9]{1,9}")) {
      return null;
    }
    return Duration.ofSeconds(Math.min(MAX_RETRY_AFTER, Integer.parseInt(header.strip())));
  }
}
