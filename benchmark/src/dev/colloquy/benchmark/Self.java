package dev.colloquy.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The benchmark checks itself: the load generator against the stub model, with no server between.
 * Says what both cost and what they can do at most, and fails where they count or measure wrongly.
 */
final class Self implements AutoCloseable {
  private static final int CONVERSATIONS = 10_000;
  private static final Duration LIMIT = Duration.ofSeconds(180);
  private static final String BODY =
      "{\"model\":\"stub\",\"stream\" : true,\"messages\":[{\"role\":\"user\",\"content\":\"How long does delivery take?\"}]}";

  private final Path ids = Files.createTempFile("colloquy-benchmark", ".ids");
  private final List<String> failures = new ArrayList<>();
  private final Child stub;
  private final Child load;
  private final Http control;
  private final int stubPort;

  private Self() throws IOException, InterruptedException {
    Files.write(ids, IntStream.range(0, CONVERSATIONS).mapToObj(Integer::toString).toList());
    stub = Child.start(StubModel.class);
    Runtime.getRuntime().addShutdownHook(new Thread(stub::close));
    var port = stub.hear("listening", Duration.ofSeconds(20));
    load = Child.start(Load.class, port, "/v1/chat/completions", "", BODY, ids.toString());
    Runtime.getRuntime().addShutdownHook(new Thread(load::close));
    stubPort = Integer.parseInt(port);
    control = new Http(stubPort);
  }

  /** Runs all checks; exit code 1 when one fails. */
  public static void main(String... args) throws IOException, InterruptedException {
    var seconds = args.length > 0 && args[0].equals("--quick") ? 2 : 8;
    try (var self = new Self()) {
      self.checkParser();
      self.checkHistogram();
      self.checkCapacity(seconds);
      self.checkDelay();
      self.checkRefusals();
      self.checkIntendedTimes();
      self.failures.addAll(ChannelChecks.failures(self.stubPort, self.control));
      self.failures.forEach(failure -> System.out.println("FAILED: " + failure));
      System.out.println(
          self.failures.isEmpty() ? "all checks passed" : self.failures.size() + " checks failed");
      if (!self.failures.isEmpty()) {
        System.exit(1);
      }
    }
  }

  /** The same messages, cut in two at every place, must end at the same places. */
  private void checkParser() throws ProtocolException {
    var messages =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 5\r\nX: y\r\n\r\nhello"
            + "HTTP/1.1 429 Too Many\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n\"st\r\n6\r\nream\":\r\n5\r\n true\r\n"
            + "0\r\nTrailer: 1\r\n\r\nHTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    var bytes = messages.getBytes(US_ASCII);
    for (var cut = 0; cut <= bytes.length; cut++) {
      var parser = new HttpParser("\"stream\":true");
      var seen = new ArrayList<String>();
      for (var part :
          List.of(
              ByteBuffer.wrap(bytes, 0, cut), ByteBuffer.wrap(bytes, cut, bytes.length - cut))) {
        while (part.hasRemaining() && parser.read(part)) {
          seen.add(parser.status() + " " + parser.found() + " " + parser.closes());
        }
      }
      check(
          seen.equals(List.of("201 false false", "429 true false", "204 false true")),
          "messages cut at byte " + cut + " were read as " + seen);
    }
  }

  private void checkHistogram() {
    for (var micros = 1L; micros < 3_600_000_000L; micros = micros * 5 / 4 + 1) {
      var histogram = new Histogram();
      histogram.add(micros * 1_000);
      histogram.add(Long.MAX_VALUE / 2); // so that the maximum does not correct the median
      var error = histogram.quantileMillis(0.5) * 1_000 / micros - 1;
      check(error >= 0 && error <= 1.0 / 64, micros + " us were counted with an error of " + error);
    }
  }

  private void checkCapacity(int seconds) throws IOException, InterruptedException {
    run("warm-up", new Plan.Closed(64, seconds));
    for (var connections : List.of(16, 64, 2_000, 10_000)) {
      var result = run(connections + " connections", new Plan.Closed(connections, seconds));
      check(result.errors() == 0, connections + " connections had errors: " + result);
      check(
          connections > 64 || result.number("rate") >= 20_000,
          "only " + result.number("rate") + " messages/s with " + connections + " connections");
    }
  }

  private void checkDelay() throws IOException, InterruptedException {
    control.put("/delay/1000");
    var result = run("10,000 at once, 1 s", new Plan.AtOnce(10_000, 3));
    check(result.count("accepted") == 30_000 && result.errors() == 0, "10,000 at once: " + result);
    check(
        result.number("p50") >= 1_000 && result.number("max") < 5_000,
        "an answer after 1 s was measured as " + result);
    control.put("/delay/0");
  }

  private void checkRefusals() throws IOException, InterruptedException {
    control.put("/refuse/4");
    var result = run("every 4th refused", new Plan.Open(64, 2_000, 2));
    check(
        result.count("accepted") == 3_000 && result.count("refused") == 1_000,
        "every 4th of 4,000: " + result);
    control.put("/refuse/0");
  }

  /**
   * A server that takes 100 ms, offered ten times what one connection can carry: the last waits
   * nearly all the time.
   */
  private void checkIntendedTimes() throws IOException, InterruptedException {
    control.put("/delay/100");
    var result = run("ten times too much", new Plan.Open(1, 100, 2));
    check(
        result.number("max") > 1_500 && result.count("unsent") > 150,
        "waiting for a connection was not seen: " + result);
    control.put("/delay/0");
  }

  /** Runs a plan, prints what it gave and cost, and checks that both sides counted the same. */
  private Result run(String name, Plan plan) throws IOException, InterruptedException {
    var answeredBefore = answered();
    var stubBefore = Proc.cpuMillis(stub.pid());
    var loadBefore = Proc.cpuMillis(load.pid());
    load.say(plan.line());
    var result = Result.parse(load.hear("result", LIMIT));
    var messages = Math.max(1.0, result.count("answered"));
    System.out.printf(
        "%-20s %8.0f messages/s  p50 %8.2f  p99 %8.2f  max %8.2f ms  CPU us/message: load %5.1f, stub %5.1f  %s%n",
        name,
        result.number("rate"),
        result.number("p50"),
        result.number("p99"),
        result.number("max"),
        1_000 * (Proc.cpuMillis(load.pid()) - loadBefore) / messages,
        1_000 * (Proc.cpuMillis(stub.pid()) - stubBefore) / messages,
        result.values().get("statuses"));
    var counted = answered() - answeredBefore;
    check(
        counted == result.count("answered"),
        name + ": the stub answered " + counted + ", the load read " + result);
    return result;
  }

  private long answered() throws IOException, InterruptedException {
    var stats = control.require("GET", "/stats", new String[0], "");
    return Json.number(stats, "answered");
  }

  private void check(boolean holds, String failure) {
    if (!holds) {
      failures.add(failure);
    }
  }

  @Override
  public void close() throws IOException {
    control.close();
    load.close();
    stub.close();
    Files.deleteIfExists(ids);
  }
}
