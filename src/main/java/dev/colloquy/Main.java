package dev.colloquy;

import dev.colloquy.platform.launch.Launch;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the server: its ground first, then Quarkus. */
@QuarkusMain
public final class Main {
  private Main() {}

  /** The program's entry. Ends with exit code 1 and one line when the server cannot start. */
  public static void main(String... args) {
    Launch.prepare(Settings.all(), Settings.rules());
    Quarkus.run(args);
  }
}
