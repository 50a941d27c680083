package dev.colloquy.model.langchain;

import dev.colloquy.model.ModelException;
import dev.colloquy.model.ModelException.Reason;
import dev.colloquy.model.ModelMessage;
import dev.colloquy.model.ModelReply;
import dev.colloquy.model.ModelRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call of a LangChain4j model over {@link ProviderHttp}, done on the calling thread. */
final class ReplyCall implements StreamingChatResponseHandler {
  /** The longest reply taken, in UTF-16 units. */
  static final int MAX_TEXT = 1 << 20;

  private static final String SAID_FIRST =
      "\n\n## You have said to the user already, before the messages that follow";

  private final Attempt attempt;
  private final Consumer<String> onText;
  private final StringBuilder text = new StringBuilder();
  private @Nullable ChatResponse response;

  private ReplyCall(Attempt attempt, Consumer<String> onText) {
    this.attempt = attempt;
    this.onText = onText;
  }

  /**
   * Makes the call.
   *
   * @param endsWithStream LangChain4j takes the stream's end for the reply's end here, so that the
   *     provider's own sign (a finish reason or {@code [DONE]}) must be looked for
   */
  static ModelReply run(
      StreamingChatModel model,
      ModelRequest request,
      ChatRequestParameters parameters,
      boolean endsWithStream,
      Consumer<String> onText)
      throws ModelException, InterruptedException {
    var attempt = new Attempt(request.model(), request.timeLimit());
    var call = new ReplyCall(attempt, onText);
    var chat = ChatRequest.builder().messages(messages(request)).parameters(parameters).build();
    try {
      ScopedValue.where(Attempt.CURRENT, attempt).run(() -> model.chat(chat, call));
    } catch (CallFailure failure) {
      // A connection that breaks after the closing event takes nothing from the reply.
      if (call.response == null || endsWithStream) {
        throw failure.rethrow();
      }
    } catch (RuntimeException unreadable) {
      // As wide as this: LangChain4j wraps its parser's exceptions in bare RuntimeExceptions, and
      // an answer of another form than it expects ends in any other, such as a null dereference.
      throw call.unreadable(unreadable);
    }
    return call.reply(endsWithStream);
  }

  /**
   * The request's system text and messages; blank ones are left out, providers refuse them. What
   * the agent said before the user's first message goes to the system text: Anthropic's models on
   * some platforms, Gemini, and models whose chat template wants user and assistant in turn refuse
   * a list that does not begin with the user.
   */
  private static List<ChatMessage> messages(ModelRequest request) throws ModelException {
    if (request.question().isBlank()) {
      throw new ModelException(Reason.REJECTED, request.model() + ": the question is blank");
    }
    var saidFirst = new StringBuilder();
    var messages = new ArrayList<ChatMessage>(request.messages().size() + 1);
    for (ModelMessage message : request.messages()) {
      if (message.text().isBlank()) {
        continue;
      }
      switch (message.role()) {
        case USER -> messages.add(UserMessage.from(message.text()));
        case ASSISTANT -> {
          if (messages.isEmpty()) {
            saidFirst.append("\n\n").append(message.text());
          } else {
            messages.add(AiMessage.from(message.text()));
          }
        }
      }
    }
    var system = request.system() + (saidFirst.isEmpty() ? "" : SAID_FIRST + saidFirst);
    if (!system.isBlank()) {
      messages.addFirst(SystemMessage.from(system));
    }
    return messages;
  }

  /** The provider's own way to bind the reply to a schema; null where the request has none. */
  static @Nullable ResponseFormat format(ModelRequest request) {
    var schema = request.outputJsonSchema();
    if (schema == null) {
      return null;
    }
    return ResponseFormat.builder()
        .type(ResponseFormatType.JSON)
        .jsonSchema(
            JsonSchema.builder().name("reply").rootElement(JsonRawSchema.from(schema)).build())
        .build();
  }

  @Override
  public void onPartialResponse(String piece) {
    if (attempt.stopped() != null) {
      return;
    }
    if (text.length() + piece.length() > MAX_TEXT) {
      attempt.stop(CallFailure.of(Reason.REJECTED, attempt.model() + ": the reply is too large"));
      return;
    }
    text.append(piece);
    try {
      onText.accept(piece);
    } catch (RuntimeException e) {
      attempt.stop(new ListenerFailure(e));
    }
  }

  @Override
  public void onCompleteResponse(ChatResponse complete) {
    response = complete;
  }

  @Override
  public void onError(Throwable error) {
    attempt.stop(error instanceof RuntimeException e ? e : new IllegalStateException(error));
  }

  private ModelReply reply(boolean endsWithStream) throws ModelException, InterruptedException {
    switch (attempt.stopped()) {
      case null -> {}
      case CallFailure failure -> throw failure.rethrow();
      case ListenerFailure failure -> throw failure.thrown();
      case RuntimeException unreadable -> throw unreadable(unreadable);
    }
    var complete = response;
    if (complete == null
        || (endsWithStream && complete.finishReason() == null && !attempt.doneSeen())) {
      throw new ModelException(
          Reason.RETRYABLE, attempt.model() + ": the reply ended before its closing event");
    }
    var usage = complete.tokenUsage();
    var thinking = complete.aiMessage().thinking();
    return new ModelReply(
        text.toString(),
        thinking == null || thinking.isBlank() ? List.of() : List.of(thinking),
        List.of(),
        attempt.model(),
        usage == null ? 0 : count(usage.inputTokenCount()),
        usage == null ? 0 : count(usage.outputTokenCount()));
  }

  private static int count(@Nullable Integer tokens) {
    return tokens == null ? 0 : tokens;
  }

  /** The cause stays out of the exception: a parser's message may quote the reply. */
  private ModelException unreadable(RuntimeException cause) {
    return new ModelException(
        Reason.REJECTED,
        attempt.model()
            + ": the provider's answer cannot be read ("
            + cause.getClass().getSimpleName()
            + ")");
  }

  /** What the caller's own listener threw; it goes back to the caller as it is. */
  private static final class ListenerFailure extends RuntimeException {
    private final RuntimeException thrown;

    ListenerFailure(RuntimeException thrown) {
      super(thrown);
      this.thrown = thrown;
    }

    RuntimeException thrown() {
      return thrown;
    }
  }
}
