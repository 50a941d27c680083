package dev.colloquy.model.langchain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.colloquy.model.ModelConfig;
import dev.colloquy.model.ModelProvider;
import dev.colloquy.testing.ModelProtocol;
import dev.colloquy.testing.StubModelServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnthropicProviderTest extends ModelContract {
  @Override
  ModelProtocol protocol() {
    return ModelProtocol.ANTHROPIC;
  }

  @Override
  ModelProvider provider(ModelConfig config, ProviderHttp http) {
    return new AnthropicProvider(config, http);
  }

  @Override
  List<String> said(JsonNode body) {
    var said = new ArrayList<String>();
    body.path("system").forEach(part -> said.add("system: " + part.path("text").asText()));
    body.path("messages")
        .forEach(m -> said.add(m.path("role").asText() + ": " + m.at("/content/0/text").asText()));
    return said;
  }

  @Override
  String sentKey(StubModelServer.Request request) {
    return request.header("x-api-key");
  }

  @Override
  JsonNode temperature(JsonNode body) {
    return body.at("/temperature");
  }

  @Override
  JsonNode topP(JsonNode body) {
    return body.at("/top_p");
  }

  @Test
  void effortGoesToTheOutputConfigWithAdaptiveThinking() throws Exception {
    ask(request());
    ask(with(request(), "", null, null, "minimal", null, Duration.ofSeconds(10)));

    var plain = server.requests().get(0);
    assertThat(plain.header("anthropic-version")).isEqualTo("2023-06-01");
    assertThat(plain.body().path("max_tokens").asInt()).isEqualTo(8192);
    assertThat(plain.body().path("thinking").isMissingNode()).isTrue();
    var thinking = server.requests().get(1).body();
    assertThat(thinking.at("/output_config/effort").asText()).isEqualTo("low");
    assertThat(thinking.at("/thinking/type").asText()).isEqualTo("adaptive");
    assertThat(thinking.path("max_tokens").asInt()).isEqualTo(32_000);
  }
}
