package dev.colloquy.platform.http;

import io.quarkus.resteasy.reactive.server.runtime.ResteasyReactiveRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jboss.resteasy.reactive.server.util.RuntimeResourceVisitor;
import org.jspecify.annotations.Nullable;

/**
 * What can be done with a path. The framework itself asks only the class whose path is nearest, and
 * would claim what another path of that class can do. Asked for answers that are rare, so that
 * nothing is kept.
 */
@Singleton
final class Operations {
  private static final int AFTER_REQUEST_ID = 9_300;

  void install(@Observes Filters filters) {
    filters.register(Operations::answerOptions, AFTER_REQUEST_ID);
  }

  private static void answerOptions(RoutingContext rc) {
    var request = rc.request();
    if (request.method().equals(HttpMethod.OPTIONS)) {
      var allowed = allowed(request.path());
      if (!allowed.isEmpty()) {
        rc.response().putHeader(HttpHeaders.ALLOW, String.join(", ", allowed)).end();
        return;
      }
    }
    rc.next();
  }

  /** The methods of a path; empty where there are none. */
  static SortedSet<String> allowed(@Nullable String path) {
    var methods = new TreeSet<String>();
    for (var operation : at(path)) {
      methods.add(operation.method());
    }
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    if (!methods.isEmpty()) {
      methods.add("OPTIONS");
    }
    return methods;
  }

  /** The media types of the body that an operation takes. */
  static String mediaTypes(String method, @Nullable String path) {
    var types =
        at(path).stream()
            .filter(operation -> operation.method().equals(method))
            .flatMap(operation -> operation.resource().getConsumes().stream())
            .map(type -> type.getType() + "/" + type.getSubtype())
            .distinct()
            .collect(Collectors.joining(" or "));
    return types.isEmpty() ? "application/json" : types;
  }

  private record Operation(String method, RuntimeResource resource) {}

  private static List<Operation> at(@Nullable String path) {
    var found = new ArrayList<Operation>();
    if (path == null) {
      return found;
    }
    RuntimeResourceVisitor.visitRuntimeResources(
        "/",
        ResteasyReactiveRecorder.getCurrentDeployment().getClassMappers(),
        new RuntimeResourceVisitor() {
          @Override
          public void visitRuntimeResource(
              @Nullable String method, String template, RuntimeResource resource) {
            if (method != null && matches(template, path)) {
              found.add(new Operation(method, resource));
            }
          }
        });
    return found;
  }

  private static boolean matches(String template, String path) {
    var wanted = segments(template);
    var given = segments(path);
    if (wanted.length != given.length) {
      return false;
    }
    for (var i = 0; i < wanted.length; i++) {
      if (!wanted[i].startsWith("{") && !wanted[i].equals(given[i])) {
        return false;
      }
    }
    return true;
  }

  /** Slashes at the ends and twice in a row do not count, as for the framework. */
  private static String[] segments(String path) {
    return path.replaceAll("/+", "/").replaceAll("^/|/$", "").split("/", -1);
  }
}
