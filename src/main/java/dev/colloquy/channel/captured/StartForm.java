package dev.colloquy.channel.captured;

import dev.colloquy.conversation.Channel;
import dev.colloquy.message.ConversationStarts;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.json.Text;
import io.quarkus.qute.TemplateData;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of the form that starts a conversation, as they were given. */
@TemplateData
record StartForm(
    String channel,
    String firstName,
    String lastName,
    String email,
    String phoneNumber,
    String subject,
    String text) {
  /** What the form holds at first, so that one click is enough. */
  static final StartForm EXAMPLE =
      new StartForm(
          "email",
          "Grace",
          "Hopper",
          "grace@example.com",
          "+12125550123",
          "Welcome to Colloquy",
          "Hello Grace, do you have a question about Colloquy? Just answer, and I look it up.");

  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_SUBJECT = 998;

  static StartForm of(
      @Nullable String channel,
      @Nullable String firstName,
      @Nullable String lastName,
      @Nullable String email,
      @Nullable String phoneNumber,
      @Nullable String subject,
      @Nullable String text) {
    return new StartForm(
        given(channel),
        given(firstName),
        given(lastName),
        given(email),
        given(phoneNumber),
        given(subject),
        given(text));
  }

  private static String given(@Nullable String text) {
    return text == null ? "" : text.replace("\r\n", "\n").strip();
  }

  /** A channel that something can be delivered over. */
  static Optional<Channel> channel(@Nullable String name) {
    for (var channel : new Channel[] {Channel.EMAIL, Channel.SMS, Channel.VOICE}) {
      if (Wire.name(channel).equals(name)) {
        return Optional.of(channel);
      }
    }
    return Optional.empty();
  }

  /**
   * What is to be started.
   *
   * @throws ApiException 400 naming a field that is wrong
   */
  ConversationStarts.First first() {
    var on =
        channel(channel)
            .orElseThrow(() -> ApiException.badField("channel", "must be email, sms or voice"));
    var isMail = on == Channel.EMAIL;
    return new ConversationStarts.First(
        require("firstName", firstName, LONGEST_NAME),
        require("lastName", lastName, LONGEST_NAME),
        on,
        isMail
            ? require("email", email, LONGEST_NAME)
            : require("phoneNumber", phoneNumber, LONGEST_NAME),
        isMail ? require("subject", subject, LONGEST_SUBJECT) : null,
        require("text", text, Answers.longest(on)));
  }

  private static String require(String field, String text, int longest) {
    if (text.isEmpty()) {
      throw ApiException.badField(field, "must not be empty");
    }
    if (text.length() > longest) {
      throw ApiException.badField(field, "must have at most %,d characters".formatted(longest));
    }
    if (!Text.isStorable(text)) {
      throw ApiException.badField(field, "holds characters that cannot be kept");
    }
    return text;
  }

  /** The line that starts the same by e-mail over the API, for a shell. */
  String curl(String address) {
    return """
    curl -s %s/external/conversations/start \\
      -H "Agent-Secret-Key: $AGENT_KEY" -H "Content-Type: application/json" \\
      -d '{"firstName": "%s", "lastName": "%s", "channel": "email", "email": "%s",
           "emailSubject": "%s", "emailIntroduction": "%s"}'\
    """
        .formatted(address, firstName, lastName, email, subject, text);
  }
}
