package dev.colloquy.channel.sms;

import dev.colloquy.channel.Inbound;
import dev.colloquy.consent.ConsentAction;
import dev.colloquy.consent.ConsentEntry;
import dev.colloquy.consent.Consents;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.ConversationMode;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.EventSignals;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.delivery.DeliveryId;
import dev.colloquy.delivery.DeliveryKind;
import dev.colloquy.delivery.Outbound;
import dev.colloquy.delivery.Outbox;
import dev.colloquy.message.Message;
import dev.colloquy.message.MessageOrigins;
import dev.colloquy.message.Messages;
import dev.colloquy.message.SenderRole;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.turn.ChannelQuestions;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What the words do that stop messages, allow them, or ask who writes: entries of the ledger, and a
 * message that people can see. No model is asked.
 */
@Singleton
final class KeywordMessages {
  private static final String HELP =
      ": this number is answered by an automated assistant. Ask it anything, or reply STOP to get no"
          + " more messages. Message and data rates may apply.";

  private final Database database;
  private final Inbound inbound;
  private final ChannelQuestions questions;
  private final Outbox outbox;
  private final EventSignals signals;
  private final Clock clock;

  KeywordMessages(
      Database database,
      Inbound inbound,
      ChannelQuestions questions,
      Outbox outbox,
      EventSignals signals,
      Clock clock) {
    this.database = database;
    this.inbound = inbound;
    this.questions = questions;
    this.outbox = outbox;
    this.signals = signals;
    this.clock = clock;
  }

  /** Handles the message in a transaction of its own; false where the word is an answer here. */
  boolean handle(Arrival came, Keywords.Keyword keyword) {
    return switch (keyword.meaning()) {
      case STOP -> {
        stop(came, keyword);
        yield true;
      }
      case START -> {
        database.useTransaction(tx -> start(tx, came, keyword));
        yield true;
      }
      case YES ->
          database.inTransaction(tx -> {
            var isStart = isOptedOut(tx, came);
            if (isStart) {
              start(tx, came, keyword);
            }
            return isStart;
          });
      case HELP -> {
        database.useTransaction(tx -> help(tx, came, keyword));
        yield true;
      }
    };
  }

  boolean isOptedOut(Handle tx, Arrival came) {
    return Consents.block(tx, came.agent().organization(), Channel.SMS, came.number())
        .filter(ConsentAction.OPT_OUT::equals)
        .isPresent();
  }

  /** From the commit on nothing is sent to the number; and what is being answered need not be. */
  private void stop(Arrival came, Keywords.Keyword keyword) {
    var conversation =
        database.inTransaction(tx -> {
          if (!Inbound.take(tx, came.event())) {
            return came.known(tx);
          }
          var now = Rows.now(clock);
          note(tx, came, ConsentAction.OPT_OUT, keyword, now);
          var open = came.known(tx);
          end(tx, came, open.orElse(null), "opt_out", now);
          return open;
        });
    conversation.ifPresent(id -> questions.cancelOpen(came.agent(), id, Channel.SMS));
  }

  private void start(Handle tx, Arrival came, Keywords.Keyword keyword) {
    if (Inbound.take(tx, came.event())) {
      var now = Rows.now(clock);
      note(tx, came, ConsentAction.OPT_IN, keyword, now);
      end(tx, came, came.known(tx).orElse(null), "opt_in", now);
    }
  }

  private void end(
      Handle tx, Arrival came, @Nullable ConversationId conversation, String outcome, Instant now) {
    if (conversation == null) {
      inbound.handled(tx, came.event(), outcome, null, null);
    } else {
      storeUnanswered(tx, came, conversation, outcome, now);
    }
  }

  private static void note(
      Handle tx, Arrival came, ConsentAction action, Keywords.Keyword keyword, Instant now) {
    Consents.add(
        tx,
        new ConsentEntry(
            came.agent().organization(),
            came.agent().agent(),
            Channel.SMS,
            came.number(),
            action,
            keyword.word(),
            came.event().id(),
            now));
  }

  /** Stores the message for people to see; the agent is not asked. */
  MessageId storeUnanswered(
      Handle tx, Arrival came, ConversationId conversation, String outcome, Instant now) {
    // As everything does that writes into a conversation's feed.
    Conversations.lock(tx, conversation);
    var id = new MessageId(Ids.next());
    append(tx, conversation, id, null, came.message().body(), now);
    MessageOrigins.add(tx, came.origin(conversation, id));
    inbound.handled(tx, came.event(), outcome, conversation, id);
    database.afterCommit(() -> signals.changed(came.agent().agent(), conversation));
    return id;
  }

  private static void append(
      Handle tx,
      ConversationId conversation,
      MessageId id,
      @Nullable MessageId question,
      String text,
      Instant now) {
    Messages.append(
        tx,
        new Message(
            conversation,
            0,
            id,
            question,
            question == null ? SenderRole.CONVERSATION_USER : SenderRole.ASSISTANT,
            Wire.name(Channel.SMS),
            text,
            null,
            null,
            List.of(),
            false,
            now),
        null);
  }

  /**
   * Says who answers and how to stop, unless the gateway has said it, the number has opted out, or
   * a person has taken the conversation over (invariant 4).
   */
  private void help(Handle tx, Arrival came, Keywords.Keyword keyword) {
    if (!Inbound.take(tx, came.event())) {
      return;
    }
    var now = Rows.now(clock);
    note(tx, came, ConsentAction.HELP, keyword, now);
    var conversation = came.conversation(tx, now);
    var question = storeUnanswered(tx, came, conversation, "help", now);
    var isManual =
        Conversations.require(tx, came.agent(), conversation).mode() == ConversationMode.MANUAL;
    if (keyword.isAnswered() || isManual || isOptedOut(tx, came)) {
      return;
    }
    var reply = new MessageId(Ids.next());
    var text = publicName(tx, came) + HELP;
    append(tx, conversation, reply, question, text, now);
    outbox.write(
        tx,
        came.agent(),
        new Outbound(
            new DeliveryId(Ids.next()),
            conversation,
            reply,
            DeliveryKind.REPLY,
            Channel.SMS,
            came.number(),
            came.message().to(),
            null,
            text,
            null,
            now));
  }

  private static String publicName(Handle tx, Arrival came) {
    return tx.createQuery("select public_name from agent where id = :id")
        .bind("id", came.agent().agent().value())
        .mapTo(String.class)
        .one();
  }
}
