package dev.colloquy.model.langchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.colloquy.model.ModelConfig;
import dev.colloquy.model.ModelConfigs;
import dev.colloquy.model.ModelException;
import dev.colloquy.model.ModelException.Reason;
import dev.colloquy.model.ModelName;
import dev.colloquy.model.ModelProvider;
import dev.colloquy.testing.ModelProtocol;
import dev.colloquy.testing.StubModelServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenAiProviderTest extends ModelContract {
  @Override
  ModelProtocol protocol() {
    return ModelProtocol.OPENAI;
  }

  @Override
  ModelProvider provider(ModelConfig config, ProviderHttp http) {
    return new OpenAiProvider(config, http);
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
    return body.at("/temperature");
  }

  @Override
  JsonNode topP(JsonNode body) {
    return body.at("/top_p");
  }

  @Test
  void usageEffortAndSchemaAreAskedForInItsOwnWay() throws Exception {
    var schema = "{\"type\":\"object\"}";
    ask(with(request(), "", null, null, "low", schema, Duration.ofSeconds(10)));

    var body = server.requests().getFirst().body();
    assertThat(body.at("/stream_options/include_usage").asBoolean()).isTrue();
    assertThat(body.at("/reasoning_effort").asText()).isEqualTo("low");
    assertThat(body.at("/response_format/type").asText()).isEqualTo("json_schema");
    assertThat(body.at("/response_format/json_schema/schema/type").asText()).isEqualTo("object");
  }

  @Test
  void anyProviderWithABaseUrlSpeaksItsProtocol() throws Exception {
    var config = ModelConfigs.of("groq.base-url", server.baseUrl(ModelProtocol.OPENAI) + "/");
    var provider = new OpenAiProvider(config, http);

    assertThat(provider.providers()).containsExactlyInAnyOrder("openai", "groq");
    var reply = provider.reply(to(new ModelName("groq", "a/b:c"), request()), piece -> {});
    assertThat(reply.text()).isEqualTo("Hello.");
    assertThat(server.requests().getFirst().header("Authorization")).isEmpty();
    assertThat(server.requests().getFirst().model()).isEqualTo("a/b:c");
  }

  @Test
  void withoutAKeyTheSettingIsNamed() {
    var provider = new OpenAiProvider(ModelConfigs.of(), http);

    var failure =
        catchThrowableOfType(ModelException.class, () -> provider.reply(request(), piece -> {}));

    assertThat(failure.reason()).isEqualTo(Reason.NOT_CONFIGURED);
    assertThat(failure).hasMessageContaining("colloquy.model.openai.api-key");
  }
}
