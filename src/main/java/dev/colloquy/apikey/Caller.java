package dev.colloquy.apikey;

import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/**
 * Whoever makes the current request. Asking for a kind that the operation did not require ends the
 * request with 403: an operation that forgot its {@link RequiresKey} is closed, not open.
 */
@RequestScoped
public class Caller {
  private @Nullable KeyOwner owner;

  void set(KeyOwner checked) {
    owner = checked;
  }

  /** Whoever calls, with a key of whatever kind. */
  public KeyOwner owner() {
    if (owner != null) {
      return owner;
    }
    throw new ApiException(ErrorCode.FORBIDDEN);
  }

  /** The agent that calls. */
  public KeyOwner.OfAgent agent() {
    if (owner instanceof KeyOwner.OfAgent agent) {
      return agent;
    }
    throw new ApiException(ErrorCode.FORBIDDEN);
  }

  /** The organization that calls. */
  public KeyOwner.OfOrganization organization() {
    if (owner instanceof KeyOwner.OfOrganization organization) {
      return organization;
    }
    throw new ApiException(ErrorCode.FORBIDDEN);
  }
}
