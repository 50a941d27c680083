package dev.colloquy.platform.launch;

import dev.colloquy.platform.postgres.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** The secret key of an embedded installation: made once, and kept beside its database. */
final class SecretKeyFile {
  private static final String NAME = "secret-key";
  private static final int BYTES = 32;

  private SecretKeyFile() {}

  /** The key in the folder, which nobody else uses now; made where there is none yet. */
  static String in(Path dataDir) {
    var file = dataDir.resolve(NAME);
    try {
      if (Files.exists(file)) {
        return Files.readString(file).strip();
      }
      var key = new byte[BYTES];
      new SecureRandom().nextBytes(key);
      var text = Base64.getUrlEncoder().withoutPadding().encodeToString(key);
      PrivateFiles.write(file, text + "\n");
      return text;
    } catch (IOException e) {
      throw new LaunchException(
          "the secret key in %s cannot be read or made: %s".formatted(file, e.getMessage()), e);
    }
  }
}
