package dev.colloquy.platform.http;

import java.util.Set;

/** A limit of their own for the bodies of some operations, in the place of the general one. */
public interface BodyLimit {
  /** The paths that it is for, each whole. */
  Set<String> paths();

  /** How many bytes a body may have there. */
  long maxBytes();
}
