package dev.colloquy.platform.http;

/** Which end of a list comes first, spelled as the API does. */
public enum SortDirection {
  ASC,
  DESC
}
