package dev.colloquy.model.langchain;

/** How a provider divides its stream into events. */
enum Framing {
  /** Server-sent events, as the HTML standard has them (section 9.2.6). */
  SERVER_SENT_EVENTS,
  /** One JSON document a line, as Ollama does. */
  LINES
}
