package dev.colloquy.model;

import java.util.function.Consumer;

/**
 * Something that answers a request with text: a provider's model, or the built-in one.
 *
 * <p>Safe for many threads. A call blocks its (virtual) thread and never runs inside a database
 * transaction.
 */
public interface Model {

  /**
   * Answers one request.
   *
   * @param request what is asked, with the time limit for this one attempt
   * @param onText takes each piece of the reply's text as it arrives, on the calling thread or
   *     another, one at a time and in order; the pieces joined are the reply's text
   * @return the whole reply; its text may be blank here, which {@link Models} counts as a failure
   * @throws ModelException when the provider fails or refuses
   * @throws InterruptedException when the calling thread is interrupted; the provider's call is
   *     then aborted and stops costing
   */
  ModelReply reply(ModelRequest request, Consumer<String> onText)
      throws ModelException, InterruptedException;
}
