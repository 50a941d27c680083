package dev.colloquy.platform.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the HTTP layer does with requests that no operation is meant for. */
@ServerTest
class HttpEdgeTest {
  private static final int TOO_LARGE = 4 * 1024 * 1024 + 1;
  private static final String USERS = "/external/users";

  private Api agent;

  @BeforeEach
  void make() {
    agent = Api.newAgent();
  }

  private static String error(int status, String name, String message, String... details) {
    return "{\"status\":%d,\"name\":\"%s\",\"message\":\"%s\",\"details\":[%s]}"
        .formatted(status, name, message, String.join(",", details));
  }

  private static String detail(String field, String message) {
    return "{\"field\":\"%s\",\"message\":\"%s\"}".formatted(field, message);
  }

  private static String bad(String field, String message) {
    return error(400, "BAD_REQUEST", "INVALID_REQUEST", detail(field, message));
  }

  private static String tooLarge() {
    var limit = detail("body", "must be at most " + (TOO_LARGE - 1) + " bytes long");
    return error(413, "PAYLOAD_TOO_LARGE_ERROR", "PAYLOAD_TOO_LARGE", limit);
  }

  @Test
  void anUnknownPathMethodTypeOrFormatIsAnsweredInJson() {
    expect(
        agent.get("/external/nothing"),
        404,
        error(404, "ENTITY_NOT_FOUND_ERROR", "ENTITY_NOT_FOUND"));
    expect(given().get("/nothing"), 404, error(404, "ENTITY_NOT_FOUND_ERROR", "ENTITY_NOT_FOUND"));
    expect(
        agent.request().patch(USERS),
        405,
        error(405, "METHOD_NOT_ALLOWED_ERROR", "METHOD_NOT_ALLOWED"));
    expect(
        agent.request().accept("text/xml").get("/external/agents/by-api-key"),
        406,
        error(406, "NOT_ACCEPTABLE_ERROR", "NOT_ACCEPTABLE"));
    var unsupported =
        error(
            415,
            "UNSUPPORTED_MEDIA_TYPE_ERROR",
            "UNSUPPORTED_MEDIA_TYPE",
            detail("Content-Type", "must be application/json"));
    expect(agent.request().contentType("text/plain").body("{}").post(USERS), 415, unsupported);
    expect(
        agent
            .request()
            .contentType("application/x-nonsense")
            .body("{}".getBytes(StandardCharsets.UTF_8))
            .post(USERS),
        415,
        unsupported);
  }

