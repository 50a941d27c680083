package dev.colloquy.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The providers' streaming formats, as each one publishes them. */
public enum ModelProtocol {
  /** https://platform.openai.com/docs/api-reference/chat-streaming */
  OPENAI("/v1", "text/event-stream") {
    @Override
    List<String> opening(String model, ModelAnswer.Reply reply) {
      return List.of(chunk(model, "{\"role\":\"assistant\",\"content\":\"\"}", "null"));
    }

    @Override
    String piece(String model, String text) {
      return chunk(model, "{\"content\":" + json(text) + "}", "null");
    }

    @Override
    List<String> closing(String model, ModelAnswer.Reply reply) {
      return List.of(
          chunk(model, "{}", "\"stop\""),
          "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":"
              + json(model)
              + ",\"choices\":[],\"usage\":{\"prompt_tokens\":"
              + reply.inputTokens()
              + ",\"completion_tokens\":"
              + reply.outputTokens()
              + ",\"total_tokens\":"
              + (reply.inputTokens() + reply.outputTokens())
              + "}}\n\n",
          "data: [DONE]\n\n");
    }

    @Override
    String error() {
      return "data: {\"error\":{\"message\":\"secret words\",\"type\":\"server_error\"}}\n\n";
    }

    private String chunk(String model, String delta, String finish) {
      return ("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
              + "\"model\":%s,\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}],"
              + "\"usage\":null}\n\n")
          .formatted(json(model), delta, finish);
    }
  },

  /** https://docs.anthropic.com/en/api/messages-streaming */
  ANTHROPIC("/anthropic/v1", "text/event-stream") {
    @Override
    List<String> opening(String model, ModelAnswer.Reply reply) {
      return List.of(
          event(
              "message_start",
              "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                  + "\"content\":[],\"model\":"
                  + json(model)
                  + ",\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":"
                  + reply.inputTokens()
                  + ",\"output_tokens\":1}}"),
          event(
              "content_block_start",
              "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"),
          "event: ping\ndata: {\"type\": \"ping\"}\n\n");
    }

    @Override
    String piece(String model, String text) {
      return event(
          "content_block_delta",
          "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":" + json(text) + "}");
    }

    @Override
    List<String> closing(String model, ModelAnswer.Reply reply) {
      return List.of(
          event("content_block_stop", "\"index\":0"),
          event(
              "message_delta",
              "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                  + "\"usage\":{\"output_tokens\":"
                  + reply.outputTokens()
                  + "}"),
          "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
    }

    @Override
    String error() {
      return event(
          "error", "\"error\":{\"type\":\"overloaded_error\",\"message\":\"secret words\"}");
    }

    private String event(String type, String fields) {
      return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + fields + "}\n\n";
    }
  },

  /** https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion */
  OLLAMA("", "application/x-ndjson") {
    @Override
    List<String> opening(String model, ModelAnswer.Reply reply) {
      return List.of();
    }

    @Override
    String piece(String model, String text) {
      return line(model, text, "\"done\":false");
    }

    @Override
    List<String> closing(String model, ModelAnswer.Reply reply) {
      return List.of(
          line(
              model,
              "",
              "\"done_reason\":\"stop\",\"done\":true,\"total_duration\":4883583458,"
                  + "\"prompt_eval_count\":"
                  + reply.inputTokens()
                  + ",\"prompt_eval_duration\":342546000,\"eval_count\":"
                  + reply.outputTokens()
                  + ",\"eval_duration\":4535599000"));
    }

    @Override
    String error() {
      return "{\"error\":\"secret words\"}\n";
    }

    private String line(String model, String text, String rest) {
      return "{\"model\":%s,\"created_at\":\"2023-08-04T08:52:19.385406455-07:00\","
              .formatted(json(model))
          + "\"message\":{\"role\":\"assistant\",\"content\":%s},%s}\n".formatted(json(text), rest);
    }
  },

  /** https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent */
  GEMINI("/v1beta", "text/event-stream") {
    @Override
    List<String> opening(String model, ModelAnswer.Reply reply) {
      return List.of();
    }

    @Override
    String piece(String model, String text) {
      return event(
          "{\"content\":{\"parts\":[{\"text\":" + json(text) + "}],\"role\":\"model\"}", model, "");
    }

    @Override
    List<String> closing(String model, ModelAnswer.Reply reply) {
      return List.of(
          event(
              "{\"content\":{\"parts\":[{\"text\":\"\"}],\"role\":\"model\"},"
                  + "\"finishReason\":\"STOP\"",
              model,
              "\"usageMetadata\":{\"promptTokenCount\":"
                  + reply.inputTokens()
                  + ",\"candidatesTokenCount\":"
                  + reply.outputTokens()
                  + ",\"totalTokenCount\":"
                  + (reply.inputTokens() + reply.outputTokens())
                  + "},"));
    }

    @Override
    String error() {
      return "data: {\"error\": {\"code\": 503, \"message\": \"secret words\","
          + " \"status\": \"UNAVAILABLE\"}}\n\n";
    }

    private String event(String candidate, String model, String usage) {
      return "data: {\"candidates\":[%s,\"index\":0}],%s\"modelVersion\":%s}\r\n\r\n"
          .formatted(candidate, usage, json(model));
    }
  };

  private final String basePath;
  private final String contentType;

  ModelProtocol(String basePath, String contentType) {
    this.basePath = basePath;
    this.contentType = contentType;
  }

  /** The name before the colon of a model name. */
  public String provider() {
    return name().toLowerCase(Locale.ROOT);
  }

  String basePath() {
    return basePath;
  }

  String contentType() {
    return contentType;
  }

  static ModelProtocol ofPath(String path) {
    if (path.endsWith("/chat/completions")) {
      return OPENAI;
    }
    if (path.endsWith("/messages")) {
      return ANTHROPIC;
    }
    if (path.equals("/api/chat")) {
      return OLLAMA;
    }
    if (path.contains(":streamGenerateContent")) {
      return GEMINI;
    }
    throw new IllegalArgumentException("no provider has the path " + path);
  }

  List<String> events(String model, ModelAnswer.Reply reply) {
    var events = new ArrayList<>(opening(model, reply));
    reply.pieces().forEach(text -> events.add(piece(model, text)));
    switch (reply.ending()) {
      case MALFORMED -> events.add(malformed());
      case ERROR_EVENT -> events.add(error());
      case COMPLETE, WITHOUT_CLOSING_EVENT, RESET, HANG -> {}
    }
    if (reply.ending() == ModelAnswer.Ending.COMPLETE
        || reply.ending() == ModelAnswer.Ending.MALFORMED) {
      events.addAll(closing(model, reply));
    }
    return events;
  }

  private String malformed() {
    return switch (this) {
      case OPENAI, GEMINI -> "data: {oops\n\n";
      case ANTHROPIC -> "event: content_block_delta\ndata: {oops\n\n";
      case OLLAMA -> "{oops\n";
    };
  }

  abstract List<String> opening(String model, ModelAnswer.Reply reply);

  abstract String piece(String model, String text);

  abstract List<String> closing(String model, ModelAnswer.Reply reply);

  abstract String error();

  private static String json(String text) {
    return com.fasterxml.jackson.databind.node.TextNode.valueOf(text).toString();
  }
}
