package dev.colloquy.platform.launch;

import dev.colloquy.platform.postgres.PrivateFiles;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** The secret key of an embedded installation: made once, and kept beside its database. */
final class SecretKeyFile {
  private static final String NAME = "secret-key";
  private static final int BYTES = 32;

  // As a key has that is set.
  private static final int SHORTEST = 16;

  private SecretKeyFile() {}

  /** The key in the folder, which nobody else uses now; made where there is none yet. */
  static String in(Path dataDir) {
    var file = dataDir.resolve(NAME);
    try {
      if (Files.exists(file)) {
        return checked(file, Files.readString(file).strip());
      }
      var key = new byte[BYTES];
      new SecureRandom().nextBytes(key);
      var text = Base64.getUrlEncoder().withoutPadding().encodeToString(key);
      PrivateFiles.write(file, text + "\n");
      return text;
    } catch (MalformedInputException e) {
      throw broken(file, "is no text");
    } catch (IOException e) {
      throw new LaunchException(
          "the secret key in %s cannot be read or made: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static String checked(Path file, String key) {
    if (key.length() < SHORTEST) {
      throw broken(file, key.isEmpty() ? "is empty" : "is too short to be one");
    }
    return key;
  }

  private static LaunchException broken(Path file, String how) {
    return new LaunchException(
        ("the secret key in %s %s: restore the file from your backup, or delete it, and set again"
                + " all passwords and tokens of mail servers and providers")
            .formatted(file, how));
  }
}
