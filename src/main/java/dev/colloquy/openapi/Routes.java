package dev.colloquy.openapi;

import dev.colloquy.apikey.KeyKind;
import dev.colloquy.apikey.RequiresKey;
import java.lang.annotation.Annotation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.MethodInfo;
import org.jboss.resteasy.reactive.ResponseStatus;

/** What the resources' annotations say of each operation that the document does not. */
final class Routes {
  private static final Map<Class<? extends Annotation>, KeyKind> KEYS =
      Map.of(
          RequiresKey.OfAgent.class, KeyKind.AGENT,
          RequiresKey.OfOrganization.class, KeyKind.ORGANIZATION,
          RequiresKey.OfSuperAdmin.class, KeyKind.SUPER_ADMIN);

  private final Map<String, Route> byOperationId = new HashMap<>();

  /**
   * One operation.
   *
   * @param status of its success
   * @param key the kind of key that it takes
   */
  record Route(String operationId, int status, Optional<KeyKind> key) {}

  Routes(IndexView index) {
    for (var operation : index.getAnnotations(Operation.class)) {
      var id = operation.valueWithDefault(index, "operationId").asString();
      var method = operation.target().asMethod();
      byOperationId.put(id, new Route(id, status(method), key(method)));
    }
  }

  Route require(String operationId) {
    var route = byOperationId.get(operationId);
    if (route == null) {
      throw new IllegalStateException("no method has the operationId " + operationId);
    }
    return route;
  }

  private static int status(MethodInfo method) {
    var status = method.annotation(ResponseStatus.class);
    return status == null ? 200 : status.value().asInt();
  }

  private static Optional<KeyKind> key(MethodInfo method) {
    return KEYS.entrySet().stream()
        .filter(key ->
            method.hasAnnotation(key.getKey())
                || method.declaringClass().hasDeclaredAnnotation(key.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
