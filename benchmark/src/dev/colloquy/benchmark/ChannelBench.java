package dev.colloquy.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Everything that {@link Channels} measures with, started: the server with its database and model,
 * and the providers that the agent uses, which live in this process as the load does.
 */
final class ChannelBench {
  static final int AT_ONCE = 16;

  private final Path folder;
  private final Child stub;
  private final Http stubControl;
  private final Postgres postgres;
  private final Server server;
  private final Arrivals arrivals = new Arrivals();
  private final Sender sender;
  private final Mails mails;
  private final Texts texts;
  private final Calls calls;
  private long modelCallsExpected;

  ChannelBench(Settings settings, Cleanup cleanup) throws IOException, InterruptedException {
    folder = cleanup.folder();
    stub = cleanup.add(Child.start(StubModel.class));
    var stubPort = Integer.parseInt(stub.hear("listening", Duration.ofSeconds(20)));
    stubControl = cleanup.add(new Http(stubPort));
    Bench.say("PostgreSQL and the server start");
    postgres = new Postgres(folder, cleanup);
    var smtp = cleanup.add(new SmtpSink(arrivals));
    var twilio = cleanup.add(new StubTwilio(arrivals));
    var vapi = cleanup.add(new StubVapi());
    server = new Server(settings, folder, postgres.serverSettings(), stubPort, cleanup);
    sender = new Sender(server.port(), arrivals);
    mails = new Mails(server, smtp.port());
    texts = new Texts(server, twilio);
    calls = new Calls(server, vapi, stubPort, stubControl);
  }

  /** Puts these in, sixteen at once, and waits for what is to arrive. */
  Outcome atOnce(String name, List<Posting> postings) throws IOException, InterruptedException {
    return outcome(name, () -> sender.atOnce(postings, AT_ONCE));
  }

  /** Puts these in, each once the one before has arrived. */
  Outcome oneByOne(String name, List<Posting> postings) throws IOException, InterruptedException {
    return outcome(name, () -> sender.oneByOne(postings));
  }

  private interface Sending {
    List<Posted> send() throws IOException, InterruptedException;
  }

  private Outcome outcome(String name, Sending sending) throws IOException, InterruptedException {
    Proc.resetPeakMemory(server.pid());
    var before = usage();
    var posted = sending.send();
    var outcome =
        new Outcome(posted, arrivals, usage().since(before), Proc.peakMemoryMib(server.pid()));
    Bench.say(
        "%s: %s messages/s, %d accepted, %d refused, %d errors, %d lost, %d doubled"
            .formatted(
                name,
                Row.digits(outcome.rate(), 0),
                outcome.accepted(),
                outcome.refused(),
                outcome.errors(),
                outcome.lost(),
                outcome.doubled()));
    return outcome;
  }

  /** Mails with which the agent begins conversations. */
  List<Posting> mailsOut(int count) {
    return mails.out(count);
  }

  /** Mails to the agent; the model is asked once for each. */
  List<Posting> mailsIn(int count) {
    modelCallsExpected += count;
    return mails.in(count);
  }

  /** Texts to the agent; the model is asked once for each. */
  List<Posting> textsIn(int count) {
    modelCallsExpected += count;
    return texts.in(count);
  }

  Calls.Heard talk(int count, int utterances) throws IOException, InterruptedException {
    Bench.say(count + " calls, " + utterances + " utterances in each");
    var heard = calls.talk(count, utterances, this::usage);
    modelCallsExpected += heard.overServer().asked() + heard.directly().asked();
    return heard;
  }

  /** How often the model should have been asked so far. */
  long modelCallsExpected() {
    return modelCallsExpected;
  }

  /** How often it was. */
  long modelCalls() throws IOException, InterruptedException {
    return Json.number(stubControl.require("GET", "/stats", new String[0], ""), "answered");
  }

  /** Messages that arrived where nobody was written to. */
  long unexpected() {
    return arrivals.unexpected();
  }

  String postgresVersion() throws IOException, InterruptedException {
    return postgres.version();
  }

  String fileSystem() throws IOException {
    return Files.getFileStore(folder).type();
  }

  /** What the server's log has at WARN or above. */
  List<String> serverWarnings() throws IOException {
    return server.warnings();
  }

  String serverLog() throws IOException {
    return server.logEnd();
  }

  private Usage usage() {
    return Usage.now(server, postgres, stub);
  }
}
