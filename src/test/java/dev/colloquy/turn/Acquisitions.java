package dev.colloquy.turn;

import io.agroal.api.AgroalPoolInterceptor;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicLong;

/** Counts how often the server under test took a connection from its pool. */
@Singleton
public final class Acquisitions implements AgroalPoolInterceptor {
  private static final AtomicLong COUNT = new AtomicLong();

  static long count() {
    return COUNT.get();
  }

  @Override
  public void onConnectionAcquire(Connection connection) {
    COUNT.incrementAndGet();
  }
}
