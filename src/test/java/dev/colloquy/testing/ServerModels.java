package dev.colloquy.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;

/**
 * All providers of the server under {@code @QuarkusTest}, as one {@link StubModelServer}:
 * {@code @QuarkusTestResource(ServerModels.class)}. A test has it by a field of that type.
 */
public final class ServerModels implements QuarkusTestResourceLifecycleManager {
  private StubModelServer server;

  @Override
  public Map<String, String> start() {
    server = StubModelServer.start();
    var properties = new HashMap<String, String>();
    for (var protocol : ModelProtocol.values()) {
      var prefix = "colloquy.model." + protocol.provider();
      properties.put(prefix + ".base-url", server.baseUrl(protocol));
      properties.put(prefix + ".api-key", "a-key");
    }
    return properties;
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(server, new TestInjector.MatchesType(StubModelServer.class));
  }

  @Override
  public void stop() {
    if (server != null) {
      server.close();
    }
  }
}
