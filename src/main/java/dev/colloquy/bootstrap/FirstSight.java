package dev.colloquy.bootstrap;

import dev.colloquy.apikey.SecretKey;
import dev.colloquy.channel.captured.CapturedChannels;
import dev.colloquy.platform.launch.Banner;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Bootstraps before the server listens, and tells the person at the terminal once it does. */
@Singleton
final class FirstSight {
  private final Bootstrap bootstrap;
  private final boolean embedded;
  private final Path dataDir;
  private final boolean banner;
  private final Optional<URI> publicUrl;
  private final CapturedChannels channels;
  private @Nullable Installation installation;

  FirstSight(
      Bootstrap bootstrap,
      @ConfigProperty(name = "colloquy.database.embedded", defaultValue = "false") boolean embedded,
      @ConfigProperty(name = "colloquy.data-dir", defaultValue = "data") Path dataDir,
      @ConfigProperty(name = "colloquy.banner", defaultValue = "true") boolean banner,
      @ConfigProperty(name = "colloquy.public-url") Optional<URI> publicUrl,
      CapturedChannels channels) {
    this.bootstrap = bootstrap;
    this.embedded = embedded;
    this.dataDir = dataDir;
    this.banner = banner;
    this.publicUrl = publicUrl;
    this.channels = channels;
  }

  void prepare(@Observes StartupEvent event) throws IOException, InterruptedException {
    installation = bootstrap.run();
  }

  void greet(@ObservesAsync HttpServerStart started) {
    var made = installation;
    if (!banner || made == null) {
      return;
    }
    var keys = made.keys();
    var options = started.options();
    var own = URI.create("http://" + host(options.getHost()) + ":" + options.getPort());
    Banner.print(
        new Banner.Facts(
            publicUrl.orElse(own),
            embedded ? dataDir : null,
            made.agent() == null ? null : made.agent().toString(),
            text(keys == null ? null : keys.agent()),
            text(keys == null ? null : keys.organization()),
            text(keys == null ? null : keys.superAdmin()),
            made.conversation() == null ? null : made.conversation().toString(),
            channels.isOn() ? own.resolve(CapturedChannels.PATH) : null));
    // Shown once: nothing here remembers them.
    installation = null;
  }

  private static String host(String host) {
    return host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
  }

  private static @Nullable String text(@Nullable SecretKey key) {
    return key == null ? null : key.text();
  }
}
