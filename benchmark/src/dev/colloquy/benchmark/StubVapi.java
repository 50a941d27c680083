package dev.colloquy.benchmark;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Vapi's {@code POST /call}: takes calls, and says where their model is. Any thread. */
final class StubVapi implements Closeable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern NUMBER = Pattern.compile("\"customer\":\\{\"number\":\"([^\"]+)\"");
  private static final Pattern MODEL =
      Pattern.compile("\"model\":\\{[^}]*\"url\":\"(http[^\"]+)\"");

  private final Map<String, CompletableFuture<URI>> calls = new ConcurrentHashMap<>();
  private final StubHttp api = new StubHttp(this::take);

  StubVapi() throws IOException {}

  String baseUrl() {
    return api.baseUrl();
  }

  private Optional<String> take(String path, String body) {
    var number = NUMBER.matcher(body);
    var model = MODEL.matcher(body);
    if (!path.equals("/call") || !number.find() || !model.find()) {
      return Optional.empty();
    }
    call(number.group(1)).complete(URI.create(model.group(1)));
    return Optional.of("{\"id\":\"%s\",\"status\":\"queued\"}".formatted(UUID.randomUUID()));
  }

  /** Where replies are asked for in the call to this number, once it is made. */
  URI model(String number) throws IOException, InterruptedException {
    try {
      return call(number).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("no call to " + number + " within " + PATIENCE, e);
    }
  }

  private CompletableFuture<URI> call(String number) {
    return calls.computeIfAbsent(number, _ -> new CompletableFuture<>());
  }

  @Override
  public void close() throws IOException {
    api.close();
  }
}
