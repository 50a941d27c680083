package dev.colloquy.channel.email;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.channel.Inbound;
import dev.colloquy.channel.InboundEvent;
import dev.colloquy.channel.InboundHandler;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.Conversation;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.ConversationMode;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.conversation.NewConversation;
import dev.colloquy.message.MessageFiles;
import dev.colloquy.message.MessageOrigins;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.skill.EmailConfig;
import dev.colloquy.turn.ChannelQuestion;
import dev.colloquy.turn.ChannelQuestions;
import dev.colloquy.user.User;
import dev.colloquy.user.UserId;
import dev.colloquy.user.Users;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes a question of a mail, a note of a report, or nothing of what no person wrote. Whatever the
 * bytes are, they have an outcome.
 */
@Singleton
final class EmailInbound implements InboundHandler {
  static final String SOURCE = "email";

  /** The type of what is kept of a mail that is too large: its headers. */
  static final String ONLY_HEADERS = "text/rfc822-headers";

  private final ChannelQuestions questions;
  private final Inbound inbound;
  private final MailAgents agents;
  private final MailThreads threads;
  private final Bounces bounces;
  private final EmailConfig config;
  private final Clock clock;

  EmailInbound(
      ChannelQuestions questions,
      Inbound inbound,
      MailAgents agents,
      MailThreads threads,
      Bounces bounces,
      EmailConfig config,
      Clock clock) {
    this.questions = questions;
    this.inbound = inbound;
    this.agents = agents;
    this.threads = threads;
    this.bounces = bounces;
    this.config = config;
    this.clock = clock;
  }

  @Override
  public String source() {
    return SOURCE;
  }

  /** What is to be asked, or that nothing is and why. */
  private sealed interface Step {
    record Ask(ChannelQuestion question) implements Step {}

    record Ignore(String outcome) implements Step {}

    record Noted(Bounces.Noted note) implements Step {}
  }

  @Override
  public void handle(InboundEvent event) throws InterruptedException {
    // Read before the transaction: it takes a while for a large one.
    var mail = Mail.read(event.body());
    var body = MailBody.of(mail.root());
    questions.ask(tx -> Inbound.take(tx, event) ? work(tx, event, mail, body) : Optional.empty());
  }

  private Optional<ChannelQuestion> work(Handle tx, InboundEvent event, Mail mail, MailBody body) {
    return switch (step(tx, event, mail, body)) {
      case Step.Ask(var question) -> {
        inbound.handled(tx, event, "question", question.conversation(), question.id());
        yield Optional.of(question);
      }
      case Step.Ignore(var outcome) -> {
        inbound.ignored(tx, event, outcome);
        yield Optional.empty();
      }
      case Step.Noted(var note) -> {
        inbound.handled(tx, event, note.outcome(), note.conversation(), null);
        yield Optional.empty();
      }
    };
  }

  private Step step(Handle tx, InboundEvent event, Mail mail, MailBody body) {
    if (ONLY_HEADERS.equals(event.contentType()) || event.body().length > config.maxSize()) {
      return new Step.Ignore("too_large");
    }
    var agent =
        Optional.ofNullable(event.agent()).or(() -> agents.of(tx, mail).stream().findFirst());
    var report = BounceReport.read(mail, body.text());
    if (report.isPresent()) {
      return bounces
          .note(tx, event, agent.orElse(null), mail, report.get())
          .<Step>map(Step.Noted::new)
          .orElseGet(() -> new Step.Ignore("bounce_unknown"));
    }
    var refusal = refusal(tx, agent.orElse(null), mail, body);
    return refusal.isPresent()
        ? new Step.Ignore(refusal.get())
        : question(tx, agent.orElseThrow(), mail, body);
  }

