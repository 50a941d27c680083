package dev.colloquy.platform.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** What waits to be sent is bounded, and what does not fit is not forgotten. */
class QueueTest {
  private static final String LONG = "x".repeat(Signals.MAX_PAYLOAD_BYTES);

  private final Queue queue = new Queue();

  @Test
  void whatDoesNotFitIsKeptAsATopicToLookAtAgain() throws InterruptedException {
    var fitted = 0;
    while (queue.hint("conversation:a", LONG)) {
      fitted++;
    }
    assertThat(fitted).isBetween(400, 600);
    for (var i = 0; i < 5_000; i++) {
      queue.hint("conversation:" + i % 10, LONG);
    }

    var batch = queue.take();

    assertThat(batch.hints).hasSize(fitted);
    assertThat(batch.lost).hasSize(11).contains(TopicHash.of("conversation:a"));
    assertThat(batch.lostAll).isFalse();
    assertThat(queue.hint("conversation:a", LONG)).as("there is room again").isTrue();
  }

  @Test
  void topicsWithoutNumberToLookAtAgainAreOneWord() throws InterruptedException {
    for (var i = 0L; i < 100_000; i++) {
      queue.lost(i);
    }

    var batch = queue.take();

    assertThat(batch.lost.size()).isLessThanOrEqualTo(20_000);
    assertThat(batch.lostAll).isTrue();
  }

  @Test
  void whatCouldNotBeSentIsToBeLookedAtAndListenersAreAnnouncedAnew() throws InterruptedException {
    queue.hint("conversation:a", "1");
    queue.changed("conversation:b");
    queue.ask();
    queue.lost(7);

    queue.failed(queue.take());
    var again = queue.take();

    assertThat(again.hints).isEmpty();
    assertThat(again.lost).isEqualTo(Set.of(7L, TopicHash.of("conversation:a")));
    assertThat(again.announce).isTrue();
    assertThat(again.ask).isTrue();
    assertThat(again.lostAll).isFalse();
  }
}
