package dev.colloquy.testing;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Contacts that no other test uses. */
public final class Unique {
  private Unique() {}

  /** An e-mail address in lower case. */
  public static String email() {
    return "grace." + UUID.randomUUID() + "@example.com";
  }

  /** A phone number in E.164, in the United States. */
  public static String phone() {
    return "+1212" + ThreadLocalRandom.current().nextInt(2_000_000, 10_000_000);
  }

  /** A word that nothing else holds. */
  public static String word() {
    return "w" + UUID.randomUUID().toString().replace("-", "");
  }
}
