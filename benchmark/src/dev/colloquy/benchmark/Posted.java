package dev.colloquy.benchmark;

/**
 * What the server answered to a posting.
 *
 * @param address where its message is to arrive
 * @param start when its request was sent, by {@link System#nanoTime}
 * @param end when the answer was read, by the same
 * @param status of the answer; 0: there was none
 */
record Posted(String address, long start, long end, int status) {
  private static final int REFUSED = 429;

  boolean isAccepted() {
    return status / 100 == 2;
  }

  boolean isRefused() {
    return status == REFUSED;
  }
}
