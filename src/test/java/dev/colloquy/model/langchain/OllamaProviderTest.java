package dev.colloquy.model.langchain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.colloquy.model.ModelConfig;
import dev.colloquy.model.ModelConfigs;
import dev.colloquy.model.ModelProvider;
import dev.colloquy.testing.ModelProtocol;
import dev.colloquy.testing.StubModelServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OllamaProviderTest extends ModelContract {
  @Override
  ModelProtocol protocol() {
    return ModelProtocol.OLLAMA;
  }

  @Override
  ModelProvider provider(ModelConfig config, ProviderHttp http) {
    return new OllamaProvider(config, http);
  }

  @Override
  List<String> said(JsonNode body) {
    var said = new ArrayList<String>();
    body.path("messages")
        .forEach(m -> said.add(m.path("role").asText() + ": " + m.path("content").asText()));
    return said;
  }

  @Override
  String sentKey(StubModelServer.Request request) {
    return request.header("Authorization");
  }

  @Override
  JsonNode temperature(JsonNode body) {
    return body.at("/options/temperature");
  }

  @Override
  JsonNode topP(JsonNode body) {
    return body.at("/options/top_p");
  }

  @Test
  void itNeedsNoKeyAndItsWindowHoldsTheBudgetAndTheReply() throws Exception {
    var url = server.baseUrl(ModelProtocol.OLLAMA);
    var config = ModelConfigs.of("ollama.base-url", url, "ollama.context-tokens", "4000");
    var request =
        with(request(), "", null, null, "none", "{\"type\":\"object\"}", Duration.ofSeconds(10));

    provider(config, http).reply(request, piece -> {});

    var sent = server.requests().getFirst();
    assertThat(sent.header("Authorization")).isEmpty();
    assertThat(sent.body().at("/options/num_ctx").asInt()).isEqualTo(6048);
    assertThat(sent.body().path("think").asBoolean(true)).isFalse();
    assertThat(sent.body().at("/format/type").asText()).isEqualTo("object");
  }
}
