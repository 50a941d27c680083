package dev.colloquy.benchmark;

import java.util.List;
import java.util.function.Predicate;

/**
 * What came of the postings of one measurement, as far as has arrived when it is asked.
 *
 * @param posted not empty
 * @param usage from the first request to the last arrival
 * @param peakMib the server's memory in that time
 */
record Outcome(List<Posted> posted, Arrivals arrivals, Usage usage, long peakMib) {
  Outcome {
    posted = List.copyOf(posted);
  }

  long accepted() {
    return count(Posted::isAccepted);
  }

  /** Refused for overload, with 429. */
  long refused() {
    return count(Posted::isRefused);
  }

  /** With any other answer, or none. */
  long errors() {
    return posted.size() - accepted() - refused();
  }

  /** Accepted, and never arrived. */
  long lost() {
    return count(each -> each.isAccepted() && arrivals.count(each.address()) == 0);
  }

  /** Arrived more than once. */
  long doubled() {
    return count(each -> arrivals.count(each.address()) > 1);
  }

  /** Messages arrived per second, from the first request to the last arrival. */
  double rate() {
    var arrived = arrived();
    return arrived == 0 ? 0 : arrived / seconds(lastArrival() - firstRequest());
  }

  /** Requests accepted per second, from the first request to the last answer. */
  double acceptedRate() {
    return accepted() / seconds(lastAnswer() - firstRequest());
  }

  /** Messages that had still to arrive when the last request was answered. */
  long left() {
    var end = lastAnswer();
    return count(each -> arrivals.nanos(each.address()) > end);
  }

  /** Seconds from the last answer to the last arrival. */
  double drainSeconds() {
    return Math.max(0, seconds(lastArrival() - lastAnswer()));
  }

  /** Adds how long each took that arrived, from its request. */
  void addTimes(Histogram times) {
    posted.stream()
        .filter(each -> arrivals.count(each.address()) > 0)
        .forEach(each -> times.add(arrivals.nanos(each.address()) - each.start()));
  }

  private long arrived() {
    return count(each -> arrivals.count(each.address()) > 0);
  }

  private long firstRequest() {
    return posted.stream().mapToLong(Posted::start).min().orElseThrow();
  }

  private long lastAnswer() {
    return posted.stream().mapToLong(Posted::end).max().orElseThrow();
  }

  private long lastArrival() {
    return posted.stream().mapToLong(each -> arrivals.nanos(each.address())).max().orElseThrow();
  }

  private long count(Predicate<Posted> which) {
    return posted.stream().filter(which).count();
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
