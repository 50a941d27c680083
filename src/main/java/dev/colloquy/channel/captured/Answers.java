package dev.colloquy.channel.captured;

import dev.colloquy.channel.Inbound;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.Messages;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.json.Text;
import dev.colloquy.turn.ChannelQuestion;
import dev.colloquy.turn.ChannelQuestions;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers in a person's name, which take the way that the person's own would take: a mail or a text
 * comes in as if from a mailbox or a gateway, what is said in a call is asked at once.
 */
@Singleton
final class Answers {
  /** What the ids of this page's texts begin with; Twilio's own begin with SM and a digit. */
  static final String TEXT_ID_PREFIX = "SMdev";

  private static final int LONGEST_MAIL = 100_000;
  private static final int LONGEST_TEXT = 1_600;
  private static final int LONGEST_WORDS = 10_000;

  private final Inbound inbound;
  private final ChannelQuestions questions;
  private final Clock clock;

  Answers(Inbound inbound, ChannelQuestions questions, Clock clock) {
    this.inbound = inbound;
    this.questions = questions;
    this.clock = clock;
  }

  /** How long an answer on the channel may be, in UTF-16 units. */
  static int longest(Channel channel) {
    return switch (channel) {
      case EMAIL -> LONGEST_MAIL;
      case SMS -> LONGEST_TEXT;
      case VOICE -> LONGEST_WORDS;
      case API, LIVE_CHAT -> throw new IllegalArgumentException("nothing is delivered over it");
    };
  }

  /**
   * Answers what was delivered.
   *
   * @param key the same for a form that is sent twice, which has one effect
   * @return by which its way can be followed: the id of what came in; nothing for a repeat, and for
   *     what is said in a call, which is there when this returns
   * @throws ApiException 400 for a text that cannot be sent
   */
  Optional<UUID> answer(
      CapturedRows.Row conversation,
      CapturedRows.Answerable answered,
      UUID key,
      @Nullable String given)
      throws InterruptedException {
    var text = text(answered.channel(), given);
    return switch (answered.channel()) {
      case EMAIL -> mail(conversation, answered, key, text);
      case SMS -> sms(conversation, answered, key, text);
      case VOICE -> {
        say(conversation, key, text);
        yield Optional.empty();
      }
      case API, LIVE_CHAT -> throw ApiException.notFound();
    };
  }

  /** Browsers end lines in two characters (HTML, "constructing the entry list"). */
  private static String text(Channel channel, @Nullable String given) {
    var text = given == null ? "" : given.replace("\r\n", "\n").strip();
    if (text.isEmpty()) {
      throw ApiException.badField("text", "must not be empty");
    }
    if (text.length() > longest(channel)) {
      throw ApiException.badField(
          "text", "must have at most %,d characters".formatted(longest(channel)));
    }
    if (!Text.isStorable(text)) {
      throw ApiException.badField("text", "holds characters that cannot be kept");
    }
    return text;
  }

  private Optional<UUID> mail(
      CapturedRows.Row conversation, CapturedRows.Answerable answered, UUID key, String text) {
    var agent = AnswerMail.agentAddress(conversation, answered);
    var draft =
        new AnswerMail.Draft(
            key.toString(),
            new AnswerMail.Party(conversation.personName(), answered.recipient()),
            new AnswerMail.Party(conversation.agentName(), agent),
            answered,
            text,
            clock.instant());
    return inbound.keep(
        "email",
        conversation.agent(),
        draft.messageId(),
        answered.recipient(),
        "message/rfc822",
        null,
        AnswerMail.write(draft));
  }

  /** As Twilio's webhook says it (https://www.twilio.com/docs/messaging/guides/webhook-request). */
  private Optional<UUID> sms(
      CapturedRows.Row conversation, CapturedRows.Answerable answered, UUID key, String text) {
    var id = TEXT_ID_PREFIX + key.toString().replace("-", "");
    var sender = answered.sender();
    var fields = new LinkedHashMap<String, String>();
    fields.put("MessageSid", id);
    fields.put("From", answered.recipient());
    fields.put("To", sender == null ? "" : sender);
    fields.put("Body", text);
    fields.put("NumMedia", "0");
    var form =
        fields.entrySet().stream()
            .map(f -> f.getKey() + "=" + URLEncoder.encode(f.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return inbound.keep(
        "twilio-sms",
        conversation.agent(),
        id,
        answered.recipient(),
        "application/x-www-form-urlencoded",
        null,
        form.getBytes(StandardCharsets.UTF_8));
  }

  private void say(CapturedRows.Row conversation, UUID key, String text)
      throws InterruptedException {
    var id = new MessageId(key);
    questions.ask(tx -> {
      Conversations.requireLocked(tx, conversation.agent(), conversation.id());
      if (Messages.find(tx, conversation.id(), id).isPresent()) {
        return Optional.empty();
      }
      Conversations.move(
          tx, conversation.agent(), conversation.id(), Channel.VOICE, Rows.now(clock));
      return Optional.of(
          ChannelQuestion.of(
              conversation.agent(), conversation.id(), id, Channel.VOICE, text, null));
    });
  }
}
