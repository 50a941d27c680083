package dev.colloquy.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invariants 1, 3 and 5, as seen from outside. */
@ServerTest
class TurnOrderTest {
  private static final int SENT_AT_ONCE = 30;
  private static final int CONVERSATIONS = 20;

  @Inject Database database;
  StubModelServer stub;

  @AfterEach
  void reset() {
    stub.reset();
  }

  @Test
  void invariant1TheQuestionIsKeptBeforeTheModelIsAsked() {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    var found = new ConcurrentLinkedQueue<List<String>>();
    scene.answers(
        stub,
        _ -> {
          found.add(scene.texts(conversation, "conversation_user"));
          return ModelAnswer.reply("Yes.");
        });

    scene.agent().send(conversation, "Is it kept?").then().statusCode(201);
    scene.async(conversation, "And this?").then().statusCode(201);

    assertThat(scene.texts(conversation, "conversation_user"))
        .containsExactly("Is it kept?", "And this?");
    Scene.soon().until(() -> found.size() == 2);
    assertThat(found).containsExactly(List.of("Is it kept?"), List.of("Is it kept?", "And this?"));
  }

  @Test
  void invariant3QuestionsSentAtOnceAreAnsweredOnceAndInTheirOrder() throws Exception {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    var overlap = answerBack(scene);

    sendAtOnce(scene, List.of(conversation), SENT_AT_ONCE);

    assertAnsweredInOrder(scene, conversation, SENT_AT_ONCE);
    assertThat(overlap.get()).as("turns of one conversation that overlapped").isZero();
    assertHistories(scene, conversation);
  }

  @Test
  void invariant3ConversationsDoNotWaitForEachOther() throws Exception {
    var scene = new Scene(database);
    var overlap = answerBack(scene);
    var conversations =
        IntStream.range(0, CONVERSATIONS).mapToObj(_ -> scene.agent().newConversation()).toList();

    sendAtOnce(scene, conversations, 5);

    for (var conversation : conversations) {
      assertAnsweredInOrder(scene, conversation, 5);
    }
    assertThat(overlap.get()).isZero();
  }

  @Test
  void aConversationGoesOnWhileAnotherOnesModelHangs() throws InterruptedException {
    var scene = new Scene(database);
    var release = new CountDownLatch(1);
    scene.answers(
        stub,
        request -> {
          if (Scene.question(request).equals("hang")) {
            await(release);
          }
          return ModelAnswer.reply("Yes.");
        });
    var slow = scene.agent().newConversation();
    var question = scene.async(slow, "hang").jsonPath().getString("id");

    scene.agent().send(scene.agent().newConversation(), "go on").then().statusCode(201);

    assertThat(scene.status(slow, question)).isEqualTo("pending");
    release.countDown();
    Scene.soon().until(() -> scene.status(slow, question).equals("completed"));
  }

  /** One question more than may wait is refused, and nothing of it is stored. */
  @Test
  void aConversationTakesAHundredOpenQuestionsAndNoMore() throws InterruptedException {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    var release = new CountDownLatch(1);
    scene.answers(
        stub,
        _ -> {
          await(release);
          return ModelAnswer.reply("Yes.");
        });
    for (int i = 0; i < 100; i++) {
      scene.async(conversation, "question " + i).then().statusCode(201);
    }

    var refused = scene.async(conversation, "one more");

    refused.then().statusCode(429);
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(scene.texts(conversation, "conversation_user"))
        .hasSize(100)
        .doesNotContain("one more");
    release.countDown();
    Scene.soon().until(() -> scene.texts(conversation, "assistant").size() == 100);
    scene.agent().send(conversation, "one more").then().statusCode(201);
  }

