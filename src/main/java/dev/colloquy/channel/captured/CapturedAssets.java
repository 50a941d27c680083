package dev.colloquy.channel.captured;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The page's style sheet and its only script, htmx (https://htmx.org), both from this server. */
@Path(CapturedChannels.PATH + "/assets")
@RunOnVirtualThread
@ThisMachineOnly
final class CapturedAssets {
  private static final String STYLE = "captured/style.css";
  private static final String HTMX = "org.webjars.npm/htmx.org";

  @GET
  @Path("/style.css")
  @Produces("text/css;charset=UTF-8")
  @Operation(hidden = true)
  public byte[] style() {
    return read(STYLE);
  }

  @GET
  @Path("/htmx.js")
  @Produces("text/javascript;charset=UTF-8")
  @Operation(hidden = true)
  public byte[] script() {
    return read("META-INF/resources/webjars/htmx.org/" + version() + "/dist/htmx.min.js");
  }

  /** The pom alone names it; the library says it of itself. */
  private static String version() {
    var about = new Properties();
    try (var properties = open("META-INF/maven/" + HTMX + "/pom.properties")) {
      about.load(properties);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return about.getProperty("version");
  }

  private static byte[] read(String name) {
    try (var file = open(name)) {
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static java.io.InputStream open(String name) {
    return Objects.requireNonNull(
        Thread.currentThread().getContextClassLoader().getResourceAsStream(name), name);
  }
}
