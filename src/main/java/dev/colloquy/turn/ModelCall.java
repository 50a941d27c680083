package dev.colloquy.turn;

/**
 * A thread while it works on the reply to a question. Only while it asks the model it is really
 * interrupted: an interrupt while it talks with the database would close that connection in the
 * middle of a statement. One that comes before is kept until then.
 */
final class ModelCall {
  private final TurnRepository.Place place;
  private final Thread thread = Thread.currentThread();
  private boolean asking;
  private boolean interrupted;

  /** A call of the current thread. */
  ModelCall(TurnRepository.Place place) {
    this.place = place;
  }

  TurnRepository.Place place() {
    return place;
  }

  synchronized void interrupt() {
    interrupted = true;
    if (asking) {
      thread.interrupt();
    }
  }

  /** Called by the thread itself, before it asks. */
  synchronized void begin() throws InterruptedException {
    if (interrupted) {
      throw new InterruptedException();
    }
    asking = true;
  }

  /** Called by the thread itself. */
  synchronized void end() {
    asking = false;
    // An interrupt that came too late to end the call must not hit what follows.
    Thread.interrupted();
  }
}
