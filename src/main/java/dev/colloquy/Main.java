package dev.colloquy;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the server. */
@QuarkusMain
public final class Main {
  private Main() {}

  /** The program's entry. */
  public static void main(String... args) {
    Quarkus.run(args);
  }
}
