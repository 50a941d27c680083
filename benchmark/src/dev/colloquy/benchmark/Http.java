package dev.colloquy.benchmark;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Plain requests to one server on 127.0.0.1, for setting up: not part of what is measured. Any
 * thread.
 */
final class Http implements Closeable {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;

  Http(int port) {
    base = "http://127.0.0.1:" + port;
  }

  /**
   * The answer to one request.
   *
   * @param header name and value; empty: none
   * @param body JSON; empty: none
   */
  HttpResponse<String> send(String method, String path, String[] header, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(30))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (header.length > 0) {
      request.headers(header);
    }
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** The body of a 2xx answer; any other is an IOException that shows it. */
  String require(String method, String path, String[] header, String body)
      throws IOException, InterruptedException {
    var answer = send(method, path, header, body);
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  /** Sets something at the {@link StubModel}. */
  void put(String path) throws IOException, InterruptedException {
    require("PUT", path, new String[0], "");
  }

  @Override
  public void close() {
    client.close();
  }
}
