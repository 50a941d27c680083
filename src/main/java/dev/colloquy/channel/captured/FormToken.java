package dev.colloquy.channel.captured;

import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What the page's forms carry and no other page can read, so that a form elsewhere does nothing. It
 * is another one at every start.
 */
@Singleton
final class FormToken {
  private static final int BYTES = 32;

  private final String text;

  FormToken() {
    var bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    text = HexFormat.of().formatHex(bytes);
  }

  String text() {
    return text;
  }

  /** 403 where a form did not carry it. */
  void require(@Nullable String given) {
    if (given == null || !MessageDigest.isEqual(bytes(text), bytes(given))) {
      throw ApiException.of(
          ErrorCode.FORBIDDEN, "token", "is not this page's: load the page again");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
