package dev.colloquy.benchmark;

/** How load is put on a server. In all of them no conversation has two messages under way. */
sealed interface Plan {
  /** Connections opened before the start and kept. */
  int connections();

  /**
   * Each connection sends its next message when the last one is answered: what a server carries
   * with that many at once.
   *
   * @param seconds how long messages are sent
   */
  record Closed(int connections, double seconds) implements Plan {}

  /**
   * Messages are sent at a fixed rate whatever the answers do; latency counts from the intended
   * moment, so a stalled server cannot hide its stall. A message whose moment has come while all
   * connections are busy waits for one.
   *
   * @param rate messages per second
   * @param seconds how long messages are sent
   */
  record Open(int connections, double rate, double seconds) implements Plan {}

  /**
   * All connections send one message at the same moment, and again when all are answered.
   *
   * @param rounds how often
   */
  record AtOnce(int connections, int rounds) implements Plan {}

  /**
   * Reads {@code closed CONNECTIONS SECONDS}, {@code open CONNECTIONS RATE SECONDS} or {@code
   * at-once CONNECTIONS ROUNDS}.
   */
  static Plan parse(String line) {
    var words = line.strip().split("\\s+");
    return switch (words[0] + " " + words.length) {
      case "closed 3" -> new Closed(Integer.parseInt(words[1]), Double.parseDouble(words[2]));
      case "open 4" ->
          new Open(
              Integer.parseInt(words[1]),
              Double.parseDouble(words[2]),
              Double.parseDouble(words[3]));
      case "at-once 3" -> new AtOnce(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      default -> throw new IllegalArgumentException("no plan: " + line);
    };
  }

  /** The plan as {@link #parse} reads it. */
  default String line() {
    return switch (this) {
      case Closed(var connections, var seconds) -> "closed " + connections + " " + seconds;
      case Open(var connections, var rate, var seconds) ->
          "open " + connections + " " + rate + " " + seconds;
      case AtOnce(var connections, var rounds) -> "at-once " + connections + " " + rounds;
    };
  }
}