  @Test
  void invariant5NoConnectionIsHeldWhileModelsAreAsked() throws InterruptedException {
    var scene = new Scene(database);
    var asked = new CountDownLatch(40);
    var release = new CountDownLatch(1);
    scene.answers(
        stub,
        _ -> {
          asked.countDown();
          await(release);
          return ModelAnswer.reply("Yes.");
        });
    var conversations =
        IntStream.range(0, 40).mapToObj(_ -> scene.agent().newConversation()).toList();
    conversations.forEach(c -> scene.async(c, "hold").then().statusCode(201));
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

    // Of the server's other work (a lease, a sweep) nothing lasts; a held one would be seen always.
    Scene.soon()
        .until(() ->
            scene.count(
                    """
                    select count(*) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid()
                      and state <> 'idle'
                    """)
                == 0);

    release.countDown();
    conversations.forEach(c -> Scene.soon().until(() -> scene.texts(c, "assistant").size() == 1));
  }

  /** The key known, a send is one round trip before the model and one after. */
  @Test
  void aSendTakesTwoConnectionsFromThePool() {
    var scene = new Scene(database);
    var conversation = scene.agent().newConversation();
    scene.agent().send(conversation, "warm up").then().statusCode(201);
    var before = Acquisitions.count();

    for (int i = 0; i < 20; i++) {
      scene.agent().send(conversation, "question " + i).then().statusCode(201);
    }

    // Timers of the server may need some in between.
    assertThat(Acquisitions.count() - before).isBetween(40L, 52L);
  }

  private AtomicInteger answerBack(Scene scene) {
    var running = new ConcurrentHashMap<String, AtomicInteger>();
    var overlap = new AtomicInteger();
    scene.answers(
        stub,
        request -> {
          var question = Scene.question(request);
          var conversation = question.substring(0, question.indexOf(' '));
          var now = running.computeIfAbsent(conversation, _ -> new AtomicInteger());
          if (now.incrementAndGet() > 1) {
            overlap.incrementAndGet();
          }
          // Takes a while, in which another turn of the conversation would be seen.
          assertThat(scene.texts(conversation, "conversation_user")).contains(question);
          now.decrementAndGet();
          return ModelAnswer.reply("to " + question);
        });
    return overlap;
  }

  private static void sendAtOnce(Scene scene, List<String> conversations, int each)
      throws InterruptedException {
    var tasks = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < each; i++) {
      for (var conversation : conversations) {
        var text = conversation + " " + i;
        if (i % 2 == 0) {
          tasks.add(() -> scene.async(conversation, text).statusCode());
        } else {
          tasks.add(() -> {
            var reply = scene.agent().send(conversation, text);
            assertThat(reply.jsonPath().getString("message")).isEqualTo("to " + text);
            return reply.statusCode();
          });
        }
      }
    }
    try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var sent : senders.invokeAll(tasks)) {
        assertThat(sent.resultNow()).isEqualTo(201);
      }
    }
  }

  private static void assertAnsweredInOrder(Scene scene, String conversation, int count) {
    Scene.soon().until(() -> scene.texts(conversation, "assistant").size() == count);
    var questions = scene.texts(conversation, "conversation_user");
    assertThat(questions).hasSize(count).doesNotHaveDuplicates();
    assertThat(scene.texts(conversation, "assistant"))
        .isEqualTo(questions.stream().map(q -> "to " + q).toList());
    assertThat(scene.turns(conversation)).containsOnly("completed");
  }

  /** Each was asked with all exchanges before it, and with no question behind it. */
  private void assertHistories(Scene scene, String conversation) {
    var questions = scene.texts(conversation, "conversation_user");
    var requests = stub.requests().stream().filter(r -> r.model().equals(scene.model())).toList();
    assertThat(requests).hasSameSizeAs(questions);
    for (int i = 0; i < requests.size(); i++) {
      var told = new ArrayList<String>();
      for (var message : requests.get(i).body().path("messages")) {
        if (!message.path("role").asText().equals("system")) {
          told.add(message.path("content").asText());
        }
      }
      var expected = new ArrayList<String>();
      for (var before : questions.subList(0, i)) {
        expected.addAll(List.of(before, "to " + before));
      }
      expected.add(questions.get(i));
      assertThat(told).isEqualTo(expected);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
