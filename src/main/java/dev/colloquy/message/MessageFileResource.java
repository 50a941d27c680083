package dev.colloquy.message;

import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.http.ApiException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The files of messages, as the agent whose they are sees them. */
@Path("/external/conversations/{id}/message-files")
@RunOnVirtualThread
@RequiresKey.OfAgent
@Tag(name = "Messages")
final class MessageFileResource {
  private final Database database;
  private final Caller caller;
  private final FileLinks links;

  MessageFileResource(Database database, Caller caller, FileLinks links) {
    this.database = database;
    this.caller = caller;
    this.links = links;
  }

  /** Where a file can be fetched. */
  @Schema(name = "SignedUrl", description = "Where a file can be fetched for a while.")
  record SignedUrlResponse(
      @Schema(
              description = "Needs no key, and ends after 15 minutes.",
              examples = "https://chat.example.com/message-files/…",
              required = true)
          String signedUrl,
      @Schema(required = true) String fileId) {}

  @GET
  @Path("/{fileId}/signed-url")
  @Operation(
      operationId = "getMessageFileUrl",
      summary = "Get an address where a message's file can be fetched",
      description = "The address needs no key and is good for 15 minutes.")
  public SignedUrlResponse signedUrl(
      @PathParam("id") ConversationId id, @PathParam("fileId") String fileId) {
    var file = Ids.parse(fileId).orElseThrow(ApiException::notFound);
    database.read(tx -> {
      Conversations.require(tx, caller.agent(), id);
      return MessageFiles.find(tx, id, file).orElseThrow(ApiException::notFound);
    });
    return new SignedUrlResponse(links.to(id, file), file.toString());
  }
}
