package dev.colloquy.model.langchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.colloquy.model.ModelConfig;
import dev.colloquy.model.ModelConfigs;
import dev.colloquy.model.ModelException;
import dev.colloquy.model.ModelException.Reason;
import dev.colloquy.model.ModelMessage;
import dev.colloquy.model.ModelMessage.Role;
import dev.colloquy.model.ModelName;
import dev.colloquy.model.ModelProvider;
import dev.colloquy.model.ModelReply;
import dev.colloquy.model.ModelRequest;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ModelAnswer.Ending;
import dev.colloquy.testing.ModelAnswer.Silence;
import dev.colloquy.testing.ModelProtocol;
import dev.colloquy.testing.StubModelServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every provider must do, shown against a server that speaks its protocol. */
abstract class ModelContract {
  private static final String KEY = "key-that-nobody-may-read";
  private static final Duration LONG = Duration.ofSeconds(10);

  static StubModelServer server;
  static ProviderHttp http;

  private final List<String> heard = new ArrayList<>();

  abstract ModelProtocol protocol();

  abstract ModelProvider provider(ModelConfig config, ProviderHttp http);

  /** System text, history and question in the order in which they were sent, "role: text". */
  abstract List<String> said(JsonNode body);

  /** The header that holds the key. */
  abstract String sentKey(StubModelServer.Request request);

  /** The number that was sent for the temperature, or a missing node. */
  abstract JsonNode temperature(JsonNode body);

  /** The number that was sent for topP, or a missing node. */
  abstract JsonNode topP(JsonNode body);

  @BeforeAll
  static void start() {
    server = StubModelServer.start();
    http = new ProviderHttp();
  }

  @AfterAll
  static void stop() {
    http.close();
    server.close();
  }

  @AfterEach
  void forget() {
    server.reset();
  }

