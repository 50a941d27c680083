package dev.colloquy.model;

/**
 * One message of the conversation as a model sees it.
 *
 * @param role who said it
 * @param text what was said
 */
public record ModelMessage(Role role, String text) {

  /** Who speaks: the person, or the side that answers (the agent, or a person for it). */
  public enum Role {
    USER,
    ASSISTANT
  }
}
