package dev.colloquy.knowledge;

import java.util.UUID;

/**
 * A piece of one document that was found for a question.
 *
 * @param fileId the document's id, as citations name it
 * @param fileName the document's name, as citations name it
 * @param heading the headings above the piece, outermost first, joined by {@code " > "}; empty
 *     where there are none
 * @param text the piece itself, Markdown as it stands in the document
 * @param score how well it fits the question: cosine similarity, from -1 to 1
 */
public record Passage(UUID fileId, String fileName, String heading, String text, double score) {}
