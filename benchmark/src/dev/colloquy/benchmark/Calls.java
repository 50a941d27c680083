package dev.colloquy.benchmark;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Talks in calls as Vapi does, and by turns asks the stub model the same things without the server:
 * what the server adds to the time until a caller hears something is the difference. One thread.
 */
final class Calls {
  /** How long the model rests after its first word: a server that waits for the rest shows it. */
  static final Duration PAUSE = Duration.ofMillis(20);

  private static final String GREETING = "Hello Grace, this is Ada. Your order is ready.";

  private final Server server;
  private final StubVapi vapi;
  private final int stubPort;
  private final Http stub;
  private int people;

  /** Gives the agent its account at Vapi. */
  Calls(Server server, StubVapi vapi, int stubPort, Http stub)
      throws IOException, InterruptedException {
    this.server = server;
    this.vapi = vapi;
    this.stubPort = stubPort;
    this.stub = stub;
    server.setSkill(
        "voice",
        "{\"provider\":\"vapi\",\"vApiPhoneNumberId\":\"number\",\"vapi\":{\"apiKey\":\"key\",\"serverSecret\":\"secret\",\"baseUrl\":\"%s\"}}"
            .formatted(vapi.baseUrl()));
  }

  /**
   * What was heard.
   *
   * @param overServer in calls
   * @param directly from the stub model
   */
  record Heard(SpokenWay overServer, SpokenWay directly) {}

  /**
   * Makes calls, one after the other.
   *
   * @param utterances that are measured in each; before them is one that is not, while the call may
   *     still be noted as made
   */
  Heard talk(int calls, int utterances, Supplier<Usage> usage)
      throws IOException, InterruptedException {
    stub.put("/pause/" + PAUSE.toMillis());
    try (var overServer = new SpokenWay(server.port(), stub);
        var directly = new SpokenWay(stubPort, stub)) {
      for (var i = 0; i < calls; i++) {
        var model = call();
        var said = conversation(utterances + 1);
        talk(overServer, server.port(), model.getRawPath() + "/chat/completions", said, usage);
        talk(directly, stubPort, "/v1/chat/completions", said, usage);
      }
      return new Heard(overServer, directly);
    } finally {
      stub.put("/pause/0");
    }
  }

  private static void talk(
      SpokenWay way, int port, String path, List<String> bodies, Supplier<Usage> usage)
      throws IOException, InterruptedException {
    // The client that Vapi asks with accepts JSON also where it wants a stream.
    var headers = List.of("Content-Type: application/json", "Accept: application/json");
    var before = usage.get();
    for (var i = 0; i < bodies.size(); i++) {
      way.ask(HttpLine.request(port, path, headers, bodies.get(i)), i > 0);
    }
    way.took(usage.get().since(before));
  }

  /** Begins a call to somebody new; where its replies are asked for. */
  private URI call() throws IOException, InterruptedException {
    var number = "+1310%07d".formatted(2_000_000 + people++);
    server
        .http()
        .require(
            "POST",
            "/external/conversations/start",
            server.agentHeader(),
            "{\"channel\":\"voice\",\"firstName\":\"Grace\",\"lastName\":\"Hopper\",\"phoneNumber\":\"%s\",\"firstMessage\":\"%s\"}"
                .formatted(number, GREETING));
    return vapi.model(number);
  }

  /** The bodies of requests for one reply after the other, each with all that was said before. */
  private static List<String> conversation(int utterances) {
    var bodies = new ArrayList<String>();
    var said = new StringBuilder(message("assistant", GREETING));
    for (var i = 1; i <= utterances; i++) {
      said.append(',').append(message("user", "How long does delivery of parcel " + i + " take?"));
      bodies.add(
          "{\"model\":\"colloquy\",\"stream\":true,\"temperature\":0.5,\"messages\":[%s]}"
              .formatted(said));
      said.append(',').append(message("assistant", StubAnswers.TEXT));
    }
    return bodies;
  }

  private static String message(String role, String content) {
    return "{\"role\":\"%s\",\"content\":\"%s\"}".formatted(role, content);
  }
}
