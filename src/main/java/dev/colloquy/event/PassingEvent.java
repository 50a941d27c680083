package dev.colloquy.event;

import dev.colloquy.platform.http.StreamEvent;
import dev.colloquy.platform.json.JsonColumn;

/**
 * An event that is in a stream and in no feed. It has no id, so that whoever comes back does so
 * where the last event with one was.
 *
 * @param data what it says, by its type
 */
public record PassingEvent(String type, String conversationId, Object data) {
  /** The event as a stream has it. */
  public StreamEvent inStream() {
    return new StreamEvent(null, type, JsonColumn.ofAnswer(this));
  }
}
