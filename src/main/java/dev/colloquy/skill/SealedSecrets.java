package dev.colloquy.skill;

import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.secret.Secrets;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Tells at the start that stored secrets cannot be read, before the first mail fails of it. */
@Singleton
final class SealedSecrets {
  private static final Logger log = Logger.getLogger(SealedSecrets.class);
  private static final int LOOKED_AT = 100;

  private final Database database;
  private final Secrets secrets;

  SealedSecrets(Database database, Secrets secrets) {
    this.database = database;
    this.secrets = secrets;
  }

  void check(@Observes StartupEvent event) {
    var unreadable = unreadable();
    if (unreadable > 0) {
      log.warnf(
          "event=secrets.unreadable skills=%d: passwords and tokens of mail servers and providers"
              + " were sealed under another secret key. Restore colloquy.secret-key, or the file"
              + " secret-key of the data folder, from your backup, or set them again",
          unreadable);
    }
  }

  /** How many of those that were changed last cannot be read. */
  long unreadable() {
    var sealed = database.read(tx -> SkillRepository.lastSealed(tx, LOOKED_AT));
    return sealed.stream().filter(row -> !canRead(row)).count();
  }

  private boolean canRead(SkillRepository.Row row) {
    var bytes = row.sealed();
    return bytes == null
        || (secrets.isAvailable()
            && secrets.open(Skills.scope(row.agent(), row.name()), bytes).isPresent());
  }
}
