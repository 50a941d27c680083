package dev.colloquy.message;

import java.nio.charset.StandardCharsets;

/** How many tokens a text is taken for. */
public final class Tokens {
  // Tokenizers of today need about 4 bytes of English or 3 of Chinese for a token; taking 3 errs
  // on the side of sending too little, and needs no vocabulary of any one provider.
  private static final int BYTES_PER_TOKEN = 3;
  private static final int PER_MESSAGE = 4;

  private Tokens() {}

  /** An estimate that is rather too high: UTF-8 bytes over three, and four for the message. */
  public static int estimate(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return PER_MESSAGE + (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
  }
}
