package dev.colloquy.apikey;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

@Provider
@RequiresKey.OfAgent
@Priority(Priorities.AUTHENTICATION)
final class AgentKeyFilter implements ContainerRequestFilter {
  private final KeyCheck check;

  AgentKeyFilter(KeyCheck check) {
    this.check = check;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    check.require(KeyKind.AGENT, request);
  }
}
