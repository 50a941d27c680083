package dev.colloquy.platform.signal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what passes between nodes. */
final class SignalMetrics {
  final Counter sent;
  final Counter received;
  final Counter dropped;
  final Counter reconnects;

  SignalMetrics(MeterRegistry meters) {
    sent = counter(meters, "colloquy.signals.sent", "Hints sent to other nodes");
    received = counter(meters, "colloquy.signals.received", "Hints from other nodes");
    dropped = counter(meters, "colloquy.signals.dropped", "Hints that were sent as: look again");
    reconnects =
        counter(
            meters, "colloquy.signals.reconnects", "Times the listening connection was made anew");
  }

  private static Counter counter(MeterRegistry meters, String name, String description) {
    return Counter.builder(name).description(description).register(meters);
  }
}
