package dev.colloquy.turn;

import dev.colloquy.knowledge.Passage;
import dev.colloquy.message.AiResponse;
import dev.colloquy.model.ModelReply;
import java.util.List;

/**
 * A model's reply as it is stored.
 *
 * @param model the model that answered
 */
record Reply(String text, AiResponse response, String model, int inputTokens, int outputTokens) {

  static Reply of(ModelReply reply) {
    var citations = reply.cited().stream().map(Reply::citation).distinct().toList();
    var response =
        new AiResponse(
            reply.reasoning().isEmpty() ? null : reply.reasoning(),
            null,
            citations.isEmpty() ? null : citations);
    return new Reply(
        storable(reply.text()),
        storable(response),
        reply.model().toString(),
        reply.inputTokens(),
        reply.outputTokens());
  }

  private static AiResponse.FileCitation citation(Passage passage) {
    return new AiResponse.FileCitation(passage.fileId().toString(), passage.fileName());
  }

  /** What a model writes is as little to be trusted as what a person does. */
  private static String storable(String text) {
    return dev.colloquy.platform.json.Text.storable(text);
  }

  private static AiResponse storable(AiResponse response) {
    List<String> reasoning = response.reasoning();
    return reasoning == null
        ? response
        : new AiResponse(
            reasoning.stream().map(Reply::storable).toList(), null, response.fileCitations());
  }
}
