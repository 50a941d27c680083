package dev.colloquy.platform.http;

import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One reader's stream of events. Only its own virtual thread sends and waits; {@link #wake} may be
 * called on any. At most one event is in memory for a reader: {@link #send} returns when the
 * operating system has taken it.
 */
public final class EventStream {
  private final RoutingContext rc;
  private final long writeTimeout;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All below is guarded by the lock. Nothing of the server's is called while it is held, since
  // what the server calls back has locks of its own.
  private @Nullable End end;
  private boolean woken;
  private final boolean endsItself;
  private boolean writing;
  private long writingSince;

  /**
   * A stream to a request.
   *
   * @param endsItself whether its work ends soon when the server stops, and says so
   */
  EventStream(RoutingContext rc, Duration writeTimeout, boolean endsItself) {
    this.endsItself = endsItself;
    this.rc = rc;
    this.writeTimeout = writeTimeout.toNanos();
    this.writingSince = System.nanoTime();
  }

  boolean endsItself() {
    return endsItself;
  }

  /** Why a stream ends before its work does. */
  enum End {
    /** The reader is gone. */
    GONE,
    /** The reader does not read. */
    SLOW,
    /** The server stops. */
    STOPPING
  }

  /** The stream has ended: there is nobody to send to any more. Let it pass. */
  public static final class EndedException extends RuntimeException {
    private final End end;

    EndedException(End end) {
      super(end.name(), null, false, false);
      this.end = end;
    }

    End end() {
      return end;
    }
  }

  /**
   * Sends an event, and waits until it is on its way: at most {@code
   * colloquy.stream.write-timeout}, then the reader is cut off.
   *
   * @throws EndedException when the stream has ended, or ends meanwhile
   */
  public void send(StreamEvent event) {
    write(event.text());
  }

  /**
   * Sends an event that has no name, as {@link #send}.
   *
   * @param data one line
   */
  public void sendData(String data) {
    if (data.indexOf('\n') >= 0 || data.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("the data is one line");
    }
    write("data: " + data + "\n\n");
  }

  /**
   * Has this done when the reader is gone, while the stream's own thread may wait for something
   * else. Called once, on a thread that must not be blocked; also where the stream ends as it
   * should.
   */
  public void onEnd(Runnable listener) {
    rc.addEndHandler(_ -> listener.run());
  }

  /**
   * Waits until {@link #wake} was called since this returned last, or the time is over.
   *
   * @return whether it was woken
   * @throws EndedException when the stream has ended, or ends meanwhile
   */
  public boolean await(Duration atMost) {
    lock.lock();
    try {
      var left = atMost.toNanos();
      while (!woken && end == null && left > 0) {
        left = changed.awaitNanos(left);
      }
      checkOpen();
      var was = woken;
      woken = false;
      return was;
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the wait of the stream's thread, or its next one. Never blocks. */
  public void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is still somebody to send to. */
  public boolean isOpen() {
    lock.lock();
    try {
      return end == null;
    } finally {
      lock.unlock();
    }
  }

  /** Sets status and headers; they go out with what is written first. */
  void begin() {
    rc.addEndHandler(_ -> end(End.GONE));
    var response = rc.response();
    response.setStatusCode(200);
    response.putHeader("Content-Type", "text/event-stream");
    response.putHeader("Cache-Control", "no-store");
    // nginx and its like would collect the events otherwise.
    response.putHeader("X-Accel-Buffering", "no");
    response.setChunked(true);
  }

  /** Tells readers when to come back. */
  void tellRetry(Duration retry) {
    write("retry: " + retry.toMillis() + "\n\n");
  }

  /** Ends the response properly; the connection can be used again. */
  void finish() {
    if (!rc.response().ended() && !rc.response().closed()) {
      var _ = rc.response().end();
    }
  }

  /** Ends the connection, whatever still waits to be written to it. */
  void cutOff() {
    if (rc.request().version() == HttpVersion.HTTP_2) {
      rc.response().reset();
    } else if (rc.request().connection() instanceof ConnectionBase connection) {
      // From below Vert.x's own handler: its close, the channel's too, waits for the reader to take
      // what was written, and this one does not read.
      var _ = connection.channelHandlerContext().close();
    } else {
      throw new IllegalStateException("no connection of Vert.x");
    }
  }

  /** Tells the stream's thread that it is over; the first reason counts. */
  void end(End why) {
    lock.lock();
    try {
      if (end == null) {
        end = why;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes a comment where nothing was written for that long, so that neither side takes the other
   * for dead; cuts off a reader that took too long. Called by the clock; never blocks.
   */
  void beat(Duration heartbeat) {
    var late = false;
    lock.lock();
    try {
      var since = System.nanoTime() - writingSince;
      if (end != null || (writing ? since < writeTimeout : since < heartbeat.toNanos())) {
        return;
      }
      late = writing;
      startWriting();
    } finally {
      lock.unlock();
    }
    if (late) {
      end(End.SLOW);
      cutOff();
    } else {
      put(":\n\n");
    }
  }

  private void write(String text) {
    lock.lock();
    try {
      awaitWritten(); // a heartbeat may be on its way
      startWriting();
    } finally {
      lock.unlock();
    }
    put(text);
    lock.lock();
    try {
      awaitWritten();
    } finally {
      lock.unlock();
    }
  }

  private void startWriting() {
    writing = true;
    writingSince = System.nanoTime();
  }

  private void put(String text) {
    try {
      rc.response().write(text).onComplete(done -> written(done.succeeded()));
    } catch (IllegalStateException e) {
      // The response was ended by others: the connection is closing.
      end(End.GONE);
    }
  }

  private void written(boolean well) {
    lock.lock();
    try {
      writing = false;
      if (!well && end == null) {
        end = End.GONE;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitWritten() {
    try {
      while (writing && end == null) {
        var left = writingSince + writeTimeout - System.nanoTime();
        if (left <= 0) {
          end = End.SLOW;
        } else {
          // Whichever of the two ends it first: this, or beat().
          var _ = changed.await(left, TimeUnit.NANOSECONDS);
        }
      }
      checkOpen();
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void checkOpen() {
    if (end != null) {
      throw new EndedException(end);
    }
  }

  private EndedException interrupted() {
    Thread.currentThread().interrupt();
    end = End.STOPPING;
    return new EndedException(End.STOPPING);
  }
}
