package dev.colloquy.channel.sms;

import dev.colloquy.channel.Form;
import dev.colloquy.user.Contacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A message that came in, by the parameters of Twilio's webhook.
 *
 * @param from who writes: mostly a number in E.164, but also a short code or a name
 * @param optOut what Advanced Opt-Out made of it, as its {@code OptOutType} says: {@code STOP},
 *     {@code START} or {@code HELP}; else ""
 */
record InboundSms(
    String sid, String from, String to, String body, List<Media> media, String optOut) {
  /** How many files one message is taken to have; Twilio's have ten at most. */
  static final int MAX_FILES = 10;

  private static final Pattern NUMBER = Pattern.compile("\\+[1-9][0-9]{6,14}");

  InboundSms {
    media = List.copyOf(media);
  }

  /** A file, at the gateway or elsewhere. */
  record Media(String url, String contentType) {}

  static InboundSms of(Form form) {
    var media = new ArrayList<Media>();
    for (var i = 0; i < MAX_FILES; i++) {
      var url = form.find("MediaUrl" + i);
      if (url.isPresent()) {
        media.add(new Media(url.get(), form.text("MediaContentType" + i)));
      }
    }
    return new InboundSms(
        form.text("MessageSid"),
        form.text("From").strip(),
        form.text("To").strip(),
        form.text("Body"),
        media,
        form.text("OptOutType").toUpperCase(Locale.ROOT));
  }

  /** The number to answer, in E.164; nothing where it is none that a person has. */
  Optional<String> number() {
    return NUMBER.matcher(from).matches()
        ? Optional.ofNullable(Contacts.of(null, null, from, true, true).phoneNumber())
        : Optional.empty();
  }
}
