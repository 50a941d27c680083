package dev.colloquy.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Event streams whose clock runs fast, and few enough to use all of them. */
public final class ServerStreams implements QuarkusTestResourceLifecycleManager {
  @Override
  public Map<String, String> start() {
    return Map.of(
        "colloquy.stream.heartbeat", "300ms",
        "colloquy.stream.write-timeout", "3s",
        "colloquy.stream.max", "300");
  }

  @Override
  public void stop() {
    // Nothing was started.
  }
}
