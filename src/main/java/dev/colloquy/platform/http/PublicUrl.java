package dev.colloquy.platform.http;

import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Where others reach this server: {@code colloquy.public-url}, else its own host and port, which is
 * enough on one machine. Providers are given such addresses, and sign them.
 */
@Singleton
public final class PublicUrl {
  private final Optional<URI> publicUrl;
  private final String host;
  private final int port;

  public PublicUrl(
      @ConfigProperty(name = "colloquy.public-url") Optional<URI> publicUrl,
      @ConfigProperty(name = "quarkus.http.host", defaultValue = "0.0.0.0") String host,
      @ConfigProperty(name = "quarkus.http.port") int port) {
    this.publicUrl = publicUrl;
    this.host = host;
    this.port = port;
  }

  /** Whether the operator has set it, so that providers elsewhere can be given it. */
  public boolean isSet() {
    return publicUrl.isPresent();
  }

  /**
   * The address of a path of this server.
   *
   * @param path begins with a slash
   */
  public String of(String path) {
    return publicUrl
            .map(url -> url.toString().replaceAll("/+$", ""))
            .orElseGet(() -> "http://" + (host.equals("0.0.0.0") ? "127.0.0.1" : host) + ":" + port)
        + path;
  }
}
