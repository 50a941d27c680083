package dev.colloquy.channel.sms;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.channel.Form;
import dev.colloquy.channel.Inbound;
import dev.colloquy.channel.InboundEvent;
import dev.colloquy.channel.InboundHandler;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.MessageFiles;
import dev.colloquy.message.MessageFiles.NewFile;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.json.Text;
import dev.colloquy.skill.Skills;
import dev.colloquy.skill.SmsConfig;
import dev.colloquy.turn.ChannelQuestion;
import dev.colloquy.turn.ChannelQuestions;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes questions of SMS and MMS that came in: of a person who is known by the number, in the open
 * conversation that this person has with the agent on whichever channel, else in a new one.
 */
@Singleton
final class TwilioSmsHandler implements InboundHandler {
  private final Database database;
  private final Inbound inbound;
  private final Keywords keywords;
  private final KeywordMessages keywordMessages;
  private final ChannelQuestions questions;
  private final Media media;
  private final Clock clock;

  TwilioSmsHandler(
      Database database,
      Inbound inbound,
      Keywords keywords,
      KeywordMessages keywordMessages,
      ChannelQuestions questions,
      Media media,
      Clock clock) {
    this.database = database;
    this.inbound = inbound;
    this.keywords = keywords;
    this.keywordMessages = keywordMessages;
    this.questions = questions;
    this.media = media;
    this.clock = clock;
  }

  /** Fetches what an agent's messages bring with them. */
  @Singleton
  static final class Media {
    private final Database database;
    private final Skills skills;
    private final SmsConfig config;
    private final MediaFetch fetch;

    Media(Database database, Skills skills, SmsConfig config, MediaFetch fetch) {
      this.database = database;
      this.skills = skills;
      this.config = config;
      this.fetch = fetch;
    }

    List<NewFile> of(KeyOwner.OfAgent agent, InboundSms message) throws InterruptedException {
      if (message.media().isEmpty()) {
        return List.of();
      }
      var login =
          database
              .read(tx -> skills.sms(tx, agent.agent()))
              .flatMap(skill -> TwilioSmsProvider.login(skill, config));
      return login.isEmpty() ? List.of() : fetch.fetch(login.get(), message.media());
    }
  }

  @Override
  public String source() {
    return TwilioSmsResource.MESSAGES;
  }

  @Override
  public void handle(InboundEvent event) throws InterruptedException {
    var agent = event.agent();
    if (agent == null) {
      return;
    }
    var message = InboundSms.of(Form.parse(event.body()));
    var number = message.number();
    if (number.isEmpty()) {
      // A short code or a name cannot be answered, and is mostly a machine.
      ignore(event, "sender_is_no_number");
    } else if (message.body().isBlank() && message.media().isEmpty()) {
      ignore(event, "empty");
    } else {
      var came = new Arrival(event, agent, message, number.get());
      var keyword = keywords.find(message);
      if (keyword.isEmpty() || !keywordMessages.handle(came, keyword.get())) {
        ask(came);
      }
    }
  }

  private void ignore(InboundEvent event, String outcome) {
    database.useTransaction(tx -> {
      if (Inbound.take(tx, event)) {
        inbound.ignored(tx, event, outcome);
      }
    });
  }

  private void ask(Arrival came) throws InterruptedException {
    var files = media.of(came.agent(), came.message());
    var _ = questions.ask(tx -> question(tx, came, files));
  }

  private Optional<ChannelQuestion> question(Handle tx, Arrival came, List<NewFile> files) {
    if (!Inbound.take(tx, came.event())) {
      return Optional.empty();
    }
    var now = Rows.now(clock);
    var conversation = came.conversation(tx, now);
    if (keywordMessages.isOptedOut(tx, came)) {
      // Nothing could be answered: people see it, and no model is asked.
      keywordMessages.storeUnanswered(tx, came, conversation, "opted_out", now);
      return Optional.empty();
    }
    var id = new MessageId(Ids.next());
    var kept = MessageFiles.add(tx, conversation, id, files, now);
    inbound.handled(tx, came.event(), "question", conversation, id);
    return Optional.of(
        new ChannelQuestion(
            came.agent(),
            conversation,
            id,
            Channel.SMS,
            text(came.message()),
            null,
            context(came.message(), files),
            kept,
            came.origin(conversation, id),
            null));
  }

  private static String text(InboundSms message) {
    return Text.orNull(message.body()) == null
        ? "(sent %d files without a word)".formatted(message.media().size())
        : message.body();
  }

  private static @Nullable String context(InboundSms message, List<NewFile> files) {
    if (message.media().isEmpty()) {
      return null;
    }
    var types = files.stream().map(NewFile::contentType).collect(Collectors.joining(", "));
    return "The message came with %d files that you cannot see%s."
        .formatted(message.media().size(), types.isEmpty() ? "" : ": " + types);
  }
}
