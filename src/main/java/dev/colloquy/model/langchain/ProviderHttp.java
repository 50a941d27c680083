package dev.colloquy.model.langchain;

import dev.colloquy.model.ModelException;
import dev.colloquy.model.ModelException.Reason;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.DefaultServerSentEventParsingHandle;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/**
 * The one HTTP client of all providers, under LangChain4j's interface.
 *
 * <p>Unlike LangChain4j's own adapter it does the whole call on the calling (virtual) thread:
 * nothing is handed over between threads, an interrupt or the time limit closes the connection, and
 * failures keep their status and headers. HTTP/1.1 only, so that a call is a connection: closing it
 * stops the provider, and one that breaks takes no other call with it. Redirects are not followed,
 * for they would carry the key elsewhere.
 */
@Singleton
final class ProviderHttp {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final int MAX_ERROR_BYTES = 64 << 10;
  private static final SuccessfulHttpResponse OPENED =
      SuccessfulHttpResponse.builder().statusCode(200).headers(Map.of()).build();

  private final java.net.http.HttpClient client =
      java.net.http.HttpClient.newBuilder()
          .version(java.net.http.HttpClient.Version.HTTP_1_1)
          .followRedirects(java.net.http.HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT_LIMIT)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  /** What to give to LangChain4j's model builders. */
  HttpClientBuilder as(Framing framing) {
    return new Builder(new Client(framing));
  }

  @PreDestroy
  void close() {
    client.shutdownNow();
  }

  private void call(Framing framing, HttpRequest request, ServerSentEventListener listener) {
    var attempt = Attempt.CURRENT.get();
    try {
      var response = client.send(toJdk(request, attempt), BodyHandlers.ofInputStream());
      try (var body = response.body()) {
        var timer =
            ForkJoinPool.commonPool()
                .schedule(() -> attempt.expire(body), attempt.nanosLeft(), TimeUnit.NANOSECONDS);
        try {
          read(framing, response, listener, attempt);
        } finally {
          timer.cancel(false);
        }
      }
    } catch (InterruptedException e) {
      throw CallFailure.interrupted(e);
    } catch (IOException e) {
      throw failure(attempt, e);
    }
  }

  private static void read(
      Framing framing,
      HttpResponse<InputStream> response,
      ServerSentEventListener listener,
      Attempt attempt)
      throws IOException {
    var body = response.body();
    if (response.statusCode() / 100 != 2) {
      var retryAfter = response.headers().firstValue("retry-after").orElse(null);
      throw CallFailure.of(
          ProviderErrors.ofStatus(
              attempt.model(),
              response.statusCode(),
              retryAfter,
              body.readNBytes(MAX_ERROR_BYTES)));
    }
    listener.onOpen(OPENED);
    var context = new ServerSentEventContext(new DefaultServerSentEventParsingHandle(body));
    try {
      new EventReader(framing, attempt, listener, context).readAll(body);
    } catch (IOException e) {
      // After the closing event a break is no loss.
      if (!attempt.doneSeen() || Thread.currentThread().isInterrupted()) {
        throw e;
      }
    }
    listener.onClose();
  }

  private static CallFailure failure(Attempt attempt, IOException e) {
    // The JDK's client turns an interrupt while reading into an IOException and keeps the flag.
    if (Thread.interrupted()) {
      var interrupt = new InterruptedException("interrupted while reading a reply");
      interrupt.initCause(e);
      return CallFailure.interrupted(interrupt);
    }
    // The exception's type does not tell: a connection that takes too long may end as either.
    if (attempt.expired() || (e instanceof HttpTimeoutException && attempt.nanosLeft() <= 0)) {
      return CallFailure.of(
          Reason.TIMED_OUT, attempt.model() + ": no whole reply within the time limit");
    }
    return CallFailure.of(
        new ModelException(
            Reason.RETRYABLE,
            attempt.model() + ": the connection failed (" + e.getClass().getSimpleName() + ")",
            null,
            e));
  }

  private static java.net.http.HttpRequest toJdk(HttpRequest request, Attempt attempt) {
    var left = Math.max(1, attempt.nanosLeft());
    var builder =
        java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
            .timeout(Duration.ofNanos(left))
            .method(request.method().name(), BodyPublishers.ofString(request.body()));
    request.headers().forEach((name, values) -> values.forEach(v -> builder.header(name, v)));
    return builder.build();
  }

  private final class Client implements HttpClient {
    private final Framing framing;

    Client(Framing framing) {
      this.framing = framing;
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
      throw new UnsupportedOperationException("replies are streamed");
    }

    @Override
    public void execute(
        HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
      call(framing, request, listener);
    }
  }

  /** Gives the client that exists; the limits of a call are its attempt's. */
  private static final class Builder implements HttpClientBuilder {
    private final HttpClient client;

    Builder(HttpClient client) {
      this.client = client;
    }

    @Override
    public Duration connectTimeout() {
      return CONNECT_LIMIT;
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration timeout) {
      return this;
    }

    @Override
    public Duration readTimeout() {
      return CONNECT_LIMIT;
    }

    @Override
    public HttpClientBuilder readTimeout(Duration timeout) {
      return this;
    }

    @Override
    public HttpClient build() {
      return client;
    }
  }
}
