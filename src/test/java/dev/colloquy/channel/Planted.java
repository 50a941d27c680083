package dev.colloquy.channel;

import dev.colloquy.platform.db.Database;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Handles what tests put in: notes it, and fails as often as it is told to. */
@Singleton
class Planted implements InboundHandler {
  static final String SOURCE = "planted";

  private final Database database;
  private final Inbound inbound;
  private final ConcurrentHashMap<String, Integer> faults = new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<String> handled = new CopyOnWriteArrayList<>();

  Planted(Database database, Inbound inbound) {
    this.database = database;
    this.inbound = inbound;
  }

  @Override
  public String source() {
    return SOURCE;
  }

  /** The next so many attempts at the event fail. */
  void fail(String externalId, int times) {
    faults.put(externalId, times);
  }

  List<String> handled() {
    return List.copyOf(handled);
  }

  @Override
  public void handle(InboundEvent event) {
    database.useTransaction(tx -> {
      if (!Inbound.take(tx, event)) {
        return;
      }
      var left = faults.merge(event.externalId(), -1, Integer::sum);
      if (left >= 0) {
        throw new IllegalStateException("planted");
      }
      inbound.handled(tx, event, "noted", null, null);
      handled.add(event.externalId());
    });
  }
}
