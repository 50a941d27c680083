package dev.colloquy.apikey;

import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;

/** The one check behind the filters, one of which there is for each kind of key. */
@Singleton
final class KeyCheck {
  private final ApiKeys keys;
  private final Caller caller;

  KeyCheck(ApiKeys keys, Caller caller) {
    this.keys = keys;
    this.caller = caller;
  }

  void require(KeyKind kind, ContainerRequestContext request) {
    caller.set(
        keys.find(kind, request.getHeaderString(kind.header()))
            .orElseThrow(() -> new ApiException(ErrorCode.FORBIDDEN)));
  }
}
