package dev.colloquy.skill;

/** The skills that carry messages, by the names that the API gives them. */
public enum SkillName {
  EMAIL,
  SMS,
  VOICE
}
