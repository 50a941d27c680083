package dev.colloquy.message;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import dev.colloquy.platform.http.QueryText;
import dev.colloquy.platform.json.Text;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Files for whoever has their signed address. What is in them comes from strangers. */
@Path("/message-files")
@RunOnVirtualThread
final class FileDownloadResource {
  private final Database database;
  private final FileLinks links;

  FileDownloadResource(Database database, FileLinks links) {
    this.database = database;
    this.links = links;
  }

  @GET
  @Path("/{id}/{fileId}")
  @Operation(operationId = "downloadMessageFile", hidden = true)
  public Response download(
      @PathParam("id") ConversationId id,
      @PathParam("fileId") String fileId,
      @QueryParam("expires") @Nullable String expires,
      @QueryParam("signature") @Nullable String signature) {
    var file = Ids.parse(fileId).orElseThrow(ApiException::notFound);
    var until = QueryText.number("expires", expires, 0, Long.MAX_VALUE, 0);
    var given = Text.orNull(signature);
    if (given == null || !links.isGood(id, file, until, given)) {
      throw new ApiException(ErrorCode.FORBIDDEN);
    }
    var content =
        database.read(tx -> MessageFiles.find(tx, id, file).orElseThrow(ApiException::notFound));
    // Whatever it says it is: a browser keeps it as a file and runs nothing of it.
    return Response.ok(content.content())
        .header("Content-Type", "application/octet-stream")
        .header("Content-Disposition", disposition(content.fileName()))
        .header("X-Content-Type-Options", "nosniff")
        .header("Content-Security-Policy", "default-src 'none'; sandbox")
        .header("Cache-Control", "private, no-store")
        .build();
  }

  /** RFC 6266, with the name as RFC 8187 writes it. */
  private static String disposition(String fileName) {
    var name = URLEncoder.encode(fileName, StandardCharsets.UTF_8).replace("+", "%20");
    return "attachment; filename*=UTF-8''" + name;
  }
}
