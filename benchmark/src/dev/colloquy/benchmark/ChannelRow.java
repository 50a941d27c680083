package dev.colloquy.benchmark;

import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One line of the report of {@link Channels}, of one measurement or all rounds of it; NaN where
 * something does not apply.
 *
 * @param rates messages arrived per second, of each round, from the first request to the last
 *     arrival; empty where they are sent one by one
 * @param acceptedRate requests accepted per second, median of the rounds
 * @param left messages that had still to arrive when the last request was answered, the most of all
 *     rounds
 * @param drainSeconds until those had arrived, the most of all rounds
 * @param times of all messages of all rounds
 * @param messages that were accepted, as {@code refused} (429), {@code errors}, {@code lost} and
 *     {@code doubled} of all rounds
 * @param usage CPU of all rounds
 * @param peakMib the server's memory, the most of all rounds
 */
record ChannelRow(
    String name,
    List<Double> rates,
    double acceptedRate,
    double left,
    double drainSeconds,
    Histogram times,
    long messages,
    long refused,
    long errors,
    long lost,
    long doubled,
    Usage usage,
    double peakMib) {

  static final List<String> HEADINGS =
      List.of(
          "run",
          "messages/s (range)",
          "accepted/s",
          "left",
          "drained in s",
          "p50 ms",
          "p99 ms",
          "max ms",
          "accepted",
          "429",
          "errors",
          "lost",
          "doubled",
          "server CPU ms/msg",
          "PostgreSQL CPU ms/msg",
          "stub CPU ms/msg",
          "load CPU ms/msg",
          "server peak MiB",
          "foreign CPU");

  private static final Usage NO_USAGE = Usage.sum(List.of());

  ChannelRow {
    rates = List.copyOf(rates);
  }

  /** Of messages that were sent many at once, in one round or several. */
  static ChannelRow ofRounds(String name, List<Outcome> rounds) {
    var row = ofOneByOne(name, rounds);
    return new ChannelRow(
        name,
        rounds.stream().map(Outcome::rate).toList(),
        median(rounds, Outcome::acceptedRate),
        rounds.stream().mapToLong(Outcome::left).max().orElse(0),
        rounds.stream().mapToDouble(Outcome::drainSeconds).max().orElse(0),
        row.times,
        row.messages,
        row.refused,
        row.errors,
        row.lost,
        row.doubled,
        row.usage,
        row.peakMib);
  }

  /** Of messages that were sent each after the one before had arrived: of such there is no rate. */
  static ChannelRow ofOneByOne(String name, List<Outcome> rounds) {
    var times = new Histogram();
    rounds.forEach(round -> round.addTimes(times));
    return new ChannelRow(
        name,
        List.of(),
        Double.NaN,
        Double.NaN,
        Double.NaN,
        times,
        rounds.stream().mapToLong(Outcome::accepted).sum(),
        rounds.stream().mapToLong(Outcome::refused).sum(),
        rounds.stream().mapToLong(Outcome::errors).sum(),
        rounds.stream().mapToLong(Outcome::lost).sum(),
        rounds.stream().mapToLong(Outcome::doubled).sum(),
        Usage.sum(rounds.stream().map(Outcome::usage).toList()),
        rounds.stream().mapToLong(Outcome::peakMib).max().orElse(0));
  }

  /** Of times alone. */
  static ChannelRow of(String name, Histogram times, long messages, long errors) {
    return new ChannelRow(
        name,
        List.of(),
        Double.NaN,
        Double.NaN,
        Double.NaN,
        times,
        messages,
        0,
        errors,
        0,
        0,
        NO_USAGE,
        Double.NaN);
  }

  ChannelRow with(Usage other) {
    return new ChannelRow(
        name,
        rates,
        acceptedRate,
        left,
        drainSeconds,
        times,
        messages,
        refused,
        errors,
        lost,
        doubled,
        other,
        peakMib);
  }

  /** Median of the rounds. */
  double rate() {
    return median(rates, rate -> rate);
  }

  /** In milliseconds; NaN where nothing arrived. */
  double p50() {
    return quantile(0.5);
  }

  double p99() {
    return quantile(0.99);
  }

  private double quantile(double share) {
    return times.count() == 0 ? Double.NaN : times.quantileMillis(share);
  }

  /** All that was not as it should be. */
  long faults() {
    return refused + errors + lost + doubled;
  }

  /** Share of the machine's CPU, 0 to 1, that others took; NaN where that was not looked at. */
  double foreignShare() {
    return usage.nanos() == 0 ? Double.NaN : usage.foreignShare();
  }

  /** The cells under {@link #HEADINGS}. */
  List<String> cells() {
    return List.of(
        name,
        Row.digits(rate(), 0) + range(),
        Row.digits(acceptedRate, 0),
        Row.digits(left, 0),
        Row.digits(drainSeconds, 1),
        Row.digits(p50(), 2),
        Row.digits(p99(), 2),
        Row.digits(quantile(1), 1),
        Long.toString(messages),
        Long.toString(refused),
        Long.toString(errors),
        Long.toString(lost),
        Long.toString(doubled),
        Row.digits(perMessage(usage.server()), 2),
        Row.digits(perMessage(usage.postgres()), 2),
        Row.digits(perMessage(usage.stub()), 3),
        Row.digits(perMessage(usage.load()), 3),
        Row.digits(peakMib, 0),
        Double.isNaN(foreignShare()) ? "-" : Row.digits(foreignShare() * 100, 0) + " %");
  }

  private String range() {
    return rates.size() < 2
        ? ""
        : " (%s-%s)"
            .formatted(
                Row.digits(Collections.min(rates), 0), Row.digits(Collections.max(rates), 0));
  }

  /** Refused and failed messages cost too: the price is per request. */
  private double perMessage(long cpuMillis) {
    return usage.nanos() == 0
        ? Double.NaN
        : cpuMillis / (double) Math.max(1, messages + refused + errors);
  }

  private static <T> double median(List<T> values, ToDoubleFunction<T> value) {
    var sorted = values.stream().mapToDouble(value).sorted().toArray();
    var middle = sorted.length / 2;
    return sorted.length == 0
        ? Double.NaN
        : sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
