package dev.colloquy.channel.captured;

import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Whether the page of captured channels is there. It asks for no key, so it never is where anybody
 * but this machine could reach it.
 */
@Singleton
public final class CapturedChannels {
  /** Where the page is. */
  public static final String PATH = "/dev/channels";

  private final boolean isOn;

  CapturedChannels(
      DevConfig config,
      @ConfigProperty(name = "colloquy.database.embedded", defaultValue = "false") boolean embedded,
      @ConfigProperty(name = "colloquy.public-url") Optional<URI> publicUrl,
      @ConfigProperty(name = "quarkus.http.host", defaultValue = "0.0.0.0") String host) {
    isOn = isOn(config.channels(), embedded, publicUrl.isPresent(), host);
  }

  /** What is wrong with the settings, also before there is a server; empty: nothing. */
  public static Optional<String> problem(String when, String host) {
    return when.equalsIgnoreCase("on") && !Loopback.isHost(host)
        ? Optional.of(
            "colloquy.dev.channels is on, and needs no key: quarkus.http.host must be a loopback"
                + " address, not "
                + host)
        : Optional.empty();
  }

  /** Whether the page is there. */
  public boolean isOn() {
    return isOn;
  }

  /**
   * Decides it.
   *
   * @throws IllegalArgumentException where it is asked for and others could reach it
   */
  static boolean isOn(DevConfig.When when, boolean embedded, boolean hasPublicUrl, String host) {
    var isLoopback = Loopback.isHost(host);
    return switch (when) {
      case OFF -> false;
      case AUTO -> isLoopback && embedded && !hasPublicUrl;
      case ON -> {
        problem("on", host)
            .ifPresent(problem -> {
              throw new IllegalArgumentException(problem);
            });
        yield true;
      }
    };
  }
}