  @Test
  void theTextComesInPiecesAndAsAWhole() throws Exception {
    server.next(ModelAnswer.reply("Good", " morning", ".\n\n- ", "ok").tokens(123, 45));

    var reply = ask(request());

    assertThat(reply.text()).isEqualTo("Good morning.\n\n- ok");
    assertThat(heard).containsExactly("Good", " morning", ".\n\n- ", "ok");
    assertThat(reply.inputTokens()).isEqualTo(123);
    assertThat(reply.outputTokens()).isEqualTo(45);
    assertThat(reply.model()).isEqualTo(name());
    assertThat(reply.cited()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {99_999_999_999L, Integer.MAX_VALUE + 1L, -1, Long.MIN_VALUE})
  void numbersOfTokensThatCannotBeCountAsNoneAndTakeNothingFromTheReply(long tokens)
      throws Exception {
    var text = "\"prompt_tokens\": 99999999999, \"eval_count\": -1";
    server.next(ModelAnswer.reply(text).tokens(tokens, 45));
    var reply = ask(request());
    assertThat(reply.text()).isEqualTo(text);
    assertThat(reply.inputTokens()).isZero();
    assertThat(reply.outputTokens()).isEqualTo(45);

    server.next(ModelAnswer.reply("Good.").tokens(123, tokens));
    reply = ask(request());
    assertThat(reply.text()).isEqualTo("Good.");
    assertThat(reply.inputTokens()).isEqualTo(123);
    assertThat(reply.outputTokens()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 1000})
  void charactersAndEventsMayBeSplitAnywhere(int bytes) throws Exception {
    server.next(ModelAnswer.reply("Grüße, ", "世界 ", "👋🏽 data: ", "\"x\"\r\n").inChunksOf(bytes));

    assertThat(ask(request()).text()).isEqualTo("Grüße, 世界 👋🏽 data: \"x\"\r\n");
  }

  @Test
  void systemHistoryAndQuestionAreSentInOrder() throws Exception {
    ask(request());

    var sent = server.requests().getFirst();
    assertThat(sent.model()).isEqualTo("m-1");
    assertThat(said(sent.body()))
        .containsExactly("system: Be kind.", "user: Hi", "assistant: Hello!", "user: Why? “ü”");
    assertThat(sentKey(sent)).contains(KEY);
  }

  /** An introduction is the agent's, and some providers want the user's message first. */
  @Test
  void theUserSpeaksFirstAndWhatTheAgentSaidBeforeIsInTheSystemText() throws Exception {
    var plain = request();
    var messages =
        List.of(
            new ModelMessage(Role.ASSISTANT, "Your order was sent."),
            new ModelMessage(Role.USER, " "),
            new ModelMessage(Role.ASSISTANT, "Is it there?"),
            new ModelMessage(Role.USER, "Not yet."),
            new ModelMessage(Role.ASSISTANT, "Oh."),
            new ModelMessage(Role.USER, "So?"));

    ask(
        new ModelRequest(
            plain.model(), "Be kind.", messages, List.of(), null, null, null, null, LONG));

    var said = said(server.requests().getFirst().body());
    assertThat(said.getFirst())
        .startsWith("system: Be kind.")
        .containsSubsequence("already", "Your order was sent.", "Is it there?");
    assertThat(said.subList(1, said.size()))
        .containsExactly("user: Not yet.", "assistant: Oh.", "user: So?");
  }

  @Test
  void anEmptySystemTextIsNotSent() throws Exception {
    ask(with(request(), "", null, null, null, null, LONG));

    assertThat(said(server.requests().getFirst().body()).getFirst()).startsWith("user: ");
  }

  @Test
  void samplingIsTheProvidersUnlessItIsSet() throws Exception {
    ask(request());
    ask(with(request(), "Be kind.", 0.25, 0.5, null, null, LONG));

    var plain = server.requests().get(0).body();
    assertThat(temperature(plain).isMissingNode()).as(plain.toString()).isTrue();
    assertThat(topP(plain).isMissingNode()).as(plain.toString()).isTrue();
    var set = server.requests().get(1).body();
    assertThat(temperature(set).asDouble()).isEqualTo(0.25);
    assertThat(topP(set).asDouble()).isEqualTo(0.5);
  }

  @Test
  void aSchemaReachesTheProvider() throws Exception {
    var schema = "{\"type\":\"object\",\"properties\":{\"marker\":{\"type\":\"string\"}}}";

    ask(with(request(), "Be kind.", null, null, null, schema, LONG));

    assertThat(server.requests().getFirst().body().toString()).contains("marker");
  }

  @Test
  void anEmptyReplyIsGivenAsItIs() throws Exception {
    server.next(ModelAnswer.reply());

    assertThat(ask(request()).text()).isEmpty();
  }

  @Test
  void aLimitTellsHowLongToWait() {
    server.next(new ModelAnswer.Status(429, Map.of("Retry-After", "7"), error("rate_limit")));

    var failure = failure();

    assertThat(failure.reason()).isEqualTo(Reason.RETRYABLE);
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(failure).hasMessageContaining("429 rate_limit");
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 409, 425, 429, 500, 502, 503, 529})
  void whatMayPassIsRetryable(int status) {
    server.next(ModelAnswer.status(status, "<html>not even JSON, secret words</html>"));

    assertThat(failure().reason()).isEqualTo(Reason.RETRYABLE);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 405, 413, 422, 302})
  void aRefusalIsFinalAndKeepsTheWordsOut(int status) {
    server.next(ModelAnswer.status(status, error("bad_thing")));

    var failure = failure();

    assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
    assertThat(failure).hasMessageContaining(status + " bad_thing");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aRefusedKeyIsTheOperators(int status) {
    server.next(ModelAnswer.status(status, error("invalid_api_key")));

    var failure = failure();

    assertThat(failure.reason()).isEqualTo(Reason.NOT_CONFIGURED);
    assertThat(failure).hasMessageContaining("refused the key");
  }

  @Test
  void anUnknownModelIsNamed() {
    server.next(ModelAnswer.status(404, error("model_not_found")));

    var failure = failure();

    assertThat(failure.reason()).isEqualTo(Reason.NOT_CONFIGURED);
    assertThat(failure).hasMessageContaining(name().toString());
  }

  @ParameterizedTest
  @EnumSource(
      value = Ending.class,
      names = {"RESET", "WITHOUT_CLOSING_EVENT", "ERROR_EVENT"})
  void aReplyThatBreaksOffIsNoReply(Ending ending) {
    server.next(ModelAnswer.reply("Half a").ending(ending));

    assertThat(failure().reason()).isEqualTo(Reason.RETRYABLE);
  }

  @Test
  void whatIsNoJsonIsRejected() {
    server.next(ModelAnswer.reply("Half a").ending(Ending.MALFORMED));

    assertThat(failure().reason()).isEqualTo(Reason.REJECTED);
  }

  @Test
  void aReplyWithoutEndIsCutOff() {
    var before = server.abandoned();
    var pieces = Collections.nCopies(17, "x".repeat(1 << 16));
    server.next(new ModelAnswer.Reply(pieces, 1, 1, Ending.HANG, 0));

    var failure = failure();

    assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
    assertThat(failure).hasMessageContaining("too large");
    await().until(() -> server.abandoned() == before + 1);
  }

  @Test
  void aClosedPortIsRetryable() throws IOException {
    // Bound and not listening, so that nobody else gets the port meanwhile.
    try (var closed = new Socket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      var url = server.baseUrl(protocol()).replaceFirst(":\\d+", ":" + closed.getLocalPort());
      var model = provider(config(url), http);

      var failure =
          catchThrowableOfType(ModelException.class, () -> model.reply(request(), heard::add));

      assertThat(failure.reason()).isEqualTo(Reason.RETRYABLE);
    }
  }

  @Test
  void silenceEndsAtTheTimeLimit() {
    assertEndsAtTheLimit(new Silence());
  }

  @Test
  void aReplyThatHangsEndsAtTheTimeLimit() {
    assertEndsAtTheLimit(ModelAnswer.reply("Half a").ending(Ending.HANG));
  }

  private void assertEndsAtTheLimit(ModelAnswer answer) {
    server.next(answer);
    var before = server.abandoned();
    var limited = with(request(), "Be kind.", null, null, null, null, Duration.ofMillis(300));
    var start = System.nanoTime();

    var failure = catchThrowableOfType(ModelException.class, () -> ask(limited));

    assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(290), Duration.ofSeconds(3));
    await().until(() -> server.abandoned() == before + 1);
  }

  @Test
  void anInterruptDuringSilenceClosesTheConnection() throws Exception {
    assertInterruptible(new Silence());
  }

  @Test
  void anInterruptDuringTheReplyClosesTheConnection() throws Exception {
    assertInterruptible(ModelAnswer.reply("Half a").ending(Ending.HANG));
  }

  private void assertInterruptible(ModelAnswer answer) throws Exception {
    for (var threads : List.of(Thread.ofVirtual(), Thread.ofPlatform())) {
      server.reset();
      heard.clear();
      server.next(answer);
      var before = server.abandoned();
      var thrown = new AtomicReference<Throwable>();
      var caller =
          threads.start(() -> {
            try {
              ask(request());
            } catch (ModelException | InterruptedException | RuntimeException e) {
              thrown.set(e);
            }
          });
      await().until(() -> server.requests().size() == 1);

      caller.interrupt();

      await().atMost(Duration.ofSeconds(1)).until(() -> server.abandoned() == before + 1);
      caller.join(Duration.ofSeconds(5));
      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void aListenerThatThrowsEndsTheCall() {
    server.next(ModelAnswer.reply("a", "b").ending(Ending.HANG));
    var before = server.abandoned();
    var model = provider(config(server.baseUrl(protocol())), http);

    assertThatThrownBy(() ->
            model.reply(
                request(),
                piece -> {
                  throw new ArithmeticException("the caller's own");
                }))
        .isInstanceOf(ArithmeticException.class);
    await().until(() -> server.abandoned() == before + 1);
  }

  @Test
  void connectionsAreKept() throws Exception {
    ask(request());
    var before = server.connections();
    for (int i = 0; i < 5; i++) {
      ask(request());
    }

    assertThat(server.connections()).isEqualTo(before);
  }

  ModelReply ask(ModelRequest request) throws ModelException, InterruptedException {
    return provider(config(server.baseUrl(protocol())), http).reply(request, heard::add);
  }

  /** The failure of one call, whose texts must hold neither the key nor the provider's words. */
  private ModelException failure() {
    var failure = catchThrowableOfType(ModelException.class, () -> ask(request()));
    for (Throwable t = failure; t != null; t = t.getCause()) {
      assertThat(String.valueOf(t.getMessage())).doesNotContain(KEY, "secret words");
    }
    return failure;
  }

  ModelConfig config(String baseUrl) {
    var provider = protocol().provider();
    return ModelConfigs.of(provider + ".base-url", baseUrl, provider + ".api-key", KEY);
  }

  ModelName name() {
    return new ModelName(protocol().provider(), "m-1");
  }

  ModelRequest request() {
    return new ModelRequest(
        name(),
        "Be kind.",
        List.of(
            new ModelMessage(Role.USER, "Hi"),
            new ModelMessage(Role.ASSISTANT, "Hello!"),
            new ModelMessage(Role.USER, "Why? “ü”")),
        List.of(),
        null,
        null,
        null,
        null,
        LONG);
  }

  /** The request to another model. */
  static ModelRequest to(ModelName model, ModelRequest r) {
    return new ModelRequest(
        model, r.system(), r.messages(), List.of(), null, null, null, null, r.timeLimit());
  }

  static ModelRequest with(
      ModelRequest r,
      String system,
      Double temperature,
      Double topP,
      String effort,
      String schema,
      Duration limit) {
    return new ModelRequest(
        r.model(), system, r.messages(), List.of(), temperature, topP, effort, schema, limit);
  }

  private static String error(String code) {
    return "{\"error\":{\"message\":\"secret words\",\"code\":\"" + code + "\"}}";
  }
}
