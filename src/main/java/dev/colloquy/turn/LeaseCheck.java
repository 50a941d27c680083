package dev.colloquy.turn;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while the node cannot renew its lease, or stops: others have its turns then. */
@Readiness
@Singleton
final class LeaseCheck implements HealthCheck {
  private final Node node;

  LeaseCheck(Node node) {
    this.node = node;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("Lease on turns")
        .status(node.hasLease() && !node.isStopping())
        .build();
  }
}
