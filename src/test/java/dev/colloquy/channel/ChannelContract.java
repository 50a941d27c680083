package dev.colloquy.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.delivery.Outgoing;
import dev.colloquy.testing.Unique;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * What every provider must do, shown against a fake of its service. The fake answers as the
 * service's documentation says; what is set with {@code next} holds for the next request only.
 */
public abstract class ChannelContract {
  /** Reasons are shown to whoever may see the conversation: codes, never a service's own words. */
  private static final String CODE = "[a-z][a-z0-9_]{1,63}";

  /** The provider, set up so that it reaches the fake. */
  protected abstract ChannelProvider provider();

  /** A new delivery with this body, at its first attempt. */
  protected abstract Outgoing outgoing(String body);

  /** The fake takes the next request. */
  protected abstract void acceptNext();

  /** Nobody listens where the fake was, until the next call of another of these methods. */
  protected abstract void refuseConnections();

  /** The fake refuses the next request for good. */
  protected abstract void rejectNext();

  /** The fake takes the next request and hangs up before it answers. */
  protected abstract void dropAfterRequest();

  /**
   * The ids of what the fake has taken for this test's agent, oldest first: those by which it would
   * drop repeats, or else its own.
   */
  protected abstract List<String> received();

  @Test
  void whatIsAcceptedIsTakenOnceAndHasTheServicesId() throws Exception {
    acceptNext();

    var result = provider().send(outgoing("Your order was sent."));

    assertThat(result).isInstanceOf(SendResult.Accepted.class);
    assertThat(received()).containsExactly(((SendResult.Accepted) result).externalId());
  }

  @Test
  void whatNobodyTookIsTriedAgainLater() throws Exception {
    var outgoing = outgoing("Your order was sent.");
    refuseConnections();
    var refused = provider().send(outgoing);
    assertThat(refused).isInstanceOf(SendResult.Retryable.class);
    assertThat(((SendResult.Retryable) refused).reason()).matches(CODE);
    acceptNext();

    var taken = provider().send(outgoing.nextAttempt());

    assertThat(taken).isInstanceOf(SendResult.Accepted.class);
    assertThat(received()).hasSize(1);
  }

  @Test
  void whatIsRefusedForGoodIsRejectedWithACode() throws Exception {
    rejectNext();

    var result = provider().send(outgoing("Your order was sent."));

    assertThat(result).isInstanceOf(SendResult.Rejected.class);
    assertThat(((SendResult.Rejected) result).reason()).matches(CODE);
    assertThat(received()).isEmpty();
  }

  @Test
  void aLineThatBreaksAfterTheRequestIsAmbiguousAndARepeatIsKnown() throws Exception {
    var outgoing = outgoing("Your order was sent.");
    dropAfterRequest();
    var lost = provider().send(outgoing);
    assertThat(lost).isInstanceOf(SendResult.Ambiguous.class);
    assertThat(((SendResult.Ambiguous) lost).reason()).matches(CODE);
    if (!provider().dropsRepeats()) {
      return; // the dispatcher does not send it again
    }
    acceptNext();

    var again = provider().send(outgoing.nextAttempt());

    assertThat(again).isInstanceOf(SendResult.Accepted.class);
    assertThat(received()).isNotEmpty().containsOnly(((SendResult.Accepted) again).externalId());
  }

  @Test
  void noLogEverHoldsTheBodyOrTheRecipient() throws Exception {
    var secret = Unique.word();
    var outgoing = outgoing("The code is " + secret + ".");
    var lines = new CopyOnWriteArrayList<String>();
    var listener = listener(lines);
    var root = Logger.getLogger("");
    root.addHandler(listener);
    try {
      rejectNext();
      provider().send(outgoing);
      dropAfterRequest();
      provider().send(outgoing);
      refuseConnections();
      provider().send(outgoing);
      acceptNext();
      provider().send(outgoing);
    } finally {
      root.removeHandler(listener);
    }
    assertThat(lines).noneMatch(line -> line.contains(secret));
    assertThat(lines).noneMatch(line -> line.contains(outgoing.recipient()));
  }

  private static Handler listener(List<String> lines) {
    return new Handler() {
      @Override
      public void publish(LogRecord entry) {
        var thrown = entry.getThrown();
        lines.add(
            entry.getMessage() + " " + java.util.Arrays.toString(parameters(entry)) + " " + thrown);
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  private static Object[] parameters(LogRecord entry) {
    return entry.getParameters() == null ? new Object[0] : entry.getParameters();
  }
}