  /** Why the mail is not answered, as far as that can be told without its conversation. */
  private Optional<String> refusal(
      Handle tx, KeyOwner.@Nullable OfAgent agent, Mail mail, MailBody body) {
    var from = mail.from();
    if (mail.headers().hasAny("X-Colloquy-") || MailThreads.isOurs(tx, mail)) {
      return Optional.of("own_mail");
    }
    var automatic = AutomaticMail.reason(mail, body.text());
    if (automatic.isPresent()) {
      return automatic;
    }
    if (from == null) {
      return Optional.of("no_sender");
    }
    if (agents.isAgent(tx, from)) {
      return Optional.of("own_mail");
    }
    if (agent == null) {
      return Optional.of("no_agent");
    }
    return agents.isSwitchedOff(tx, agent) ? Optional.of("skill_inactive") : Optional.empty();
  }

  private Step question(Handle tx, KeyOwner.OfAgent agent, Mail mail, MailBody body) {
    var from = Objects.requireNonNull(mail.from());
    var now = Rows.now(clock);
    var limits = new MailFiles.Limits(config.attachmentsMax(), config.attachmentMaxSize());
    var text = MailText.of(mail, body, limits);
    if (text.text().isBlank()) {
      return new Step.Ignore("empty");
    }
    var recipient = agents.address(tx, agent, mail);
    if (recipient.isEmpty()) {
      return new Step.Ignore("no_address");
    }
    var thread = threads.find(tx, agent, mail, from);
    // Either locks what a repeat of this mail, handled at the same time, has to pass.
    var user = thread.isEmpty() ? user(tx, agent, from, now) : null;
    thread.ifPresent(known -> Conversations.lock(tx, known.id()));
    if (isRepeat(tx, agent, mail, from)) {
      return new Step.Ignore("repeat");
    }
    if (!isManual(thread)
        && MailRate.within(tx, agent, from, now) >= agents.mailsPerHour(tx, agent)) {
      return new Step.Ignore("rate_limited");
    }
    var conversation =
        thread.isPresent()
            ? goOn(tx, agent, thread.get(), now)
            : open(tx, agent, Objects.requireNonNull(user), now);
    return new Step.Ask(ask(tx, agent, conversation, mail, text, recipient.get(), now));
  }

  private static boolean isRepeat(Handle tx, KeyOwner.OfAgent agent, Mail mail, MailAddress from) {
    return mail.messageId() != null
        && MessageOrigins.byExternalId(tx, agent, mail.messageId())
            .filter(origin -> origin.sender().equalsIgnoreCase(from.address()))
            .isPresent();
  }

  /** People who answer people are not counted. */
  private static boolean isManual(Optional<Conversation> thread) {
    return thread.map(known -> known.mode() == ConversationMode.MANUAL).orElse(false);
  }

  private static ConversationId goOn(
      Handle tx, KeyOwner.OfAgent agent, Conversation thread, Instant now) {
    Conversations.move(tx, agent, thread.id(), Channel.EMAIL, now);
    return thread.id();
  }

  private static ConversationId open(Handle tx, KeyOwner.OfAgent agent, User user, Instant now) {
    var id = new ConversationId(Ids.next());
    Conversations.open(
        tx,
        agent,
        new NewConversation(id, user.id(), Channel.EMAIL, null, null, null, null, null, now));
    return id;
  }

  private static User user(Handle tx, KeyOwner.OfAgent agent, MailAddress from, Instant now) {
    var name = from.split();
    return Users.findOrCreate(
        tx,
        agent.organization(),
        new User(
            new UserId(Ids.next()),
            name.first(),
            name.last(),
            null,
            "email",
            null,
            null,
            from.address(),
            null,
            null,
            false,
            now));
  }

  private static ChannelQuestion ask(
      Handle tx,
      KeyOwner.OfAgent agent,
      ConversationId conversation,
      Mail mail,
      MailText text,
      String recipient,
      Instant now) {
    var id = new MessageId(Ids.next());
    var details =
        JsonNodeFactory.instance
            .objectNode()
            .put("subject", mail.subject())
            .put("references", mail.thread());
    return new ChannelQuestion(
        agent,
        conversation,
        id,
        Channel.EMAIL,
        text.text(),
        text.raw(),
        text.context(),
        MessageFiles.add(tx, conversation, id, text.files(), now),
        new MessageOrigins.Origin(
            conversation,
            id,
            Objects.requireNonNull(mail.from()).address(),
            recipient,
            mail.messageId(),
            details),
        null);
  }
}
