package dev.colloquy.channel.voice;

import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.secret.Secrets;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/**
 * The tokens in the addresses that a call's provider is given: the call's id and this
 * installation's signature of it, so that they let nobody into any other call.
 */
@Singleton
final class CallTokens {
  private static final String PURPOSE = "voice-call";
  private static final int ID_LENGTH = 36;

  private final Secrets secrets;

  CallTokens(Secrets secrets) {
    this.secrets = secrets;
  }

  String of(UUID call) {
    return call + secrets.sign(PURPOSE, call.toString());
  }

  /** The call whose token it is; nothing where it is not one of ours. */
  Optional<UUID> read(String token) {
    if (!secrets.isAvailable() || token.length() <= ID_LENGTH) {
      return Optional.empty();
    }
    var id = token.substring(0, ID_LENGTH);
    return secrets.isSigned(PURPOSE, id, token.substring(ID_LENGTH))
        ? Ids.parse(id)
        : Optional.empty();
  }
}
