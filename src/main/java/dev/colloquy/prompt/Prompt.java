package dev.colloquy.prompt;

import dev.colloquy.conversation.MessageId;
import dev.colloquy.knowledge.Passage;
import dev.colloquy.message.Message;
import dev.colloquy.message.SenderRole;
import dev.colloquy.message.Tokens;
import dev.colloquy.model.ModelMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a model is told.
 *
 * <p>The system part holds the instructions, the contexts and the passages found; the history
 * follows, as exchanges of a question with its answers, oldest first; the question stands last and
 * as it was asked. What the user wrote since and nobody replied to, because a person had taken
 * over, stands in the system part, so that the model knows it and does not answer it now. Where all
 * that is more than the budget, exchanges are left out, oldest first and whole; instructions,
 * contexts and the question never are.
 *
 * @param system may be empty
 * @param messages alternating, the user's last
 */
public record Prompt(String system, List<ModelMessage> messages) {
  public Prompt {
    messages = List.copyOf(messages);
  }

  /**
   * Puts a prompt together.
   *
   * @param budget how many tokens it may have, by {@link Tokens#estimate}
   */
  public static Prompt of(PromptSource source, List<Passage> passages, int budget) {
    var exchanges = exchanges(source.history());
    var answered = exchanges.size();
    while (answered > 0 && isUnanswered(exchanges.get(answered - 1))) {
      answered--;
    }
    var system = system(source, passages);
    var left =
        budget - Tokens.estimate(system.toString().strip()) - Tokens.estimate(source.question());
    var open = newest(exchanges.subList(answered, exchanges.size()), left);
    left -= open.stream().mapToInt(Prompt::cost).sum();
    section(system, "Earlier messages without a reply", unanswered(open));
    var messages = new ArrayList<ModelMessage>();
    for (var exchange : newest(exchanges.subList(0, answered), left)) {
      for (var message : exchange) {
        add(messages, role(message), message.text());
      }
    }
    add(messages, ModelMessage.Role.USER, source.question());
    return new Prompt(system.toString().strip(), messages);
  }

  private static StringBuilder system(PromptSource source, List<Passage> passages) {
    var system = new StringBuilder(source.instructions().strip());
    section(system, "The user", source.userName() + "\n" + orEmpty(source.userContext()));
    section(system, "This conversation", orEmpty(source.conversationContext()));
    section(system, "This message", orEmpty(source.messageContext()));
    if (!passages.isEmpty()) {
      var found = new StringBuilder();
      for (var passage : passages) {
        found
            .append("\n\n[")
            .append(passage.fileName())
            .append(passage.heading().isEmpty() ? "" : " > " + passage.heading())
            .append("]\n")
            .append(passage.text());
      }
      section(
          system,
          "From your documents",
          "Found for this message; use what fits, and say so when nothing does." + found);
    }
    return system;
  }

  private static boolean isUnanswered(List<Message> exchange) {
    return exchange.stream().allMatch(message -> role(message) == ModelMessage.Role.USER);
  }

  private static String unanswered(List<List<Message>> exchanges) {
    return exchanges.isEmpty()
        ? ""
        : exchanges.stream()
            .flatMap(List::stream)
            .map(Message::text)
            .collect(
                Collectors.joining(
                    "\n\n",
                    "The user wrote this before. Take it into account; do not answer it now.\n\n",
                    ""));
  }

  private static void section(StringBuilder system, String title, String text) {
    if (!text.isBlank()) {
      system.append("\n\n## ").append(title).append("\n\n").append(text.strip());
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Each question with what answers it, and each introduction alone, in order. */
  private static List<List<Message>> exchanges(List<Message> history) {
    Map<MessageId, List<Message>> exchanges = new LinkedHashMap<>();
    for (var message : history) {
      var question = message.questionId();
      if (question == null) {
        exchanges.computeIfAbsent(message.id(), _ -> new ArrayList<>()).add(message);
      } else {
        // Where the question is too long ago to be here, its answer is left out with it.
        exchanges.computeIfPresent(
            question,
            (_, exchange) -> {
              exchange.add(message);
              return exchange;
            });
      }
    }
    return List.copyOf(exchanges.values());
  }

  private static List<List<Message>> newest(List<List<Message>> exchanges, int budget) {
    var left = budget;
    var first = exchanges.size();
    while (first > 0) {
      var cost = cost(exchanges.get(first - 1));
      if (cost > left) {
        break;
      }
      left -= cost;
      first--;
    }
    return exchanges.subList(first, exchanges.size());
  }

  private static int cost(List<Message> exchange) {
    return exchange.stream().mapToInt(message -> Tokens.estimate(message.text())).sum();
  }

  /** Two in a row from one side become one message: not every provider takes them apart. */
  private static void add(List<ModelMessage> messages, ModelMessage.Role role, String text) {
    if (!messages.isEmpty() && messages.getLast().role() == role) {
      var before = messages.removeLast();
      messages.add(new ModelMessage(role, before.text() + "\n\n" + text));
    } else {
      messages.add(new ModelMessage(role, text));
    }
  }

  private static ModelMessage.Role role(Message message) {
    return message.role() == SenderRole.CONVERSATION_USER
        ? ModelMessage.Role.USER
        : ModelMessage.Role.ASSISTANT;
  }
}
