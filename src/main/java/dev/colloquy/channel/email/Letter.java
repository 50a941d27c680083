package dev.colloquy.channel.email;

import dev.colloquy.delivery.Outgoing;
import dev.colloquy.skill.EmailSkill;

/**
 * All that a mail is made of.
 *
 * @param sender the address that it is written from, without what a plus adds
 * @param name the name that the agent is known by to those it serves
 */
record Letter(
    Outgoing outgoing, String sender, String name, EmailSkill settings, MailThread thread) {
  /** Without what is said, and to whom. */
  @Override
  public String toString() {
    return "Letter[delivery=%s]".formatted(outgoing.id());
  }
}
