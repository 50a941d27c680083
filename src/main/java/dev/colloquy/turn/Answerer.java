package dev.colloquy.turn;

import dev.colloquy.event.Drafts;
import dev.colloquy.knowledge.Knowledge;
import dev.colloquy.knowledge.Passage;
import dev.colloquy.message.Message;
import dev.colloquy.message.SenderRole;
import dev.colloquy.model.ModelConfig;
import dev.colloquy.model.ModelException;
import dev.colloquy.model.ModelName;
import dev.colloquy.model.ModelNames;
import dev.colloquy.model.ModelRequest;
import dev.colloquy.model.Models;
import dev.colloquy.model.ReplyListener;
import dev.colloquy.model.UnknownModelException;
import dev.colloquy.prompt.Prompt;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the reply of a turn: looks things up, puts the prompt together, asks the model. */
@Singleton
final class Answerer {
  private final Knowledge knowledge;
  private final Models models;
  private final ModelNames names;
  private final ModelConfig config;
  private final Drafts drafts;
  private final Clock clock;

  Answerer(
      Knowledge knowledge,
      Models models,
      ModelNames names,
      ModelConfig config,
      Drafts drafts,
      Clock clock) {
    this.drafts = drafts;
    this.knowledge = knowledge;
    this.models = models;
    this.names = names;
    this.config = config;
    this.clock = clock;
  }

  /** What the model is to be asked, and who answers where it fails. */
  record Prepared(ModelRequest request, @Nullable ModelName fallback) {}

  /** Looks up what the model needs to know. */
  Prepared prepare(Turn turn) throws ModelException, InterruptedException {
    var settings = turn.settings();
    var model = name(settings.model());
    var fallback = settings.fallbackModel() == null ? null : name(settings.fallbackModel());
    var passages = passages(turn);
    var prompt = Prompt.of(turn.prompt(), passages, models.contextTokens(model));
    var request =
        new ModelRequest(
            model,
            prompt.system(),
            prompt.messages(),
            passages,
            settings.temperature(),
            settings.topP(),
            settings.reasoningEffort(),
            settings.outputJsonSchema(),
            timeLimit(turn));
    return new Prepared(request, fallback);
  }

  /** What one attempt may take: as set for models, and no more than the turn has left. */
  private Duration timeLimit(Turn turn) {
    var left = Duration.between(clock.instant(), turn.deadline());
    return left.compareTo(config.timeout()) < 0 ? left : config.timeout();
  }

  /** Asks the model; touches no database, so that it can be interrupted at any point. */
  Reply ask(Turn turn, Prepared prepared) throws ModelException, InterruptedException {
    var question = turn.question();
    try (var draft = drafts.begin(question.conversation(), question.id(), turn.fence())) {
      return Reply.of(
          models.reply(prepared.request(), prepared.fallback(), turn.deadline(), listener(draft)));
    }
  }

  private static ReplyListener listener(Drafts.Writer draft) {
    return new ReplyListener() {
      @Override
      public void onText(String piece) {
        draft.append(piece);
      }

      @Override
      public void onRestart() {
        draft.restart();
      }
    };
  }

  private List<Passage> passages(Turn turn) throws InterruptedException {
    var agent = turn.agent().agent();
    if (!turn.settings().isFileSearchEnabled() || !knowledge.hasDocuments(agent)) {
      return List.of();
    }
    return knowledge.search(
        agent,
        turn.prompt().question(),
        previousQuestion(turn.prompt().history()),
        turn.settings().fileSearchMaxNumResults());
  }

  private static @Nullable String previousQuestion(List<Message> history) {
    return history.reversed().stream()
        .filter(m -> m.role() == SenderRole.CONVERSATION_USER)
        .map(Message::text)
        .findFirst()
        .orElse(null);
  }

  /** A name was checked when it was set; a provider that was configured then may be gone now. */
  private ModelName name(@Nullable String written) throws ModelException {
    if (written == null) {
      return names.defaultModel();
    }
    try {
      return names.parse(written);
    } catch (UnknownModelException e) {
      throw new ModelException(ModelException.Reason.NOT_CONFIGURED, e.getMessage());
    }
  }
}
