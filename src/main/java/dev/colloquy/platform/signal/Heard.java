package dev.colloquy.platform.signal;

import java.util.HashSet;
import java.util.UUID;

/** What happens with what another node said. Used by the thread that hears. */
final class Heard {
  private final Topics topics;
  private final Peers peers;
  private final Outgoing outgoing;
  private final SignalMetrics counts;

  Heard(Topics topics, Peers peers, Outgoing outgoing, SignalMetrics counts) {
    this.topics = topics;
    this.peers = peers;
    this.outgoing = outgoing;
    this.counts = counts;
  }

  void packet(Packet packet) {
    var sender = packet.sender();
    peers.heard(sender);
    var lost = new HashSet<Long>();
    for (var item : packet.items()) {
      switch (item) {
        case Item.Hint(var topic, var payload) -> {
          counts.received.increment();
          topics.tell(topic, payload);
        }
        case Item.Begins(var topic) -> {
          if (peers.begins(sender, topic)) {
            outgoing.queue().lost(topic);
          }
        }
        case Item.Ends(var topic) -> peers.ends(sender, topic);
        case Item.Lost(var topic) -> lost.add(topic);
        case Item.Word word -> word(sender, word);
      }
    }
    if (!lost.isEmpty()) {
      topics.tellToLook(lost);
    }
  }

  private void word(UUID sender, Item.Word word) {
    switch (word) {
      case ASK -> outgoing.queue().announce();
      case ANNOUNCING -> peers.announcing(sender);
      case ANNOUNCED -> peers.announced(sender);
      case LOST_ALL -> topics.tellAllToLook();
      case BYE -> peers.left(sender);
    }
  }

  /** The connection is there: asks what the others listen to, and looks at what was missed. */
  void connected() {
    peers.excuseSilence();
    outgoing.queue().ask();
    topics.tellAllToLook();
  }

  /** From time to time. */
  void repeat() {
    peers.forgetSilent();
    outgoing.queue().announce();
  }
}
