package dev.colloquy.turn;

import dev.colloquy.conversation.ConversationId;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The conversations that threads of this node work on. A hold begins before a turn can become this
 * node's and ends after it has ended, so that a turn which is this node's by the database and has
 * no hold is known to be lost; and a take-over in between is not missed. Safe for many threads.
 */
@Singleton
final class Holds {
  private final ConcurrentHashMap<ConversationId, Entry> entries = new ConcurrentHashMap<>();

  private static final class Entry {
    /** Changed only while the map's entry is computed. */
    private int holds;

    private final AtomicInteger modeChanges = new AtomicInteger();
    private final AtomicReference<@Nullable ModelCall> call = new AtomicReference<>();
  }

  /** One thread's hold on a conversation. Not to be used by two threads at once. */
  final class Hold {
    private final ConversationId conversation;
    private final Entry entry;
    private int seen;

    private Hold(ConversationId conversation, Entry entry) {
      this.conversation = conversation;
      this.entry = entry;
      seen = entry.modeChanges.get();
    }

    /** To be called before a turn is claimed: the claim sees what was changed until now. */
    void renew() {
      seen = entry.modeChanges.get();
    }

    /** From here on a change of mode reaches the call. */
    void enter(ModelCall call) {
      entry.call.set(call);
    }

    /** Whether the mode was changed since the turn was claimed and before the call was entered. */
    boolean isDoubtful() {
      return entry.modeChanges.get() != seen;
    }

    void leave(ModelCall call) {
      entry.call.compareAndSet(call, null);
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

  /** The call that is made for the conversation on this node. */
  Optional<ModelCall> call(ConversationId conversation) {
    var entry = entries.get(conversation);
    return entry == null ? Optional.empty() : Optional.ofNullable(entry.call.get());
  }

  /** All calls that are made on this node. */
  Set<ModelCall> calls() {
    return entries.values().stream()
        .map(entry -> Optional.ofNullable(entry.call.get()))
        .flatMap(Optional::stream)
        .collect(Collectors.toSet());
  }

  /** Notes that the mode was changed, and ends the call. */
  void modeChanged(ConversationId conversation) {
    var entry = entries.get(conversation);
    if (entry != null) {
      entry.modeChanges.incrementAndGet();
      call(conversation).ifPresent(ModelCall::interrupt);
    }
  }
}
