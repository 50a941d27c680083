package dev.colloquy.knowledge;

/**
 * A piece of a document that stands by itself.
 *
 * @param kind what it is
 * @param heading the headings above it, outermost first, joined by {@code " > "}; may be empty
 * @param text its lines as they stand in the document, without the line end of the last
 */
public record Block(Kind kind, String heading, String text) {

  /** The kinds of block that matter for cutting and quoting. */
  public enum Kind {
    PARAGRAPH,
    LIST,
    CODE,
    TABLE
  }
}
