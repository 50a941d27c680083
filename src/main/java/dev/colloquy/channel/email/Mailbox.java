package dev.colloquy.channel.email;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.skill.EmailSkill;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox that is read by IMAP.
 *
 * @param agent whose it is; null where the recipients of its mails say whom they are for
 */
record Mailbox(EmailSkill.MailServer server, String folder, KeyOwner.@Nullable OfAgent agent) {

  /** The same for the same mailbox, on whichever port and with whichever security it is read. */
  String key() {
    var user = server.username();
    return server.host().toLowerCase(Locale.ROOT)
        + "\n"
        + (user == null ? "" : user)
        + "\n"
        + folder;
  }

  /** As it is named in logs. */
  String host() {
    return server.host();
  }
}
