package dev.colloquy.channel.captured;

import io.quarkus.qute.TemplateData;
import java.util.List;

/**
 * A conversation's head, and the form below it.
 *
 * @param address the person's, that was written to last
 * @param channels on which the person can answer, the last one first
 * @param token what the form carries ({@link FormToken})
 * @param key by which a form that is sent twice is known
 * @param text what the form holds already
 */
@TemplateData
record ConversationView(
    String id,
    String person,
    String address,
    String agent,
    boolean isManual,
    List<Choice> channels,
    String token,
    String key,
    String text) {

  /**
   * A channel to answer on.
   *
   * @param verb what is done on it
   * @param longest how long an answer may be
   */
  @TemplateData
  record Choice(String channel, String verb, int longest, boolean isChosen) {}
}
