package dev.colloquy.turn;

import dev.colloquy.conversation.ConversationId;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * The conversations that threads of this node work on. A hold begins before a turn can become this
 * node's and ends after it has ended, so that a turn which is this node's by the database and has
 * no hold is known to be lost; and a take-over in between is not missed. Safe for many threads.
 */
@Singleton
final class Holds {
  private final Node node;
  private final ConcurrentHashMap<ConversationId, Entry> entries = new ConcurrentHashMap<>();

  Holds(Node node) {
    this.node = node;
  }

  private static final class Entry {
    /** Changed only while the map's entry is computed. */
    private int holds;

    private final AtomicInteger doubts = new AtomicInteger();
    // Two, for a moment, where a question interrupts the turn before it.
    private final Set<ModelCall> calls = ConcurrentHashMap.newKeySet();
  }

  /** One thread's hold on a conversation. Not to be used by two threads at once. */
  final class Hold {
    private final ConversationId conversation;
    private final Entry entry;
    private int seen;

    private Hold(ConversationId conversation, Entry entry) {
      this.conversation = conversation;
      this.entry = entry;
      seen = entry.doubts.get();
    }

    /** To be called before a turn is claimed: the claim sees what was done until now. */
    void renew() {
      seen = entry.doubts.get();
    }

    /** From here on a doubt ends the call. */
    void enter(ModelCall call) {
      entry.calls.add(call);
    }

    /** Whether a doubt came after the turn was claimed and before the call was entered. */
    boolean isDoubtful() {
      return entry.doubts.get() != seen;
    }

    void leave(ModelCall call) {
      entry.calls.remove(call);
    }

    void end() {
      entries.compute(conversation, (_, of) -> of == null || --of.holds == 0 ? null : of);
    }
  }

  Hold begin(ConversationId conversation) {
    var entry =
        entries.compute(
            conversation,
            (_, known) -> {
              var of = known == null ? new Entry() : known;
              of.holds++;
              return of;
            });
    return new Hold(conversation, entry);
  }

  boolean contains(ConversationId conversation) {
    return entries.containsKey(conversation);
  }

  /** The calls that are made for the conversation on this node. */
  Set<ModelCall> calls(ConversationId conversation) {
    var entry = entries.get(conversation);
    return entry == null ? Set.of() : Set.copyOf(entry.calls);
  }

  /** All calls that are made on this node. */
  Set<ModelCall> calls() {
    return entries.values().stream()
        .flatMap(entry -> entry.calls.stream())
        .collect(Collectors.toSet());
  }

  /**
   * Ends the conversation's calls: whoever makes one looks whether its turn is still its own, and
   * makes it again if so. Where none is made here, another node may make one, and is told.
   */
  void doubt(ConversationId conversation) {
    var entry = entries.get(conversation);
    if (entry != null) {
      entry.doubts.incrementAndGet();
      entry.calls.forEach(ModelCall::interrupt);
    }
    if (entry == null || entry.calls.isEmpty()) {
      node.tellOthers();
    }
  }
}
