package dev.colloquy.platform.http;

import org.jspecify.annotations.Nullable;

/**
 * The answer of an operation that produces {@code text/event-stream}: what it is made of runs after
 * the method has returned, on the same virtual thread, once the status is out. So everything that
 * may be refused is checked before; a node that has all the streams it may have answers 429.
 *
 * @param work writes the events; the stream ends when it returns
 * @param end done at the end in any case, also where the work was refused
 * @param isBare whether the work writes all of it: readers are not told when to come back
 * @param place taken before, and given back at the end; null: one is taken when the stream begins
 */
public record EventBody(
    Work work, Runnable end, boolean isBare, EventStreams.@Nullable Place place) {
  /** With nothing to be done at the end. */
  public EventBody(Work work) {
    this(work, () -> {}, false, null);
  }

  /** For readers that follow another protocol than that of our feeds. */
  public static EventBody bare(EventStreams.Place place, Work work) {
    return new EventBody(work, place::close, true, place);
  }

  /**
   * For what was begun before the stream is. Such a stream says itself how it ended, also where the
   * server stops.
   *
   * @param end done at the end in any case
   */
  public static EventBody of(EventStreams.Place place, Work work, Runnable end) {
    return new EventBody(
        work,
        () -> {
          place.close();
          end.run();
        },
        false,
        place);
  }

  /** Whether the stream ends by itself, soon, when the server stops. */
  boolean endsItself() {
    return place != null && !isBare;
  }

  /** Writes a stream's events. */
  @FunctionalInterface
  public interface Work {
    /**
     * Runs until there is nothing more to say. An exception other than {@link
     * EventStream.EndedException} is logged and breaks the connection off, so that the reader comes
     * back with {@code Last-Event-ID}.
     */
    void on(EventStream stream);
  }
}
