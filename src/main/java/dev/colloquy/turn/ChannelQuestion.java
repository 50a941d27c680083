package dev.colloquy.turn;

import dev.colloquy.agent.WhenBusy;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.message.MessageFile;
import dev.colloquy.message.MessageOrigins;
import dev.colloquy.message.Messages;
import dev.colloquy.platform.db.Wire;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A question that came in over a channel.
 *
 * @param id its id as a message
 * @param text what the agent is asked
 * @param rawText the whole of what came in, where that differs
 * @param context what the agent is told beside it, for this question only
 * @param files what came with it; their contents are stored by whoever asks
 * @param origin where it came from and the answer goes; null where the answer is not sent
 * @param whenBusy what happens where another question is being answered; null: as the agent is set,
 *     but nothing that came in is rejected
 */
public record ChannelQuestion(
    KeyOwner.OfAgent agent,
    ConversationId conversation,
    MessageId id,
    Channel channel,
    String text,
    @Nullable String rawText,
    @Nullable String context,
    List<MessageFile> files,
    MessageOrigins.@Nullable Origin origin,
    @Nullable WhenBusy whenBusy) {
  public ChannelQuestion {
    files = List.copyOf(files);
  }

  /** A plain text. */
  public static ChannelQuestion of(
      KeyOwner.OfAgent agent,
      ConversationId conversation,
      MessageId id,
      Channel channel,
      String text,
      MessageOrigins.@Nullable Origin origin) {
    return new ChannelQuestion(
        agent, conversation, id, channel, text, null, null, List.of(), origin, null);
  }

  TurnRepository.Question question() {
    return new TurnRepository.Question(
        agent,
        conversation,
        id,
        Wire.name(channel),
        text,
        context,
        new TurnRepository.Wishes(whenBusy, null, null, false));
  }

  /** Stores what a question over the API does not have. */
  void complete(Handle tx) {
    Messages.complete(tx, conversation, id, rawText, files);
    if (origin != null) {
      MessageOrigins.add(tx, origin);
    }
  }
}
