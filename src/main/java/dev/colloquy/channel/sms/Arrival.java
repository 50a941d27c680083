package dev.colloquy.channel.sms;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.channel.InboundEvent;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.conversation.NewConversation;
import dev.colloquy.message.MessageOrigins;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.user.User;
import dev.colloquy.user.UserId;
import dev.colloquy.user.Users;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * An SMS that came in, and to whom.
 *
 * @param number the sender's, in E.164
 */
record Arrival(InboundEvent event, KeyOwner.OfAgent agent, InboundSms message, String number) {
  private static final Set<Channel> ALL = EnumSet.allOf(Channel.class);

  /**
   * The conversation that it belongs to, on SMS from here on: the open one that the sender has with
   * the agent, on whichever channel (the gateway's signature vouches for the number), or a new one.
   */
  ConversationId conversation(Handle tx, Instant now) {
    // Also locks the user, so that two messages at once open one conversation.
    var user = Users.findOrCreate(tx, agent.organization(), asked(now));
    var open = Conversations.findOpen(tx, agent, user.id(), ALL);
    if (open.isPresent()) {
      Conversations.move(tx, agent, open.get(), Channel.SMS, now);
      return open.get();
    }
    var id = new ConversationId(Ids.next());
    Conversations.open(
        tx,
        agent,
        new NewConversation(id, user.id(), Channel.SMS, null, null, null, null, null, now));
    return id;
  }

  /** The open conversation that the sender has with the agent; nobody is made for it. */
  Optional<ConversationId> known(Handle tx) {
    return Users.findByPhone(tx, agent.organization(), number)
        .flatMap(user -> Conversations.findOpen(tx, agent, user.id(), ALL));
  }

  /** Nobody's name comes with an SMS: until somebody gives one, the number stands for it. */
  private User asked(Instant now) {
    return new User(
        new UserId(Ids.next()),
        number,
        "",
        null,
        "sms",
        null,
        null,
        null,
        number,
        null,
        false,
        now);
  }

  MessageOrigins.Origin origin(ConversationId conversation, MessageId id) {
    return new MessageOrigins.Origin(conversation, id, number, message.to(), message.sid(), null);
  }
}
