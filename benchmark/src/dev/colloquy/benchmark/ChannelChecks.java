package dev.colloquy.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The checks of {@link Self} of what only {@link Channels} measures with. */
final class ChannelChecks {
  private static final int PAUSE_MILLIS = 400;
  private static final String QUESTION = "{\"model\":\"stub\",\"stream\":true,\"messages\":[]}";

  private final List<String> failures = new ArrayList<>();

  /** What does not hold. */
  static List<String> failures(int stubPort, Http stub) throws IOException, InterruptedException {
    var checks = new ChannelChecks();
    checks.checkArrivals();
    checks.checkSending();
    checks.checkFirstWords(stubPort, stub);
    return checks.failures;
  }

  /** What is lost, doubled or came unasked must be told from what is as it should be. */
  private void checkArrivals() throws IOException {
    var arrivals = new Arrivals();
    var posted =
        Stream.of("lost@a", "once@a", "twice@a").map(address -> posted(address, 201)).toList();
    posted.forEach(each -> arrivals.expect(each.address()));
    try (var sink = new SmtpSink(arrivals)) {
      for (var recipient : List.of("once@a", "twice@a", "twice@a", "unasked@a")) {
        mail(sink.port(), recipient);
      }
    }
    var outcome = new Outcome(posted, arrivals, Usage.sum(List.of()), 0);
    var counts = List.of(outcome.lost(), outcome.doubled(), arrivals.unexpected());
    check(counts.equals(List.of(1L, 1L, 1L)), "lost, doubled, unasked: " + counts);
  }

  private static Posted posted(String address, int status) {
    return new Posted(address, System.nanoTime(), System.nanoTime(), status);
  }

  /** A mail with a line that begins with a dot, on a connection of its own. */
  private static void mail(int port, String recipient) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      in.readLine();
      var said =
          List.of(
              "EHLO check",
              "MAIL FROM:<check@a>",
              "RCPT TO:<" + recipient + ">",
              "DATA",
              "Subject: check\r\n\r\n..\r\n.",
              "QUIT");
      for (var line : said) {
        socket.getOutputStream().write((line + "\r\n").getBytes(US_ASCII));
        in.readLine();
      }
    }
  }

  /** Answers that are no 2xx, and ones that never come, must be counted. */
  private void checkSending() throws IOException, InterruptedException {
    var arrivals = new Arrivals();
    try (var api = new StubHttp((path, _) -> path.equals("/good") ? Optional.of("{}") : none())) {
      arrivals.arrived("good");
      var port = URI.create(api.baseUrl()).getPort();
      var sender = new Sender(port, arrivals);
      var postings = List.of(posting(port, "good"), posting(port, "bad"));
      var posted = new ArrayList<>(sender.oneByOne(postings));
      posted.add(posted("refused", 429));
      posted.add(posted("broken", 0));
      var outcome = new Outcome(posted, arrivals, Usage.sum(List.of()), 0);
      var counts = List.of(outcome.accepted(), outcome.refused(), outcome.errors());
      check(counts.equals(List.of(1L, 1L, 2L)), "accepted, refused, errors: " + counts);
    }
  }

  private static Optional<String> none() {
    return Optional.empty();
  }

  private static Posting posting(int port, String name) {
    return new Posting(name, HttpLine.request(port, "/" + name, List.of(), "{}"));
  }

  /** The first words are read before the others are written, and not counted with them. */
  private void checkFirstWords(int port, Http stub) throws IOException, InterruptedException {
    stub.put("/pause/" + PAUSE_MILLIS);
    var request = HttpLine.request(port, "/v1/chat/completions", List.of(), QUESTION);
    try (var way = new SpokenWay(port, stub)) {
      way.ask(request, true);
      var start = System.nanoTime();
      way.ask(request, true);
      var whole = (System.nanoTime() - start) / 1e6;
      var first = way.fromRequest("");
      check(
          first.faults() == 0 && first.messages() == 2 && whole >= PAUSE_MILLIS,
          "a stream of %.0f ms was read as %s".formatted(whole, first.cells()));
      check(
          first.times().maxMillis() < PAUSE_MILLIS,
          "the first words of %.0f ms took %.0f ms".formatted(whole, first.times().maxMillis()));
    }
    stub.put("/pause/0");
  }

  private void check(boolean holds, String failure) {
    if (!holds) {
      failures.add(failure);
    }
  }
}
