package dev.colloquy.platform.http;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Answers what the router refuses before any of our filters sees it, as a Host that is none, as
 * every error is answered: the framework would log it as an error and answer in a shape of its own.
 */
@Singleton
final class RefusedRequests {
  void install(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).failureHandler(RefusedRequests::answer);
  }

  private static void answer(RoutingContext rc) {
    if (rc.statusCode() != ErrorCode.BAD_REQUEST.status() || rc.response().headWritten()) {
      rc.next();
      return;
    }
    if (!rc.response().headers().contains(RequestId.HEADER)) {
      RequestId.stamp(rc);
    }
    EarlyAnswers.answer(
        rc,
        rc.request().authority() == null
            ? ApiException.badField("Host", "must be a host and perhaps a port")
            : new ApiException(ErrorCode.BAD_REQUEST));
  }
}
