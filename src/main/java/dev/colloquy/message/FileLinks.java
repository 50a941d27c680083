package dev.colloquy.message;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.platform.secret.Secrets;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/** Addresses of files that need no key, because they are signed, and end. */
@Singleton
final class FileLinks {
  private static final String PURPOSE = "message-file";
  private static final Duration GOOD_FOR = Duration.ofMinutes(15);

  private final Secrets secrets;
  private final PublicUrl publicUrl;
  private final Clock clock;

  FileLinks(Secrets secrets, PublicUrl publicUrl, Clock clock) {
    this.secrets = secrets;
    this.publicUrl = publicUrl;
    this.clock = clock;
  }

  /** The file's address from now on, for 15 minutes. */
  String to(ConversationId conversation, UUID file) {
    var expires = clock.instant().plus(GOOD_FOR).getEpochSecond();
    var signature = secrets.sign(PURPOSE, signed(conversation, file, expires));
    return publicUrl.of(
        "/message-files/%s/%s?expires=%d&signature=%s"
            .formatted(conversation, file, expires, signature));
  }

  /** Whether such an address was given out and has not ended. */
  boolean isGood(ConversationId conversation, UUID file, long expires, String signature) {
    return secrets.isSigned(PURPOSE, signed(conversation, file, expires), signature)
        && clock.instant().getEpochSecond() < expires;
  }

  private static String signed(ConversationId conversation, UUID file, long expires) {
    return conversation + "/" + file + "/" + expires;
  }
}
