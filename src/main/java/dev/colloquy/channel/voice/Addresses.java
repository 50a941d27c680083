package dev.colloquy.channel.voice;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** The addresses of providers' APIs. */
final class Addresses {
  private Addresses() {}

  /**
   * A path below a base.
   *
   * @return nothing where that is no address to send to
   */
  static Optional<URI> of(String base, String path) {
    try {
      var uri = new URI(base.replaceAll("/+$", "") + path);
      return uri.getHost() == null ? Optional.empty() : Optional.of(uri);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
