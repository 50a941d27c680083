package dev.colloquy.apikey;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

@Provider
@RequiresKey.OfSuperAdmin
@Priority(Priorities.AUTHENTICATION)
final class SuperAdminKeyFilter implements ContainerRequestFilter {
  private final KeyCheck check;

  SuperAdminKeyFilter(KeyCheck check) {
    this.check = check;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    check.require(KeyKind.SUPER_ADMIN, request);
  }
}
