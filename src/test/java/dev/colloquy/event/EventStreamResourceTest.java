package dev.colloquy.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.testing.Api;
import dev.colloquy.testing.EventClient;
import dev.colloquy.testing.ServerTest;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Feeds as streams of events. */
@ServerTest
@Timeout(60)
class EventStreamResourceTest {
  private Api agent;
  private String conversation;

  @BeforeEach
  void make() {
    agent = Api.newAgent();
    conversation = agent.newConversation();
  }

  private String path() {
    return "/external/conversations/" + conversation + "/events";
  }

  @Test
  void aStreamSaysWhatThePagesSayAndThenWhatHappens() throws Exception {
    agent.send(conversation, "one").then().statusCode(201);
    for (var feed : List.of(path(), "/external/events")) {
      var pages = agent.get(feed);
      try (var stream = open(feed, null)) {
        assertThat(stream.next(3))
            .extracting(EventClient.Received::id)
            .isEqualTo(pages.jsonPath().getList("data.id"));
        agent.put("/external/conversations/" + conversation + "/mode", mode("manual"));
        assertThat(stream.next().type()).isEqualTo("mode.changed");
        agent.send(conversation, "two").then().statusCode(201);
        var message = stream.next();
        assertThat(message.type()).isEqualTo("message.created");
        assertThat(message.data().at("/data/message").asText()).isEqualTo("two");
        assertThat(message.data().path("id").asText()).isEqualTo(message.id());
      }
      conversation = agent.newConversation();
      agent = Api.newAgent();
      conversation = agent.newConversation();
      agent.send(conversation, "one").then().statusCode(201);
    }
  }

  private static Map<String, String> mode(String mode) {
    return Map.of("mode", mode);
  }

  @Test
  void aReaderThatComesBackGoesOnAfterItsLastEvent() throws Exception {
    agent.send(conversation, "one").then().statusCode(201);
    for (var feed : List.of(path(), "/external/events")) {
      var ids = agent.get(feed).jsonPath().<String>getList("data.id");
      String last;
      try (var stream = open(feed, null)) {
        last = stream.next(2).getLast().id();
      }
      // The header wins over the query, which a reader that reconnects sends again.
      var query = feed.startsWith("/external/events") ? "?cursor=" + ids.getFirst() : "?after=0";
      try (var stream = open(feed + query, last)) {
        assertThat(stream.next().id()).isEqualTo(ids.get(2));
      }
    }
  }

  @Test
  void theStreamOfAConversationEndsWithItsDeletion() throws Exception {
    try (var stream = open(path(), null)) {
      assertThat(stream.next().type()).isEqualTo("conversation.created");
      agent.delete("/external/conversations/" + conversation).then().statusCode(204);
      assertThat(stream.next().type()).isEqualTo("conversation.deleted");
      assertThat(stream.ended()).isTrue();
    }
  }

  @Test
  void whatIsRefusedIsRefusedBeforeTheStream() throws Exception {
    var neighbour = Api.newAgent();
    assertThat(status(neighbour, path(), null)).isEqualTo(404);
    assertThat(status(agent, path(), "x")).isEqualTo(400);
    assertThat(status(agent, path() + "?after=x", null)).isEqualTo(400);
    assertThat(status(agent, path() + "?after=999999", null)).isEqualTo(400);
    assertThat(status(agent, path(), "999999")).isEqualTo(400);
    assertThat(status(agent, "/external/events", "17")).isEqualTo(400);
    assertThat(status(agent, "/external/events?cursor=x", null)).isEqualTo(400);
    var beyond = FeedCursor.before(Long.MAX_VALUE).text();
    assertThat(status(agent, "/external/events", beyond)).isEqualTo(400);
    assertThat(status(Api.agent("cq_agent_nobody-has-this"), path(), null)).isEqualTo(403);
  }

  private static int status(Api caller, String path, String lastEventId) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(request(caller, path, lastEventId), HttpResponse.BodyHandlers.ofString())
          .statusCode();
    }
  }

  private static HttpRequest request(Api caller, String path, String lastEventId) {
    var request = EventClient.request(caller, path);
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    return request.build();
  }

  private EventClient open(String path, String lastEventId) throws Exception {
    return EventClient.get(agent, path, lastEventId);
  }
}
