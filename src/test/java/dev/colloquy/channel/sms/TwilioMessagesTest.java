package dev.colloquy.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.colloquy.channel.SendResult;
import dev.colloquy.testing.FakeTwilio;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which creating a message ends. */
class TwilioMessagesTest {
  private static final Map<String, String> FIELDS =
      Map.of("To", "+12125550123", "From", "+12125550100", "Body", "Hello & wörld 😀 +1");

  private final FakeTwilio twilio = FakeTwilio.start();
  private final TwilioMessages messages = new TwilioMessages(Duration.ofSeconds(3));

  @AfterEach
  void close() {
    twilio.close();
  }

  private SendResult create() throws InterruptedException {
    return messages.create(login(twilio.account().get("authToken")), FIELDS);
  }

  private TwilioMessages.Login login(String token) {
    return new TwilioMessages.Login(twilio.baseUrl(), twilio.accountSid(), token);
  }

  @Test
  void whatIsTakenHasItsSidAndArrivesAsItWasWritten() throws Exception {
    var result = create();

    assertThat(twilio.taken()).hasSize(1);
    assertThat(result).isEqualTo(new SendResult.Accepted(twilio.taken().getFirst().sid()));
    assertThat(twilio.taken().getFirst().fields()).isEqualTo(FIELDS);
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of(FakeTwilio.error(400, 21211), new SendResult.Rejected("twilio_21211")),
        Arguments.of(FakeTwilio.error(400, 21610), new SendResult.Rejected("twilio_21610")),
        Arguments.of(FakeTwilio.error(400, 21614), new SendResult.Rejected("twilio_21614")),
        Arguments.of(FakeTwilio.error(404, 20404), new SendResult.Rejected("twilio_20404")),
        Arguments.of(FakeTwilio.raw(400, "<html>"), new SendResult.Rejected("twilio_http_400")),
        Arguments.of(
            FakeTwilio.raw(400, "{\"code\": \"x y\"}"), new SendResult.Rejected("twilio_http_400")),
        Arguments.of(FakeTwilio.error(401, 20003), new SendResult.Retryable("twilio_auth", null)),
        Arguments.of(FakeTwilio.raw(403, "no"), new SendResult.Retryable("twilio_auth", null)),
        Arguments.of(FakeTwilio.error(429, 20429), new SendResult.Retryable("twilio_rate", null)),
        Arguments.of(
            retryAfter("7"), new SendResult.Retryable("twilio_rate", Duration.ofSeconds(7))),
        Arguments.of(
            retryAfter("999999"), new SendResult.Retryable("twilio_rate", Duration.ofHours(1))),
        Arguments.of(retryAfter("soon"), new SendResult.Retryable("twilio_rate", null)),
        Arguments.of(FakeTwilio.error(400, 14107), new SendResult.Retryable("twilio_14107", null)),
        Arguments.of(FakeTwilio.error(503, 20503), new SendResult.Retryable("twilio_20503", null)),
        Arguments.of(FakeTwilio.raw(408, ""), new SendResult.Retryable("twilio_http_408", null)),
        Arguments.of(
            new FakeTwilio.Answer.Raw(307, Map.of("Location", "/elsewhere"), new byte[0]),
            new SendResult.Retryable("twilio_redirected", null)),
        Arguments.of(FakeTwilio.raw(503, "<html>"), new SendResult.Ambiguous("twilio_http_503")),
        Arguments.of(FakeTwilio.error(500, 20500), new SendResult.Ambiguous("twilio_20500")),
        Arguments.of(FakeTwilio.raw(502, "<html>"), new SendResult.Ambiguous("twilio_http_502")),
        Arguments.of(FakeTwilio.raw(201, "{}"), new SendResult.Ambiguous("twilio_bad_answer")),
        Arguments.of(
            FakeTwilio.raw(201, "{\"sid\": "), new SendResult.Ambiguous("twilio_bad_answer")),
        Arguments.of(
            FakeTwilio.raw(201, "{\"sid\": \"a b\"}"),
            new SendResult.Ambiguous("twilio_bad_answer")),
        Arguments.of(FakeTwilio.raw(200, ""), new SendResult.Ambiguous("twilio_bad_answer")),
        Arguments.of(huge(), new SendResult.Ambiguous("twilio_connection_lost")),
        Arguments.of(
            new FakeTwilio.Answer.Drop(), new SendResult.Ambiguous("twilio_connection_lost")),
        Arguments.of(new FakeTwilio.Answer.Hang(), new SendResult.Ambiguous("twilio_no_answer")));
  }

  private static FakeTwilio.Answer.Raw retryAfter(String value) {
    return new FakeTwilio.Answer.Raw(429, Map.of("Retry-After", value), new byte[0]);
  }

  private static FakeTwilio.Answer.Raw huge() {
    var body = "{\"sid\": \"SM1\", \"body\": \"" + "x".repeat(100_000) + "\"}";
    return new FakeTwilio.Answer.Raw(201, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void everyAnswerIsWhatItIs(FakeTwilio.Answer answer, SendResult result) throws Exception {
    twilio.next(answer);

    assertThat(create()).isEqualTo(result);
    assertThat(twilio.requests()).hasSize(1);
  }

  @Test
  void aWrongTokenWaitsForWhoMendsIt() throws Exception {
    assertThat(messages.create(login("wrong"), FIELDS))
        .isEqualTo(new SendResult.Retryable("twilio_auth", null));
  }

  @Test
  void whereNothingListensNothingWasSent() throws Exception {
    twilio.goDown();
    var unreachable = new SendResult.Retryable("twilio_unreachable", null);

    assertThat(create()).isEqualTo(unreachable);
    assertThat(messages.create(at("http://host.invalid"), FIELDS)).isEqualTo(unreachable);
    twilio.comeBack();
  }

  @Test
  void aCertificateThatNobodyVouchesForGetsNothing() throws Exception {
    var asked = new AtomicInteger();
    var server = selfSigned();
    server.createContext("/", _ -> asked.incrementAndGet());
    server.start();
    try {
      var result =
          messages.create(at("https://127.0.0.1:" + server.getAddress().getPort()), FIELDS);

      assertThat(result).isEqualTo(new SendResult.Retryable("twilio_tls", null));
      assertThat(asked).hasValue(0);
    } finally {
      server.stop(0);
    }
  }

  private static HttpsServer selfSigned() throws IOException, GeneralSecurityException {
    var password = "changeit".toCharArray();
    var store = KeyStore.getInstance("PKCS12");
    try (var file = TwilioMessagesTest.class.getResourceAsStream("/mail/server.p12")) {
      store.load(file, password);
    }
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    var server =
        HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 8);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return server;
  }

  @Test
  void whatIsNoTlsOrNoAddressGetsNothing() throws Exception {
    var plain = twilio.baseUrl().replace("http:", "https:");

    assertThat(messages.create(at(plain), FIELDS)).isInstanceOf(SendResult.Retryable.class);
    assertThat(messages.create(at("http://a b"), FIELDS))
        .isEqualTo(new SendResult.Retryable("twilio_bad_base_url", null));
    assertThat(twilio.requests()).isEmpty();
  }

  private static TwilioMessages.Login at(String baseUrl) {
    return new TwilioMessages.Login(baseUrl, "AC1", "token");
  }

  @Test
  void theTokenIsInNoText() {
    assertThat(at("http://x").toString()).doesNotContain("token");
  }
}
