package dev.colloquy.testing;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.time.Duration;

/** Real mail servers (GreenMail) on loopback. */
public final class MailServers {
  // GreenMail's own second is short for a machine that is at work.
  private static final Duration START = Duration.ofSeconds(30);

  private MailServers() {}

  /** A started server on a free port. */
  public static GreenMail start(String protocol) {
    return start(protocol, 0);
  }

  /** A started server. */
  public static GreenMail start(String protocol, int port) {
    var setup = new ServerSetup(port, "127.0.0.1", protocol);
    setup.setServerStartupTimeout(START.toMillis());
    var server = new GreenMail(setup);
    server.start();
    return server;
  }
}
