package dev.colloquy.platform.db;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes ids: UUIDs of version 7 (RFC 9562, section 5.7), which grow with time, so that rows written
 * together lie together.
 */
public final class Ids {
  private static final NoArgGenerator GENERATOR = Generators.timeBasedEpochRandomGenerator();

  private static final int LENGTH = 36;

  private Ids() {}

  /** A new id, unlike any other. */
  public static UUID next() {
    return GENERATOR.generate();
  }

  /** The id that the text spells, in the usual form of 36 characters; nothing for any other. */
  public static Optional<UUID> parse(@Nullable String text) {
    if (text == null || text.length() != LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * The id that a part of a path spells.
   *
   * @throws IllegalArgumentException for any other text; the HTTP layer answers it with 404
   */
  public static UUID inPath(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException("no id"));
  }
}
