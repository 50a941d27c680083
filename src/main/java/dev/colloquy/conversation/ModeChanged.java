package dev.colloquy.conversation;

/** Fired once a conversation's mode was changed and that is committed. */
public record ModeChanged(ConversationId conversation, ConversationMode mode) {}
