package dev.colloquy.platform.db;

import java.util.Locale;

/** Enum constants as the database and the API spell them: lower case. */
public final class Wire {
  private Wire() {}

  /** The constant's spelling outside the code. */
  public static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The constant that is spelled so.
   *
   * @throws IllegalArgumentException where there is none
   */
  public static <E extends Enum<E>> E value(Class<E> type, String name) {
    return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
  }
}