  private static void expect(io.restassured.response.Response answer, int status, String body) {
    assertThat(answer.asString()).isEqualTo(body);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.contentType()).startsWith("application/json");
    assertThat(answer.header("X-Request-Id")).isNotBlank();
  }

  @Test
  void aBodyThatIsNoProperJsonIsNamed() {
    var user =
        "\"firstName\":\"Grace\",\"lastName\":\"Hopper\",\"fkId\":\"" + UUID.randomUUID() + "\"";
    expectBody("{\"firstName\":", bad("body", "is not valid JSON, see line 1, column 14"));
    expectBody("", bad("body", "is required"));
    expectBody("null", bad("body", "is required"));
    expectBody("[]", bad("body", "must be a JSON object"));
    expectBody("7", bad("body", "must be a JSON object"));
    var column = "{}".length() + user.length() + " x".length();
    expectBody("{" + user + "} x", bad("body", "is not valid JSON, see line 1, column " + column));
    expectBody("{" + user + "}{}", bad("body", "has something after its end"));
    expectBody("{" + user + ",\"fkId\":\"again\"}", bad("fkId", "is there twice"));
    expectBody(
        "{" + user + ",\"customData\":{\"a\":1,\"a\":2}}", bad("customData.a", "is there twice"));
    expectBody("{" + user + ",\"unknown\":{\"a\":1,\"a\":2}}", bad("unknown.a", "is there twice"));
    expectBody(
        "{" + user + ",\"customData\":" + "{\"a\":".repeat(70) + "1" + "}".repeat(70) + "}",
        bad("body", "is nested too deeply or has a value too long"));
    expectBody(
        "{" + user + ",\"unknown\":" + "[".repeat(70) + "]".repeat(70) + "}",
        bad("body", "is nested too deeply or has a value too long"));
    agent
        .post(
            USERS,
            "{" + user + ",\"customData\":" + "{\"a\":".repeat(62) + "1" + "}".repeat(62) + "}")
        .then()
        .statusCode(201);
  }

  private void expectBody(String body, String error) {
    expect(agent.request().contentType("application/json").body(body).post(USERS), 400, error);
  }

  @Test
  void whatIsWrongIsSaidInOurWordsWhateverTheCallersLanguageIs() {
    var answer =
        agent
            .request()
            .header("Accept-Language", "de")
            .contentType("application/json")
            .body("{\"firstName\":\" \",\"lastName\":\"" + "x".repeat(256) + "\",\"fkId\":\"a\"}")
            .post(USERS);
    assertThat(answer.<List<String>>path("details.message"))
        .containsExactly("is required and must not be blank", "must have a length from 0 to 255");
  }

  @Test
  void everyAnswerCarriesARequestIdTheCallersIfItIsSane() {
    for (var sane : List.of("abc-1", "A.b_c", "x".repeat(128))) {
      assertThat(
              agent.request().header("X-Request-Id", sane).get("/nothing").header("X-Request-Id"))
          .isEqualTo(sane);
    }
    for (var insane : List.of("a b", "<script>", "x".repeat(129), "é")) {
      assertThat(
              agent.request().header("X-Request-Id", insane).get("/nothing").header("X-Request-Id"))
          .isNotEqualTo(insane)
          .hasSize(36);
    }
  }

  @Test
  void aBugOfOursIsAnsweredPlainlyAndLoggedWithoutWhatWasSaid() {
    var lines = new ArrayList<String>();
    var handler = new Lines(lines);
    var logger = Logger.getLogger(ErrorMappers.class.getName());
    logger.addHandler(handler);
    try {
      var answer =
          given().header("X-Request-Id", "bug-1").get("/testing/fault?text=my-card-number-is-4711");
      expect(answer, 500, "{\"status\":500,\"message\":\"Internal Server Error\"}");
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst())
        .startsWith("request=bug-1 event=bug error=java.lang.IllegalStateException")
        .doesNotContain("4711");
  }

  private static final class Lines extends Handler {
    private final List<String> lines;

    Lines(List<String> lines) {
      this.lines = lines;
    }

    @Override
    public void publish(LogRecord record) {
      lines.add(new java.util.logging.SimpleFormatter().formatMessage(record) + record.getThrown());
      lines.replaceAll(line -> line.replaceFirst("null$", ""));
    }

    @Override
    public void flush() {
      // Nothing is held back.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  @Test
  void aLostDatabaseIsUnavailableAndAnythingElseOfItIsABug() {
    for (var state : List.of("08006", "57P01", "53300")) {
      expect(
          given().get("/testing/fault?state=" + state),
          503,
          error(503, "UNAVAILABLE_ERROR", "UNAVAILABLE"));
    }
    given().get("/testing/fault?state=22021").then().statusCode(500);
  }

  @Test
  void aQueryThatCannotBeKeptOrDecodedIsBad() throws IOException {
    expect(
        agent.request().urlEncodingEnabled(false).get(USERS + "/search?fkId=a%00b"),
        400,
        bad("fkId", "must not hold the character U+0000 or half a surrogate pair"));
    for (var path : List.of(USERS + "/search?fkId=%zz", USERS + "/%zz", "/%")) {
      // Quarkus refuses these before its router, where nothing of ours can be put in.
      assertThat(exchange("GET " + path + " HTTP/1.1", "")).as(path).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void aBodyThatSaysItIsTooLargeIsRefusedUnread() throws IOException {
    var answer =
        exchange(
            "POST " + USERS + " HTTP/1.1",
            "Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: "
                + TOO_LARGE
                + "\r\n");
    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("X-Request-Id: ").endsWith(tooLarge());
  }

  @Test
  void aBodyThatGrowsTooLargeIsRefused() throws IOException {
    try (var socket = connect()) {
      write(
          socket,
          head(
              "POST " + USERS + " HTTP/1.1",
              "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"));
      var chunk = "x".repeat(64 * 1024);
      write(socket, "e\r\n{\"firstName\":\"\r\n");
      try {
        for (var i = 0; i <= TOO_LARGE / chunk.length(); i++) {
          write(socket, "10000\r\n" + chunk + "\r\n");
        }
      } catch (IOException e) {
        // The server may have closed its side; its answer is here already.
      }
      assertThat(readAnswer(socket))
          .startsWith("HTTP/1.1 413 ")
          .contains("X-Request-Id: ")
          .endsWith(tooLarge());
    }
  }

  @Test
  void aChunkedBodyWithinTheLimitIsTaken() throws IOException {
    var body =
        "{\"firstName\":\"Grace\",\"lastName\":\"Hopper\",\"fkId\":\"" + UUID.randomUUID() + "\"}";
    try (var socket = connect()) {
      write(
          socket,
          head(
                  "POST " + USERS + " HTTP/1.1",
                  "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n")
              + Integer.toHexString(body.length())
              + "\r\n"
              + body
              + "\r\n0\r\n\r\n");
      assertThat(readAnswer(socket)).startsWith("HTTP/1.1 201 ");
    }
  }

  @Test
  void aBodyIsAskedForOnceTheKeyIsRight() throws IOException {
    var body =
        "{\"firstName\":\"Grace\",\"lastName\":\"Hopper\",\"fkId\":\"" + UUID.randomUUID() + "\"}";
    var expecting =
        "Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: "
            + body.length()
            + "\r\n";
    try (var socket = connect()) {
      write(socket, head("POST " + USERS + " HTTP/1.1", expecting));
      assertThat(readHead(socket)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      write(socket, body);
      assertThat(readAnswer(socket)).startsWith("HTTP/1.1 201 ");
    }
    try (var socket = connect()) {
      write(socket, "POST " + USERS + " HTTP/1.1\r\nHost: test\r\n" + expecting + "\r\n");
      assertThat(readAnswer(socket)).startsWith("HTTP/1.1 403 ");
    }
  }

  @Test
  void aCallerThatSendsItsBodyTooSlowlyIsDropped() throws IOException {
    try (var socket = connect()) {
      write(
          socket,
          head(
              "POST " + USERS + " HTTP/1.1",
              "Content-Type: application/json\r\nContent-Length: 1000\r\n"));
      var input = socket.getInputStream();
      // A byte now and then keeps a connection from being idle; it is dropped all the same.
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> isClosed(socket));
      assertThat(input).isNotNull();
    }
  }

  private static boolean isClosed(Socket socket) {
    try {
      socket.getOutputStream().write('{');
      socket.setSoTimeout(50);
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void headAndOptionsAreSane() {
    var head = agent.request().head("/external/agents/by-api-key");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.asByteArray()).isEmpty();
    assertThat(given().head("/external/agents/by-api-key").statusCode()).isEqualTo(403);
    var options = given().options(USERS);
    assertThat(options.statusCode()).isEqualTo(200);
    assertThat(options.header("Allow")).contains("POST");
  }

  @Test
  void aHeadThatIsTooLargeIsRefused() throws IOException {
    assertThat(exchange("GET " + USERS + " HTTP/1.1", "X-Long: " + "x".repeat(20_000) + "\r\n"))
        .startsWith("HTTP/1.1 431 ")
        .contains("X-Request-Id: ")
        .endsWith(error(431, "HEADERS_TOO_LARGE_ERROR", "HEADERS_TOO_LARGE"));
    assertThat(exchange("GET " + USERS + "?a=" + "x".repeat(20_000) + " HTTP/1.1", ""))
        .startsWith("HTTP/1.1 414 ")
        .contains("X-Request-Id: ")
        .endsWith(error(414, "URI_TOO_LONG_ERROR", "URI_TOO_LONG"));
    // More than the HTTP layer below us reads: it says no more than this.
    assertThat(exchange("GET " + USERS + " HTTP/1.1", "X-Long: " + "x".repeat(70_000) + "\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(exchange("GET " + USERS + "?a=" + "x".repeat(70_000) + " HTTP/1.1", ""))
        .contains(" 414 ");
  }

  private static Socket connect() throws IOException {
    var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), RestAssured.port);
    socket.setSoTimeout(15_000);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private String head(String line, String headers) {
    return line + "\r\nHost: test\r\nAgent-Secret-Key: " + agent.key() + "\r\n" + headers + "\r\n";
  }

  private String exchange(String line, String headers) throws IOException {
    try (var socket = connect()) {
      write(socket, head(line, headers));
      return readAnswer(socket);
    }
  }

  private static String readHead(Socket socket) throws IOException {
    var head = new StringBuilder();
    for (var c = socket.getInputStream().read(); c >= 0; c = socket.getInputStream().read()) {
      head.append((char) c);
      if (head.toString().endsWith("\r\n\r\n")) {
        break;
      }
    }
    return head.toString();
  }

  private static String readAnswer(Socket socket) throws IOException {
    var head = readHead(socket);
    var length = java.util.regex.Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
    return length.find()
        ? head
            + new String(
                socket.getInputStream().readNBytes(Integer.parseInt(length.group(1))),
                StandardCharsets.UTF_8)
        : head;
  }
}
