package dev.colloquy.bootstrap;

import dev.colloquy.apikey.SecretKey;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.organization.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * What the first start made.
 *
 * @param agent the demo agent; null once it is deleted
 * @param conversation the conversation to try it in; null once it is deleted
 * @param keys the keys, on the start that made them, and null ever after
 */
record Installation(
    @Nullable AgentId agent, @Nullable ConversationId conversation, @Nullable Keys keys) {

  /** The three keys of a first start; null where it was given and need not be shown. */
  record Keys(
      @Nullable SecretKey agent,
      @Nullable SecretKey organization,
      @Nullable SecretKey superAdmin) {}
}
