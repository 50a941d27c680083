package dev.colloquy.model.langchain;

import dev.colloquy.model.ModelRequest;

/** Asks for a reply in JSON by words, for providers that have no other way for every model. */
final class SchemaInstruction {
  private SchemaInstruction() {}

  static ModelRequest into(ModelRequest request) {
    var schema = request.outputJsonSchema();
    if (schema == null) {
      return request;
    }
    var instruction =
        "Reply with one JSON document that follows this JSON Schema, and with nothing else:\n"
            + schema;
    return new ModelRequest(
        request.model(),
        request.system().isBlank() ? instruction : request.system() + "\n\n" + instruction,
        request.messages(),
        request.passages(),
        request.temperature(),
        request.topP(),
        request.reasoningEffort(),
        null,
        request.timeLimit());
  }
}
