package dev.colloquy.benchmark;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A way that replies are asked for on, and how long they took on it. One thread. */
final class SpokenWay implements Closeable {
  private static final int SHOWN = 5;

  private final Http stub;
  private final HttpLine line;
  private final Histogram fromRequest = new Histogram();
  private final Histogram fromModel = new Histogram();
  private final List<Usage> usages = new ArrayList<>();
  private long asked;
  private long heard;
  private long errors;

  /**
   * @param port where completions are asked for
   * @param stub tells when the model began to speak
   */
  SpokenWay(int port, Http stub) {
    this.stub = stub;
    line = new HttpLine(port, "[DONE]");
  }

  /**
   * Asks for one reply and reads it to its end. It counts as an error where its status is not 200,
   * it has no words or no end, or the model was not asked once.
   *
   * @param isMeasured whether its times count; its errors do in any case
   */
  void ask(byte[] request, boolean isMeasured) throws IOException, InterruptedException {
    asked++;
    var before = Json.number(stats(), "answered");
    var words = new FirstWords();
    var start = System.nanoTime();
    var status = 0;
    try {
      status = line.send(request, words);
    } catch (IOException e) {
      System.err.println("no reply: " + e.getMessage());
    }
    var stats = stats();
    var calls = Json.number(stats, "answered") - before;
    if (status != 200 || !line.found() || words.nanos() == 0 || calls != 1) {
      fail("status %d, end %s, model calls %d".formatted(status, line.found(), calls));
    } else if (isMeasured) {
      heard++;
      fromRequest.add(words.nanos() - start);
      // Both clocks are CLOCK_MONOTONIC of this machine, which all its processes share.
      fromModel.add(words.nanos() - Json.number(stats, "begunNanos"));
    }
  }

  private void fail(String what) {
    if (++errors <= SHOWN) {
      System.err.println("no whole reply: " + what);
    }
  }

  private String stats() throws IOException, InterruptedException {
    return stub.require("GET", "/stats", new String[0], "");
  }

  void took(Usage usage) {
    usages.add(usage);
  }

  /** Replies asked for, measured or not. */
  long asked() {
    return asked;
  }

  /** From the request to the first words. */
  ChannelRow fromRequest(String name) {
    return ChannelRow.of(name, fromRequest, heard, errors).with(Usage.sum(usages));
  }

  /** From the moment in which the model began to write them. */
  ChannelRow fromModel(String name) {
    return ChannelRow.of(name, fromModel, heard, errors);
  }

  @Override
  public void close() throws IOException {
    line.close();
  }
}
