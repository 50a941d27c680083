package dev.colloquy.benchmark;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What came of the messages of one plan. One thread. */
final class Tally {
  private static final int REFUSED = 429;

  private final Histogram accepted = new Histogram();
  private final Histogram acceptedLate = new Histogram();
  private final Histogram refused = new Histogram();
  private final Map<Integer, Long> statuses = new TreeMap<>();
  private long acceptedInWindow;
  private long broken;
  private long unanswered;
  private long unsent;

  /**
   * Counts an answer.
   *
   * @param nanos from the moment the message was to be sent
   * @param inWindow whether it came while messages were still being sent
   * @param late whether the message was to be sent in the second half of that time
   */
  void answered(int status, long nanos, boolean inWindow, boolean late) {
    statuses.merge(status, 1L, Long::sum);
    if (status / 100 == 2) {
      accepted.add(nanos);
      if (late) {
        acceptedLate.add(nanos);
      }
      acceptedInWindow += inWindow ? 1 : 0;
    } else if (status == REFUSED) {
      refused.add(nanos);
    }
  }

  /** Counts a message whose connection broke before the answer was complete. */
  void broken() {
    broken++;
  }

  long brokenSoFar() {
    return broken;
  }

  /**
   * Counts messages without an answer when the patience was over, and those that found no free
   * connection.
   */
  void left(long unanswered, long unsent) {
    this.unanswered += unanswered;
    this.unsent += unsent;
  }

  /**
   * One line of key=value, times in milliseconds, the rate in accepted messages per second of the
   * window.
   */
  String line(double windowSeconds, long cpuMillis) {
    var answered = statuses.values().stream().mapToLong(Long::longValue).sum();
    var byStatus =
        statuses.entrySet().stream()
            .map(entry -> entry.getKey() + ":" + entry.getValue())
            .collect(Collectors.joining(","));
    return String.format(
        Locale.ROOT,
        "rate=%.1f p50=%.3f p99=%.3f max=%.3f lateP50=%.3f lateP99=%.3f answered=%d accepted=%d refused=%d refusedP99=%.3f broken=%d "
            + "unanswered=%d unsent=%d window=%.2f cpuPerMessage=%.4f statuses=%s",
        acceptedInWindow / windowSeconds,
        accepted.quantileMillis(0.5),
        accepted.quantileMillis(0.99),
        accepted.maxMillis(),
        acceptedLate.quantileMillis(0.5),
        acceptedLate.quantileMillis(0.99),
        answered,
        accepted.count(),
        refused.count(),
        refused.quantileMillis(0.99),
        broken,
        unanswered,
        unsent,
        windowSeconds,
        cpuMillis / (double) Math.max(1, answered),
        byStatus.isEmpty() ? "none" : byStatus);
  }
}
