package dev.colloquy.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Puts the measurements of {@link Channels} into words and a table, as {@link Report} does. */
final class ChannelReport {
  private final Settings settings;
  private final ChannelBench bench;
  private final List<ChannelRow> warmUp;
  private final List<ChannelRow> messages;
  private final ChannelRow replyInCall;
  private final ChannelRow replyDirectly;
  private final ChannelRow wordsInCall;
  private final ChannelRow wordsDirectly;

  /**
   * @param messages mails out, mails in, mails one by one, texts one by one, texts in
   */
  ChannelReport(
      Settings settings,
      ChannelBench bench,
      List<ChannelRow> warmUp,
      List<ChannelRow> messages,
      Calls.Heard heard) {
    this.settings = settings;
    this.bench = bench;
    this.warmUp = List.copyOf(warmUp);
    this.messages = List.copyOf(messages);
    replyInCall = heard.overServer().fromRequest("call, request to first words");
    replyDirectly = heard.directly().fromRequest("the same without the server");
    wordsInCall = heard.overServer().fromModel("call, model's first words to the caller's");
    wordsDirectly = heard.directly().fromModel("the same without the server");
  }

  /** All that was refused, failed, lost, doubled, or came unasked, in the warm-up too. */
  long faults() {
    return Stream.of(messages, warmUp, List.of(replyInCall, replyDirectly))
            .flatMap(List::stream)
            .mapToLong(ChannelRow::faults)
            .sum()
        + bench.unexpected();
  }

  /** Prints the report; also writes it to a file, unless this was a smoke run. */
  void write() throws IOException, InterruptedException {
    var text = text();
    System.out.println("\n" + text);
    if (!settings.quick()) {
      var folder = Files.createDirectories(settings.root().resolve("benchmark/results"));
      var file = Files.writeString(folder.resolve(settings.stamp() + "-channels.md"), text);
      System.out.println("written to " + settings.root().relativize(file));
    }
  }

  private String text() throws IOException, InterruptedException {
    var rows = new ArrayList<>(messages);
    rows.addAll(List.of(replyInCall, replyDirectly, wordsInCall, wordsDirectly));
    return """
    # Benchmark `channels`, %s
    %s
    %s
    %s
    %s
    Rates are medians of %d rounds (range in brackets), times are of all rounds. How to read it: benchmark/README.md.

    %s
    - The model answers at once; its own time is not subtracted. In calls it rests %d ms after its first word
    - Warm-up, not in the table: %d messages and replies, %d faults; arrived unasked: %d
    - Lines of the server's log at WARN or above: %d
    - Model calls: %d, for %d questions (equal when none was repeated or saved)
    """
        .formatted(
            settings.stamp(),
            warnings(rows),
            flows(),
            calls(),
            Report.table(ChannelRow.HEADINGS, rows.stream().map(ChannelRow::cells).toList()),
            settings.rounds(),
            Report.machine(settings, bench.postgresVersion(), bench.fileSystem()),
            Calls.PAUSE.toMillis(),
            warmUp.stream().mapToLong(ChannelRow::messages).sum(),
            warmUp.stream().mapToLong(ChannelRow::faults).sum(),
            bench.unexpected(),
            bench.serverWarnings().size(),
            bench.modelCalls(),
            bench.modelCallsExpected());
  }

  private String warnings(List<ChannelRow> rows) throws IOException {
    var warnings = new ArrayList<String>();
    if (settings.quick()) {
      warnings.add("This was a smoke run: its figures mean nothing.");
    }
    if (bench.fileSystem().equals("tmpfs")) {
      warnings.add(
          "The database was on tmpfs, where fsync costs nothing: set -Djava.io.tmpdir to a disk.");
    }
    var foreign =
        rows.stream()
            .mapToDouble(ChannelRow::foreignShare)
            .filter(share -> !Double.isNaN(share))
            .max()
            .orElse(0);
    if (foreign > 0.1) {
      warnings.add(
          "Others took up to %s %% of the CPU: the figures are noisy."
              .formatted(Row.digits(foreign * 100, 0)));
    }
    if (faults() > 0) {
      warnings.add(
          "There were "
              + faults()
              + " faults: see 429, errors, lost, doubled, and what arrived unasked.");
    }
    return warnings.stream()
        .map(warning -> "\n**Beware: " + warning + "**\n")
        .collect(Collectors.joining());
  }

  private String flows() {
    return messages.stream()
        .map(row ->
            row.rates().isEmpty()
                ? "**%s**: p50 %s ms, p99 %s ms  "
                    .formatted(row.name(), Row.digits(row.p50(), 1), Row.digits(row.p99(), 1))
                : "**%s: %s/s** until all have arrived; %s/s accepted, then %s left, drained in %s s  "
                    .formatted(
                        row.name(),
                        Row.digits(row.rate(), 0),
                        Row.digits(row.acceptedRate(), 0),
                        Row.digits(row.left(), 0),
                        Row.digits(row.drainSeconds(), 1)))
        .collect(Collectors.joining("\n"));
  }

  /** What the server adds is the difference of two quantiles of the same run. */
  private String calls() {
    return """
    **the server adds to the model's first words: p50 %s ms, p99 %s ms** (%s and %s ms with it, %s and %s ms without: %s times the p50)\s\s
    **from the request to the first words it adds: p50 %s ms, p99 %s ms** (%s and %s ms with it, %s and %s ms without: %s times the p50)
    """
        .formatted(
            Stream.concat(
                    comparison(wordsInCall, wordsDirectly), comparison(replyInCall, replyDirectly))
                .toArray());
  }

  private static Stream<String> comparison(ChannelRow with, ChannelRow without) {
    return Stream.of(
        Row.digits(with.p50() - without.p50(), 2),
        Row.digits(with.p99() - without.p99(), 2),
        Row.digits(with.p50(), 2),
        Row.digits(with.p99(), 2),
        Row.digits(without.p50(), 2),
        Row.digits(without.p99(), 2),
        Row.digits(with.p50() / without.p50(), 0));
  }
}
