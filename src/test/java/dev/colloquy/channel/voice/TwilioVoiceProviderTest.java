package dev.colloquy.channel.voice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.channel.ChannelContract;
import dev.colloquy.channel.ChannelProvider;
import dev.colloquy.channel.SendResult;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.FakeRelay;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How calls are asked for at Twilio, and what its answers mean. */
@ServerTest
@Timeout(60)
class TwilioVoiceProviderTest extends ChannelContract {
  @Inject Database database;
  @Inject TwilioVoiceProvider provider;
  private final FakeRelay twilio = new FakeRelay();
  private VoiceScene scene;

  @BeforeEach
  void begin() {
    scene = new VoiceScene(database).overTwilio(twilio.baseUrl(), Map.of());
  }

  @AfterEach
  void end() {
    twilio.close();
  }

  @Override
  protected ChannelProvider provider() {
    return provider;
  }

  @Override
  protected Outgoing outgoing(String body) {
    return VoiceDeliveries.outgoing(database, scene, Unique.phone(), body, "twilio-voice");
  }

  @Override
  protected void acceptNext() {
    scene.overTwilio(twilio.baseUrl(), Map.of());
  }

  @Override
  protected void refuseConnections() {
    scene.overTwilio("http://127.0.0.1:1", Map.of());
  }

  @Override
  protected void rejectNext() {
    acceptNext();
    twilio.refuse(400, null);
  }

  @Override
  protected void dropAfterRequest() {
    acceptNext();
    twilio.drop();
  }

  @Override
  protected List<String> received() {
    return twilio.placed().stream().map(FakeRelay.Placed::sid).toList();
  }

  @Test
  void answersMeanWhatTheySay() throws Exception {
    twilio.refuse(429, "3").refuse(503, null).refuse(500, null).refuse(404, null);
    assertThat(provider.send(outgoing("Hi")))
        .isEqualTo(new SendResult.Retryable("twilio_429", Duration.ofSeconds(3)));
    assertThat(provider.send(outgoing("Hi")))
        .isEqualTo(new SendResult.Retryable("twilio_503", null));
    assertThat(provider.send(outgoing("Hi"))).isEqualTo(new SendResult.Ambiguous("twilio_500"));
    assertThat(provider.send(outgoing("Hi"))).isEqualTo(new SendResult.Rejected("twilio_404"));
  }
}
