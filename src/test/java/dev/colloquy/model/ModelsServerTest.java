package dev.colloquy.model;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.model.ModelMessage.Role;
import dev.colloquy.testing.ModelProtocol;
import dev.colloquy.testing.ServerDatabase;
import dev.colloquy.testing.ServerModels;
import dev.colloquy.testing.StubModelServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ServerDatabase.class)
@QuarkusTestResource(ServerModels.class)
class ModelsServerTest {
  @Inject Models models;
  @Inject ModelNames names;
  StubModelServer server;

  @Test
  void theServerFindsEveryProviderAndCountsItsReplies() throws Exception {
    for (var protocol : ModelProtocol.values()) {
      var name = names.parse(protocol.provider() + ":m-1");
      var request =
          new ModelRequest(
              name,
              "Be kind.",
              List.of(new ModelMessage(Role.USER, "Hi")),
              List.of(),
              null,
              null,
              null,
              null,
              Duration.ofSeconds(10));

      var reply = models.reply(request, null, Instant.now().plusSeconds(20), ReplyListener.NONE);

      assertThat(reply.text()).isEqualTo("Hello.");
      assertThat(reply.model()).isEqualTo(name);
    }
    assertThat(server.requests()).hasSize(ModelProtocol.values().length);
    assertThat(get("/metrics").asString())
        .contains("colloquy_model_seconds_count{")
        .contains("colloquy_model_tokens_total{");
  }

  @Test
  void theBuiltInModelIsOneOfThem() throws Exception {
    assertThat(ask(names.defaultModel()).model()).hasToString("builtin:extractive");
  }

  private ModelReply ask(ModelName name) throws Exception {
    var request =
        new ModelRequest(
            name,
            "Be kind.",
            List.of(new ModelMessage(Role.USER, "Hi")),
            List.of(),
            null,
            null,
            null,
            null,
            Duration.ofSeconds(10));
    return models.reply(request, null, Instant.now().plusSeconds(20), ReplyListener.NONE);
  }
}
