package dev.colloquy.conversation;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Feedback as it is shown with conversations and messages. Runs in the caller's transaction. */
public final class Feedbacks {
  private Feedbacks() {}

  /** The feedback of each conversation that has any, oldest first. */
  static Map<ConversationId, List<FeedbackResponse>> byConversation(
      Handle tx, Collection<ConversationId> conversations) {
    return FeedbackRepository.list(tx, conversations).stream()
        .collect(groupingBy(Feedback::conversation, mapping(FeedbackResponse::of, toList())));
  }

  /** The feedback of each message of the conversation that has any, oldest first. */
  public static Map<MessageId, List<FeedbackResponse>> byMessage(
      Handle tx, ConversationId conversation) {
    return FeedbackRepository.list(tx, List.of(conversation)).stream()
        .collect(groupingBy(Feedback::message, mapping(FeedbackResponse::of, toList())));
  }
}
