package dev.colloquy.channel.email;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.platform.secret.Base32;
import dev.colloquy.platform.secret.Secrets;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Addresses that say which conversation an answer belongs to: the agent's with a signed token after
 * a plus (subaddressing, RFC 5233). The token survives systems that fold case. Who knows it can be
 * anybody whom a mail was forwarded to: it says where an answer belongs, never who writes.
 */
@Singleton
public final class ThreadAddresses {
  private static final String PURPOSE = "email-thread";
  private static final int ID_CHARACTERS = 26;
  private static final int SIGNATURE_CHARACTERS = 16;
  // RFC 5321, section 4.5.3.1.1.
  private static final int LONGEST_LOCAL_PART = 64;

  private final Secrets secrets;

  ThreadAddresses(Secrets secrets) {
    this.secrets = secrets;
  }

  /** The agent's address for the conversation; nothing where it would be too long. */
  public Optional<String> of(String address, ConversationId conversation) {
    var at = address.lastIndexOf('@');
    var id = conversation.value();
    var bytes =
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array();
    var text = Base32.encode(bytes);
    var local = address.substring(0, at) + "+" + text + secrets.signWithoutCase(PURPOSE, text);
    return local.length() > LONGEST_LOCAL_PART
        ? Optional.empty()
        : Optional.of(local + address.substring(at));
  }

  /** The conversation that an address names, if this installation signed it. */
  public Optional<ConversationId> conversation(String address) {
    var at = address.lastIndexOf('@');
    var plus = address.lastIndexOf('+', Math.max(at, 0));
    if (plus < 0 || at - plus - 1 != ID_CHARACTERS + SIGNATURE_CHARACTERS) {
      return Optional.empty();
    }
    var token = address.substring(plus + 1, at).toLowerCase(Locale.ROOT);
    var text = token.substring(0, ID_CHARACTERS);
    var isOurs =
        MessageDigest.isEqual(
            bytes(secrets.signWithoutCase(PURPOSE, text)), bytes(token.substring(ID_CHARACTERS)));
    if (!isOurs) {
      return Optional.empty();
    }
    var bytes = ByteBuffer.wrap(Base32.decode(text, 16));
    return Optional.of(new ConversationId(new UUID(bytes.getLong(), bytes.getLong())));
  }

  /** The address without what stands after a plus, in lower case. */
  public static String plain(String address) {
    var at = address.lastIndexOf('@');
    var plus = address.indexOf('+');
    var whole = address.toLowerCase(Locale.ROOT);
    return plus > 0 && plus < at ? whole.substring(0, plus) + whole.substring(at) : whole;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
