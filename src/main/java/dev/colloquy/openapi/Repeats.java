package dev.colloquy.openapi;

import dev.colloquy.idempotency.Idempotency;
import java.util.List;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/** The Idempotency-Key, which every operation that writes takes. */
final class Repeats {
  private static final int LONGEST_KEY = 255;

  private Repeats() {}

  static boolean isWrite(PathItem.HttpMethod method) {
    return switch (method) {
      case POST, PUT, PATCH, DELETE -> true;
      case GET, HEAD, OPTIONS, TRACE -> false;
    };
  }

  /** Describes the header and its answer once. */
  static void addTo(Components components) {
    components.addParameter(
        Idempotency.HEADER,
        OASFactory.createParameter()
            .name(Idempotency.HEADER)
            .in(Parameter.In.HEADER)
            .description(
                "Makes the request safe to repeat: with the same key, path and body it has one"
                    + " effect and one answer, for 24 hours by default. Any visible ASCII; a new"
                    + " UUID for each request is best.")
            .schema(
                OASFactory.createSchema()
                    .type(List.of(SchemaType.STRING))
                    .minLength(1)
                    .maxLength(LONGEST_KEY))
            .example("5f0c1f9e-7c1b-4a53-9d0e-2f6d3c1b8a90"));
    components.addHeader(
        Idempotency.REPLAYED,
        OASFactory.createHeader()
            .description("true where this was answered before to the same Idempotency-Key.")
            .schema(OASFactory.createSchema().type(List.of(SchemaType.STRING))));
  }

  static void addTo(Operation operation, APIResponse success) {
    operation.addParameter(OASFactory.createParameter().ref(Idempotency.HEADER));
    success.addHeader(Idempotency.REPLAYED, OASFactory.createHeader().ref(Idempotency.REPLAYED));
  }
}
