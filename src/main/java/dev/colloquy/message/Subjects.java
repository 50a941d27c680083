package dev.colloquy.message;

/** Subjects of mails. */
final class Subjects {
  private Subjects() {}

  /** The subject of an answer (RFC 5322, section 3.6.5): "Re: " once, and no more. */
  static String reply(String subject) {
    return subject.regionMatches(true, 0, "re:", 0, 3) ? subject : "Re: " + subject;
  }
}
