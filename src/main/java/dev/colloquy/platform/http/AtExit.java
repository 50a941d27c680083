package dev.colloquy.platform.http;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Runs work at the moment when the server is told to stop. {@link ShutdownEvent} comes later: the
 * server waits for open requests before it, so whatever those wait for is to end here.
 */
@Singleton
public final class AtExit {
  private static final Logger log = Logger.getLogger(AtExit.class);

  private final Set<Thread> hooks = ConcurrentHashMap.newKeySet();

  /** Has the work run then, on a thread of its own. It may also have to be done at the event. */
  public void run(String name, Runnable work) {
    var hook = new Thread(work, name);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      hooks.add(hook);
    } catch (IllegalStateException e) {
      log.debugf("event=stopped-while-starting");
    }
  }

  /** A server may end without its process, as in tests. */
  @PreDestroy
  void forget() {
    try {
      hooks.forEach(hook -> Runtime.getRuntime().removeShutdownHook(hook));
    } catch (IllegalStateException e) {
      log.debugf("event=ended-at-exit");
    }
  }
}
