package dev.colloquy.platform.http;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.sql.SQLException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** An operation with a bug, which only the server under test has. */
@Path("/testing/fault")
@RunOnVirtualThread
public class FaultResource {
  @GET
  @Operation(hidden = true)
  public String fail(@QueryParam("text") String text, @QueryParam("state") String state)
      throws SQLException {
    if (state != null) {
      throw new SQLException(text, state);
    }
    throw new IllegalStateException(text);
  }
}
