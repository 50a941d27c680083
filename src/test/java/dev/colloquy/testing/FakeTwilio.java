package dev.colloquy.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An account at Twilio, as Twilio documents it: its Messages resource, its files, and its signed
 * webhooks; on a port of 127.0.0.1. Answers that were queued go first; else what is well formed is
 * taken. Safe for many threads.
 */
public final class FakeTwilio implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String accountSid = "AC" + hex();
  private final String authToken = hex();
  private final Queue<Answer> queued = new ConcurrentLinkedQueue<>();
  private final List<Sent> taken = new CopyOnWriteArrayList<>();
  private final List<Sent> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Answer.Raw> files = new ConcurrentHashMap<>();
  private final List<String> fileLogins = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final int port;
  private HttpServer server;

  /**
   * A message that was sent here, by the fields of its request; it may not have been taken.
   *
   * @param nanos when it came, by {@link System#nanoTime}
   */
  public record Sent(String sid, Map<String, String> fields, long nanos) {
    public String field(String name) {
      return fields.getOrDefault(name, "");
    }
  }

  /** What is done with a request. */
  public sealed interface Answer {
    /** The message is taken: 201 and its SID. */
    record Accept() implements Answer {}

    /** This answer and no message. */
    @SuppressWarnings("ArrayRecordComponent") // answers are never compared
    record Raw(int status, Map<String, String> headers, byte[] body) implements Answer {}

    /** The message is taken, and the connection breaks before that is said. */
    record Drop() implements Answer {}

    /** The message is taken, and that is said only once {@link FakeTwilio#release} is called. */
    record Hang() implements Answer {}
  }

  private FakeTwilio() {
    server = listen(0);
    port = server.getAddress().getPort();
  }

  public static FakeTwilio start() {
    return new FakeTwilio();
  }

  private HttpServer listen(int on) {
    try {
      var made =
          HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), on), 1024);
      made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      made.createContext("/", this::serve);
      made.start();
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nobody listens from here on. */
  public void goDown() {
    server.stop(0);
  }

  /** Listens again, where it did before. */
  public void comeBack() {
    server = listen(port);
  }

  public String baseUrl() {
    return "http://127.0.0.1:" + port;
  }

  public String accountSid() {
    return accountSid;
  }

  /** The account as an agent's settings have it. */
  public Map<String, String> account() {
    return Map.of("accountSid", accountSid, "authToken", authToken, "baseUrl", baseUrl());
  }

  /** These are done with the next messages, in their order. */
  public FakeTwilio next(Answer... answers) {
    queued.addAll(Arrays.asList(answers));
    return this;
  }

  /** An error as Twilio writes them. */
  public static Answer.Raw error(int status, int code) {
    var body =
        "{\"code\": %d, \"message\": \"No.\", \"more_info\": \"https://www.twilio.com/docs/errors/%d\", \"status\": %d}"
            .formatted(code, code, status);
    return raw(status, body);
  }

  public static Answer.Raw raw(int status, String body) {
    return new Answer.Raw(
        status, Map.of("Content-Type", "application/json"), body.getBytes(StandardCharsets.UTF_8));
  }

  /** Forgets what it took and what it is to answer. */
  public void reset() {
    queued.clear();
    taken.clear();
    requests.clear();
  }

  /** What hangs goes on. */
  public void release() {
    released.countDown();
  }

  /** The messages that were taken, oldest first. */
  public List<Sent> taken() {
    return List.copyOf(taken);
  }

  /** Those to a number. */
  public List<Sent> takenTo(String number) {
    return taken.stream().filter(sent -> sent.field("To").equals(number)).toList();
  }

  /** All messages that came with the right login, taken or not. */
  public List<Sent> requests() {
    return List.copyOf(requests);
  }

  /** A file of the account's, served to who logs in; its address. */
  public String file(Answer.Raw file) {
    var path = "/2010-04-01/Accounts/" + accountSid + "/Messages/MM" + hex() + "/Media/ME" + hex();
    files.put(path, file);
    return baseUrl() + path;
  }

  /** The Authorization headers of requests for files, "" where there was none. */
  public List<String> fileLogins() {
    return List.copyOf(fileLogins);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var path = exchange.getRequestURI().getPath();
      var isLoggedIn = login().equals(exchange.getRequestHeaders().getFirst("Authorization"));
      if (exchange.getRequestMethod().equals("GET")) {
        serveFile(exchange, path, isLoggedIn);
      } else if (!path.equals("/2010-04-01/Accounts/" + accountSid + "/Messages.json")) {
        write(exchange, error(404, 20404));
      } else if (!isLoggedIn) {
        write(exchange, error(401, 20003));
      } else {
        create(exchange, parse(body));
      }
    }
  }

  private void serveFile(HttpExchange exchange, String path, boolean isLoggedIn)
      throws IOException {
    fileLogins.add(
        String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")).replace("null", ""));
    var file = files.get(path);
    write(exchange, file == null ? error(404, 20404) : isLoggedIn ? file : error(401, 20003));
  }

  private void create(HttpExchange exchange, Map<String, String> fields) throws IOException {
    var sent = new Sent("SM" + hex(), fields, System.nanoTime());
    requests.add(sent);
    var answer = queued.poll();
    if (answer instanceof Answer.Raw raw) {
      write(exchange, raw);
      return;
    }
    var fault = fault(fields);
    if (fault > 0) {
      write(exchange, error(400, fault));
      return;
    }
    taken.add(sent);
    if (answer instanceof Answer.Drop) {
      return; // closing an exchange without an answer closes its connection
    }
    if (answer instanceof Answer.Hang) {
      await(released);
    }
    write(exchange, raw(201, created(sent)));
  }

  /** The error code for what is missing or malformed; 0 where it is well formed. */
  private static int fault(Map<String, String> fields) {
    if (!fields.getOrDefault("To", "").matches("\\+[1-9][0-9]{6,14}")) {
      return 21211;
    }
    if (!fields.getOrDefault("From", "").matches("\\+[1-9][0-9]{6,14}")) {
      return 21212;
    }
    var body = fields.getOrDefault("Body", "");
    return body.isEmpty() ? 21602 : body.length() > 1600 ? 21617 : 0;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String created(Sent sent) throws IOException {
    var message = new LinkedHashMap<String, Object>();
    message.put("account_sid", accountSid);
    message.put("api_version", "2010-04-01");
    message.put("body", sent.field("Body"));
    message.put("direction", "outbound-api");
    message.put("error_code", null);
    message.put("from", sent.field("From"));
    message.put("num_segments", "1");
    message.put("sid", sent.sid());
    message.put("status", "queued");
    message.put("to", sent.field("To"));
    return JSON.writeValueAsString(message);
  }

  private static void write(HttpExchange exchange, Answer.Raw answer) throws IOException {
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    exchange.sendResponseHeaders(
        answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
    exchange.getResponseBody().write(answer.body());
  }

  /**
   * Posts a webhook, signed for the address that this account was given; it is called at the port
   * where the server under test listens, as a proxy in front of it would.
   */
  public HttpResponse<String> post(String url, int at, Map<String, String> fields) {
    return post(url, at, fields, sign(url, fields));
  }

  /** As above, with another signature; "" for none. */
  public HttpResponse<String> post(
      String url, int at, Map<String, String> fields, String signature) {
    var whole = URI.create(url);
    var query = whole.getRawQuery() == null ? "" : "?" + whole.getRawQuery();
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + whole.getRawPath() + query))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form(fields)));
    if (!signature.isEmpty()) {
      request.header("X-Twilio-Signature", signature);
    }
    try {
      return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The signature of a request, as "Validating signatures from Twilio" has it. */
  public String sign(String url, Map<String, String> fields) {
    var text = new StringBuilder(url);
    new TreeMap<>(fields).forEach((name, value) -> text.append(name).append(value));
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(authToken.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The parameters of a message that came in. */
  public Map<String, String> message(String from, String to, String body) {
    var sid = "SM" + hex();
    var fields = new LinkedHashMap<String, String>();
    fields.put("ToCountry", "US");
    fields.put("SmsMessageSid", sid);
    fields.put("NumMedia", "0");
    fields.put("SmsSid", sid);
    fields.put("SmsStatus", "received");
    fields.put("Body", body);
    fields.put("FromCountry", "US");
    fields.put("To", to);
    fields.put("NumSegments", "1");
    fields.put("MessageSid", sid);
    fields.put("AccountSid", accountSid);
    fields.put("From", from);
    fields.put("ApiVersion", "2010-04-01");
    return fields;
  }

  /** The parameters of a status callback. */
  public Map<String, String> status(Sent sent, String status, String errorCode) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("SmsSid", sent.sid());
    fields.put("SmsStatus", status);
    fields.put("MessageStatus", status);
    fields.put("To", sent.field("To"));
    fields.put("MessageSid", sent.sid());
    fields.put("AccountSid", accountSid);
    fields.put("From", sent.field("From"));
    fields.put("ApiVersion", "2010-04-01");
    if (!errorCode.isEmpty()) {
      fields.put("ErrorCode", errorCode);
    }
    return fields;
  }

  private String login() {
    var text = (accountSid + ":" + authToken).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(text);
  }

  private static String hex() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  private static Map<String, String> parse(String body) {
    return Arrays.stream(body.split("&", -1))
        .map(field -> field.split("=", 2))
        .collect(
            Collectors.toMap(
                pair -> URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                pair -> URLDecoder.decode(pair.length > 1 ? pair[1] : "", StandardCharsets.UTF_8),
                (first, _) -> first,
                LinkedHashMap::new));
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field ->
            URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8)
                + "="
                + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  @Override
  public void close() {
    release();
    server.stop(0);
  }
}
