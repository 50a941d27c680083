package dev.colloquy.model.langchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.colloquy.model.ModelConfig;
import dev.colloquy.model.ModelException;
import dev.colloquy.model.ModelException.Reason;
import dev.colloquy.model.ModelName;
import dev.colloquy.model.ModelProvider;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ModelProtocol;
import dev.colloquy.testing.StubModelServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiProviderTest extends ModelContract {
  @Override
  ModelProtocol protocol() {
    return ModelProtocol.GEMINI;
  }

  @Override
  ModelProvider provider(ModelConfig config, ProviderHttp http) {
    return new GeminiProvider(config, http);
  }

  @Override
  List<String> said(JsonNode body) {
    var said = new ArrayList<String>();
    body.at("/systemInstruction/parts")
        .forEach(part -> said.add("system: " + part.path("text").asText()));
    for (var content : body.path("contents")) {
      var role = content.path("role").asText().equals("model") ? "assistant" : "user";
      said.add(role + ": " + content.at("/parts/0/text").asText());
    }
    return said;
  }

  @Override
  String sentKey(StubModelServer.Request request) {
    return request.header("x-goog-api-key");
  }

  @Override
  JsonNode temperature(JsonNode body) {
    return body.at("/generationConfig/temperature");
  }

  @Override
  JsonNode topP(JsonNode body) {
    return body.at("/generationConfig/topP");
  }

  @Test
  void effortBecomesTheThinkingLevel() throws Exception {
    ask(with(request(), "", null, null, "xhigh", null, Duration.ofSeconds(10)));

    var config = server.requests().getFirst().body().path("generationConfig");
    assertThat(config.at("/thinkingConfig/thinkingLevel").asText()).isEqualToIgnoringCase("high");
  }

  @Test
  void aWrongKeyIsToldFromABadRequest() {
    server.next(
        ModelAnswer.status(
            400,
            "{\"error\":{\"code\":400,\"message\":\"API key not valid.\","
                + "\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"@type\":"
                + "\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"API_KEY_INVALID\"}]}}"));

    var failure = catchThrowableOfType(ModelException.class, () -> ask(request()));

    assertThat(failure.reason()).isEqualTo(Reason.NOT_CONFIGURED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../files", "a/b", "m?key=x", "m%2fx", "m:generateContent"})
  void aNameThatWouldLeadElsewhereIsNotSent(String model) {
    var request = to(new ModelName("gemini", model), request());

    var failure = catchThrowableOfType(ModelException.class, () -> ask(request));

    assertThat(failure.reason()).isEqualTo(Reason.NOT_CONFIGURED);
    assertThat(server.requests()).isEmpty();
  }
}
