package dev.colloquy.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Measures what comes in and goes out over e-mail, SMS and calls, with providers that take
 * everything at once. See benchmark/README.md.
 */
final class Channels {
  // Long enough for a job that was lost sight of to be found again, which is every 2 s.
  private static final Duration UNTIL_COUNTED_AGAIN = Duration.ofSeconds(5);

  private static final int SHOWN_WARNINGS = 5;

  private static final String HELP =
      """
      usage: benchmark/run channels [options]
        --quick                  a smoke run: some dozens of everything, no result file
        --mails N                in each round, out and in (2000)
        --texts N                in each round (2000)
        --rounds N               of those (3)
        --one-by-one N           mails and texts, each after the reply to the one before (500)
        --calls N                with 20 utterances in each (50)
        --warm-up N              mails out, mails in and texts before the first measurement (1000)
        --jvm "OPTION ..."       of the server's JVM (those of ./colloquy serve)
        --server KEY=VALUE       a further setting of the server; may be repeated
        --date STAMP             in the name of the result (now)
      """;

  private final Settings settings;
  private final Amounts amounts;
  private final ChannelBench bench;

  private Channels(Settings settings, Amounts amounts, ChannelBench bench) {
    this.settings = settings;
    this.amounts = amounts;
    this.bench = bench;
  }

  /**
   * Exit code 1 when it could not be run, or anything was refused, lost, doubled or answered with
   * an error; 2 for a wrong option.
   */
  public static void main(String... args) {
    System.exit(run(new ArrayList<>(List.of(args))));
  }

  private static int run(List<String> words) {
    if (words.contains("--help")) {
      System.out.print(HELP);
      return 0;
    }
    try {
      var amounts = Amounts.take(words);
      // What only the other benchmark uses must fit its own check.
      words.addAll(List.of("--conversations", "1", "--at-once", "1", "--open-connections", "1"));
      words.addAll(List.of("--connections", "1", "--clients", "1"));
      var root = Path.of(System.getProperty("benchmark.root"));
      var settings = Settings.parse(root, words.toArray(String[]::new));
      var bench = new ChannelBench(settings, new Cleanup());
      return new Channels(settings, amounts, bench).measure() ? 0 : 1;
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + HELP);
      return 2;
    } catch (IOException e) {
      System.err.println("The benchmark could not be run: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      return 1;
    }
  }

  /** Whether everything arrived, once. */
  private boolean measure() throws IOException, InterruptedException {
    var warmUp = warmUp();
    // Latencies first: after a flood the database still has to clean up.
    var mail = bench.oneByOne("mails one by one", bench.mailsIn(amounts.oneByOne()));
    var text = bench.oneByOne("texts one by one", bench.textsIn(amounts.oneByOne()));
    var heard = bench.talk(amounts.calls(), Amounts.UTTERANCES);
    var mailsOut = rounds("mails out", amounts.mails(), bench::mailsOut);
    var mailsIn = rounds("mails in", amounts.mails(), bench::mailsIn);
    var texts = rounds("texts in", amounts.texts(), bench::textsIn);
    Bench.say("what comes late is waited for");
    Thread.sleep(UNTIL_COUNTED_AGAIN);
    var report =
        new ChannelReport(
            settings,
            bench,
            warmUp,
            List.of(
                ChannelRow.ofRounds("mails out, 16 at once", mailsOut),
                ChannelRow.ofRounds("mails in and their replies, 16 at once", mailsIn),
                ChannelRow.ofOneByOne("mail to its reply, one by one", List.of(mail)),
                ChannelRow.ofOneByOne("text to its reply, one by one", List.of(text)),
                ChannelRow.ofRounds("texts in and their replies, 16 at once", texts)),
            heard);
    report.write();
    bench.serverWarnings().stream().limit(SHOWN_WARNINGS).forEach(System.err::println);
    if (report.faults() > 0) {
      System.err.println(
          report.faults() + " faults; the end of the server's log:\n" + bench.serverLog());
    }
    return report.faults() == 0;
  }

  /** Its messages and its calls: not measured, but nothing may go wrong in them either. */
  private List<ChannelRow> warmUp() throws IOException, InterruptedException {
    Bench.say("warm-up");
    var outcomes =
        List.of(
            bench.atOnce("warm-up, mails out", bench.mailsOut(amounts.warmUp())),
            bench.atOnce("warm-up, mails in", bench.mailsIn(amounts.warmUp())),
            bench.atOnce("warm-up, texts in", bench.textsIn(amounts.warmUp())));
    var heard = bench.talk(amounts.warmUpCalls(), Amounts.UTTERANCES);
    return List.of(
        ChannelRow.ofOneByOne("messages", outcomes),
        heard.overServer().fromRequest("calls"),
        heard.directly().fromRequest("without the server"));
  }

  private List<Outcome> rounds(String name, int count, IntFunction<List<Posting>> postings)
      throws IOException, InterruptedException {
    var outcomes = new ArrayList<Outcome>();
    for (var round = 1; round <= settings.rounds(); round++) {
      outcomes.add(bench.atOnce(name + ", round " + round, postings.apply(count)));
    }
    return outcomes;
  }
}
