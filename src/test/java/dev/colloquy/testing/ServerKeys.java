package dev.colloquy.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Settings of the server under test: fixed keys for its first start, no banner, short limits. */
public final class ServerKeys implements QuarkusTestResourceLifecycleManager {
  /** The demo agent's key. */
  public static final String AGENT = "cq_agent_of-the-tests";

  /** The demo organization's key. */
  public static final String ORGANIZATION = "cq_org_of-the-tests";

  /** The super admin's key. */
  public static final String SUPER_ADMIN = "cq_admin_of-the-tests";

  @Override
  public Map<String, String> start() {
    return Map.of(
        "colloquy.bootstrap.agent-key",
        AGENT,
        "colloquy.bootstrap.organization-key",
        ORGANIZATION,
        "colloquy.bootstrap.super-admin-key",
        SUPER_ADMIN,
        // So that the test of a slow caller need not wait long.
        "colloquy.http.body-timeout",
        "4s",
        "colloquy.closing.interval",
        "1s",
        "colloquy.secret-key",
        "the secret key of the tests",
        "colloquy.dev.channels",
        "on",
        "colloquy.banner",
        "false");
  }

  @Override
  public void stop() {
    // Nothing was started.
  }
}
