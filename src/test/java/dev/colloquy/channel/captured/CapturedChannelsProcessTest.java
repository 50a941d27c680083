package dev.colloquy.channel.captured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.colloquy.testing.ServerProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page on a server that somebody just started. */
class CapturedChannelsProcessTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path dir;

  private static HttpResponse<String> get(ServerProcess server, String path) throws Exception {
    URI url = server.url().resolve(path);
    return CLIENT.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
  }

  @Test
  void withNothingConfiguredThePageIsThereAndNamedAndSwitchedOffItIsNot() throws Exception {
    try (var server = ServerProcess.over(dir.resolve("data")).startReady()) {
      assertThat(get(server, "/dev/channels").statusCode()).isEqualTo(200);
      assertThat(get(server, "/dev/channels").body())
          .contains("Nothing was captured yet", "/external/conversations/start")
          .contains("As the demo agent");
      assertThat(get(server, "/dev/channels/assets/htmx.js").statusCode()).isEqualTo(200);
      await()
          .untilAsserted(() ->
              assertThat(server.stdout()).contains(server.url() + "/dev/channels  (captured"));
    }
    try (var server =
        ServerProcess.over(dir.resolve("data")).with("colloquy.dev.channels", "off").startReady()) {
      var unknown = get(server, "/nothing/is/here");
      for (var path :
          java.util.List.of(
              "/dev/channels", "/dev/channels/list", "/dev/channels/assets/style.css")) {
        assertThat(get(server, path).statusCode()).isEqualTo(404);
        assertThat(get(server, path).body()).isEqualTo(unknown.body());
        assertThat(get(server, path).headers().map().keySet())
            .isEqualTo(unknown.headers().map().keySet());
      }
      await().untilAsserted(() -> assertThat(server.stdout()).contains("Colloquy is ready"));
      assertThat(server.stdout()).doesNotContain("/dev/channels");
    }
  }
}
