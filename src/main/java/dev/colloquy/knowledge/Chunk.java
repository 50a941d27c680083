package dev.colloquy.knowledge;

/**
 * A piece of a document of the size that one vector can stand for.
 *
 * @param heading as in {@link Block#heading}
 * @param text Markdown; code and tables that had to be cut are whole again in each part
 */
record Chunk(String heading, String text) {}
