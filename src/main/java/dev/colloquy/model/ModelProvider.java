package dev.colloquy.model;

import java.util.Set;

/**
 * All models of one or more providers. {@link Models} finds every bean of this type and asks the
 * one that has the name's provider.
 */
public interface ModelProvider extends Model {
  /** The providers served here, as they stand before the colon of a name; lower case. */
  Set<String> providers();
}
