package dev.colloquy.conversation;

import dev.colloquy.organization.AgentId;
import dev.colloquy.platform.signal.Signals;
import jakarta.inject.Singleton;

/** Wakes those who follow feeds, on every node. They look into the database for what happened. */
@Singleton
public final class EventSignals {
  private static final String CHANGED = "changed";

  private final Signals signals;

  EventSignals(Signals signals) {
    this.signals = signals;
  }

  /** The topic of one conversation's feed. */
  public static String topic(ConversationId conversation) {
    return "conversation:" + conversation;
  }

  /** The topic of the feed of all the agent's conversations. */
  public static String topic(AgentId agent) {
    return "agent:" + agent;
  }

  /** Something happened in the conversation; to be called once that is committed. */
  public void changed(AgentId agent, ConversationId conversation) {
    signals.publish(topic(conversation), CHANGED);
    changed(agent);
  }

  /** Something happened in conversations of the agent's. */
  public void changed(AgentId agent) {
    signals.publish(topic(agent), CHANGED);
  }
}
