package dev.colloquy.channel.captured;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names and addresses of this machine (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3). */
final class Loopback {
  private static final Pattern IPV4 = Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

  private Loopback() {}

  /** Whether the text names this machine, without asking any name server. */
  static boolean isHost(@Nullable String host) {
    return host != null
        && (host.equalsIgnoreCase("localhost")
            || host.equals("::1")
            || host.equals("0:0:0:0:0:0:0:1")
            || IPV4.matcher(host).matches());
  }

  /**
   * Whether a Host header does. A page elsewhere whose name was made to point here ("DNS
   * rebinding") sends its own name in it.
   */
  static boolean isHostHeader(@Nullable String header) {
    if (header == null) {
      return false;
    }
    var host = PORT.matcher(header).replaceFirst("");
    if (host.startsWith("[") && host.endsWith("]")) {
      return isHost(host.substring(1, host.length() - 1));
    }
    return !host.contains(":") && isHost(host);
  }
}
