package dev.colloquy.platform.db;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import java.util.UUID;

/**
 * Makes ids: UUIDs of version 7 (RFC 9562, section 5.7), which grow with time, so that rows written
 * together lie together.
 */
public final class Ids {
  private static final NoArgGenerator GENERATOR = Generators.timeBasedEpochRandomGenerator();

  private Ids() {}

  /** A new id, unlike any other. */
  public static UUID next() {
    return GENERATOR.generate();
  }
}
