package dev.colloquy.channel.voice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.channel.ChannelContract;
import dev.colloquy.channel.ChannelProvider;
import dev.colloquy.channel.SendResult;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.FakeVapi;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How calls are asked for at Vapi, and what its answers mean. */
@ServerTest
@Timeout(60)
class VapiProviderTest extends ChannelContract {
  @Inject Database database;
  @Inject VapiProvider provider;
  private final FakeVapi vapi = new FakeVapi();
  private VoiceScene scene;

  @BeforeEach
  void begin() {
    scene = new VoiceScene(database).overVapi(vapi.baseUrl(), Map.of());
  }

  @AfterEach
  void end() {
    vapi.close();
  }

  @Override
  protected ChannelProvider provider() {
    return provider;
  }

  @Override
  protected Outgoing outgoing(String body) {
    return VoiceDeliveries.outgoing(database, scene, Unique.phone(), body, "vapi");
  }

  @Override
  protected void acceptNext() {
    scene.overVapi(vapi.baseUrl(), Map.of());
  }

  @Override
  protected void refuseConnections() {
    scene.overVapi("http://127.0.0.1:1", Map.of());
  }

  @Override
  protected void rejectNext() {
    acceptNext();
    vapi.refuse(400, null);
  }

  @Override
  protected void dropAfterRequest() {
    acceptNext();
    vapi.drop();
  }

  @Override
  protected List<String> received() {
    return vapi.placed().stream().map(FakeVapi.Placed::id).toList();
  }

  private long calls() {
    return database.read(tx ->
        tx.createQuery("select count(*) from voice_call where agent_id = :id")
            .bind("id", UUID.fromString(scene.agentId()))
            .mapTo(Long.class)
            .one());
  }

  @ParameterizedTest
  @CsvSource({"400,vapi_400", "401,vapi_401", "402,vapi_402", "404,vapi_404", "422,vapi_422"})
  void whatVapiRefusesIsRejected(int status, String reason) throws Exception {
    vapi.refuse(status, null);
    assertThat(provider.send(outgoing("Hi"))).isEqualTo(new SendResult.Rejected(reason));
    assertThat(calls()).as("a call that never was is forgotten").isZero();
  }

  @Test
  void aServiceThatIsBusyIsAskedAgainWhenItSays() throws Exception {
    vapi.refuse(429, "7").refuse(503, "tomorrow");
    assertThat(provider.send(outgoing("Hi")))
        .isEqualTo(new SendResult.Retryable("vapi_429", Duration.ofSeconds(7)));
    assertThat(provider.send(outgoing("Hi"))).isEqualTo(new SendResult.Retryable("vapi_503", null));
    assertThat(calls()).isZero();
  }

  @Test
  void invariant6WhatMayHaveBeenTakenIsAmbiguous() throws Exception {
    vapi.refuse(500, null);
    assertThat(provider.send(outgoing("Hi"))).isEqualTo(new SendResult.Ambiguous("vapi_500"));
    vapi.nonsense();
    assertThat(provider.send(outgoing("Hi")))
        .isEqualTo(new SendResult.Ambiguous("vapi_answer_without_id"));
    assertThat(calls()).as("what is told of it later finds the call").isEqualTo(2);
  }

  @Test
  void anAgentThatLostItsSettingsRejects() throws Exception {
    var outgoing = outgoing("Hi");
    scene.overVapi(vapi.baseUrl(), Map.of("vApiPhoneNumberId", ""));
    assertThat(provider.send(outgoing)).isEqualTo(new SendResult.Rejected("not_configured"));
    scene.overVapi(vapi.baseUrl(), Map.of("status", "inactive"));
    assertThat(provider.send(outgoing)).isEqualTo(new SendResult.Rejected("not_configured"));
  }

  @Test
  void aKeyThatIsWrongIsRejected() throws Exception {
    scene.overVapi(
        vapi.baseUrl(), Map.of("vapi", Map.of("apiKey", "other", "baseUrl", vapi.baseUrl())));
    assertThat(provider.send(outgoing("Hi"))).isEqualTo(new SendResult.Rejected("vapi_401"));
  }
}
