package dev.colloquy.benchmark;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * One measurement, or the median of several; NaN where something does not apply.
 *
 * @param rate messages per second
 * @param rates of the measurements that this is the median of
 * @param p50 of accepted messages, in ms, as {@code p99} and {@code max} (of all rounds)
 * @param lateP50 of those that were to be sent in the second half of the time, as {@code lateP99}
 * @param accepted messages, as {@code refused} (429) and {@code errors} summed over the rounds
 * @param unsent messages that were due at a fixed rate but found all connections busy to the end
 * @param serverCpu CPU ms per message, as {@code postgresCpu}, {@code stubCpu} and {@code
 *     driverCpu} (load or pgbench)
 * @param peakMib the server's memory
 * @param foreign share of the machine's CPU that others took, the highest of the rounds
 */
record Row(
    String name,
    double rate,
    List<Double> rates,
    double p50,
    double p99,
    double max,
    double lateP50,
    double lateP99,
    long accepted,
    long refused,
    long errors,
    long unsent,
    double serverCpu,
    double postgresCpu,
    double stubCpu,
    double driverCpu,
    double peakMib,
    double foreign) {

  static final List<String> HEADINGS =
      List.of(
          "run",
          "messages/s (range)",
          "p50 ms",
          "p99 ms",
          "max ms",
          "accepted",
          "429",
          "errors",
          "unsent",
          "server CPU ms/msg",
          "PostgreSQL CPU ms/msg",
          "stub CPU ms/msg",
          "load CPU ms/msg",
          "server peak MiB",
          "foreign CPU");

  Row {
    rates = List.copyOf(rates);
  }

  static Row of(String name, Result result, Usage usage, long peakMib) {
    // Refused messages cost too: the price is per answer.
    var messages = Math.max(1.0, result.count("answered"));
    return new Row(
        name,
        result.number("rate"),
        List.of(result.number("rate")),
        result.number("p50"),
        result.number("p99"),
        result.number("max"),
        result.number("lateP50"),
        result.number("lateP99"),
        result.count("accepted"),
        result.count("refused"),
        result.errors(),
        result.count("unsent"),
        usage.server() / messages,
        usage.postgres() / messages,
        usage.stub() / messages,
        usage.load() / messages,
        peakMib,
        usage.foreignShare());
  }

  static Row of(String name, Pgbench.Run run, Usage usage) {
    return new Row(
        name,
        run.rate(),
        List.of(run.rate()),
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        run.messages(),
        0,
        0,
        0,
        Double.NaN,
        usage.postgres() / (double) run.messages(),
        Double.NaN,
        usage.driver() / (double) run.messages(),
        Double.NaN,
        usage.foreignShare());
  }

  /** The middle of several measurements of the same thing, value by value. */
  static Row median(List<Row> rows) {
    return new Row(
        rows.getFirst().name,
        median(rows, Row::rate),
        rows.stream().map(Row::rate).toList(),
        median(rows, Row::p50),
        median(rows, Row::p99),
        rows.stream().mapToDouble(Row::max).max().orElse(Double.NaN),
        median(rows, Row::lateP50),
        median(rows, Row::lateP99),
        rows.stream().mapToLong(Row::accepted).sum(),
        rows.stream().mapToLong(Row::refused).sum(),
        rows.stream().mapToLong(Row::errors).sum(),
        rows.stream().mapToLong(Row::unsent).sum(),
        median(rows, Row::serverCpu),
        median(rows, Row::postgresCpu),
        median(rows, Row::stubCpu),
        median(rows, Row::driverCpu),
        rows.stream().mapToDouble(Row::peakMib).max().orElse(Double.NaN),
        rows.stream().mapToDouble(Row::foreign).max().orElse(Double.NaN));
  }

  /** The cells under {@link #HEADINGS}. */
  List<String> cells() {
    var lowest = rates.stream().min(Comparator.naturalOrder()).orElse(rate);
    var highest = rates.stream().max(Comparator.naturalOrder()).orElse(rate);
    var range = rates.size() > 1 ? " (" + digits(lowest, 0) + "-" + digits(highest, 0) + ")" : "";
    return List.of(
        name,
        digits(rate, 0) + range,
        digits(p50, 1),
        digits(p99, 1),
        digits(max, 0),
        Long.toString(accepted),
        Long.toString(refused),
        Long.toString(errors),
        Long.toString(unsent),
        digits(serverCpu, 2),
        digits(postgresCpu, 2),
        digits(stubCpu, 3),
        digits(driverCpu, 3),
        digits(peakMib, 0),
        digits(foreign * 100, 0) + " %");
  }

  /** The share of the messages offered that were refused with 429. */
  double refusedShare() {
    return refused / (double) Math.max(1, accepted + refused + errors + unsent);
  }

  /** A number with so many decimals, or "-" where it does not apply. */
  static String digits(double value, int decimals) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  static double median(List<Row> rows, ToDoubleFunction<Row> value) {
    var sorted = rows.stream().mapToDouble(value).sorted().toArray();
    var middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
