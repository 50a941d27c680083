package dev.colloquy.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Puts postings into the server, each once, and waits for what is to arrive. Any thread. */
final class Sender {
  private static final int SHOWN = 5;
  private static final int MOST_LOST = 3;

  private final int port;
  private final Arrivals arrivals;
  private final AtomicInteger faults = new AtomicInteger();

  Sender(int port, Arrivals arrivals) {
    this.port = port;
    this.arrivals = arrivals;
  }

  /** Sends the next one of all when one is answered, on so many connections; then waits for all. */
  List<Posted> atOnce(List<Posting> postings, int connections)
      throws IOException, InterruptedException {
    var next = new AtomicInteger();
    Callable<List<Posted>> share = () -> share(postings, next);
    var posted = new ArrayList<Posted>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done :
          threads.invokeAll(IntStream.range(0, connections).mapToObj(_ -> share).toList())) {
        posted.addAll(done.get());
      }
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
    for (var each : posted) {
      var _ = isThere(each);
    }
    return posted;
  }

  private List<Posted> share(List<Posting> postings, AtomicInteger next) throws IOException {
    var posted = new ArrayList<Posted>();
    try (var line = new HttpLine(port, "")) {
      for (var i = next.getAndIncrement(); i < postings.size(); i = next.getAndIncrement()) {
        posted.add(post(line, postings.get(i)));
      }
    }
    return posted;
  }

  /**
   * Sends each once the message of the one before has arrived; gives up where some have not, each
   * within a minute.
   */
  List<Posted> oneByOne(List<Posting> postings) throws IOException, InterruptedException {
    var posted = new ArrayList<Posted>();
    var lost = 0;
    try (var line = new HttpLine(port, "")) {
      for (var i = 0; i < postings.size() && lost < MOST_LOST; i++) {
        var each = post(line, postings.get(i));
        posted.add(each);
        lost += each.isAccepted() && !isThere(each) ? 1 : 0;
      }
    }
    return posted;
  }

  private Posted post(HttpLine line, Posting posting) {
    arrivals.expect(posting.address());
    var start = System.nanoTime();
    var status = 0;
    try {
      status = line.send(posting.request(), _ -> {});
    } catch (IOException e) {
      show("no answer: " + e.getMessage());
    }
    var posted = new Posted(posting.address(), start, System.nanoTime(), status);
    if (status != 0 && !posted.isAccepted()) {
      show("answered with " + status);
    }
    return posted;
  }

  /** The first ones only: all are counted. */
  private void show(String fault) {
    if (faults.incrementAndGet() <= SHOWN) {
      System.err.println(fault);
    }
  }

  /** Waits for what was accepted. */
  private boolean isThere(Posted posted) throws InterruptedException {
    return posted.isAccepted() && arrivals.await(posted.address(), posted.end());
  }
}
