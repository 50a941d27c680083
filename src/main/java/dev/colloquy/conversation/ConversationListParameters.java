package dev.colloquy.conversation;

import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.PageRequest;
import dev.colloquy.platform.http.QueryText;
import dev.colloquy.platform.http.SortDirection;
import dev.colloquy.platform.json.Text;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** The parameters of the list of conversations, as they come. */
final class ConversationListParameters {
  private static final int MAX_KEYWORD = 255;
  // No user has this id, so it finds what an unknown one finds: nothing.
  private static final UUID NOBODY = new UUID(0, 0);

  @QueryParam("page")
  @Parameter(
      description = "From 1.",
      schema = @Schema(type = SchemaType.INTEGER, minimum = "1", defaultValue = "1"))
  @Nullable String page;

  @QueryParam("pageSize")
  @Parameter(
      description = "More than 100 is cut to 100.",
      schema = @Schema(type = SchemaType.INTEGER, minimum = "1", defaultValue = "20"))
  @Nullable String pageSize;

  @QueryParam("cursor")
  @Parameter(description = "Beyond the published API: the nextCursor of a page, instead of page.")
  @Nullable String cursor;

  @QueryParam("orderBy")
  @Parameter(
      schema =
          @Schema(
              type = SchemaType.STRING,
              enumeration = {"createdAt", "updatedAt"},
              defaultValue = "createdAt"))
  @Nullable String orderBy;

  @QueryParam("orderDirection")
  @Parameter(
      schema =
          @Schema(
              type = SchemaType.STRING,
              enumeration = {"ASC", "DESC"},
              defaultValue = "DESC"))
  @Nullable String orderDirection;

  @QueryParam("searchKeyword")
  @Parameter(
      description =
          "Found in the title, the summary, the agent's name and the user's names, e-mail and"
              + " phone number, without regard to case.",
      schema = @Schema(type = SchemaType.STRING, maxLength = MAX_KEYWORD))
  @Nullable String searchKeyword;

  @QueryParam("userId")
  @Parameter(description = "Only this user's conversations.")
  @Nullable String userId;

  @QueryParam("startDate")
  @Parameter(
      description = "Updated at or after this time.",
      schema = @Schema(type = SchemaType.STRING, format = "date-time"))
  @Nullable String startDate;

  @QueryParam("endDate")
  @Parameter(
      description = "Updated at or before this time.",
      schema = @Schema(type = SchemaType.STRING, format = "date-time"))
  @Nullable String endDate;

  @QueryParam("withFeedbacksOnly")
  @Parameter(
      description = "Only conversations with feedback.",
      schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
  @Nullable String withFeedbacksOnly;

  ConversationQuery query() {
    var keyword = QueryText.text("searchKeyword", searchKeyword);
    if (keyword != null && keyword.codePointCount(0, keyword.length()) > MAX_KEYWORD) {
      throw ApiException.badField("searchKeyword", "must be at most 255 characters long");
    }
    return new ConversationQuery(
        PageRequest.of(page, pageSize, cursor),
        QueryText.oneOf("orderBy", orderBy, ConversationOrder.class, ConversationOrder.CREATED_AT),
        QueryText.oneOf("orderDirection", orderDirection, SortDirection.class, SortDirection.DESC),
        keyword == null ? null : keyword.strip(),
        Text.orNull(userId) == null ? null : Ids.parse(userId).orElse(NOBODY),
        QueryText.from("startDate", startDate),
        QueryText.until("endDate", endDate),
        QueryText.flag("withFeedbacksOnly", withFeedbacksOnly));
  }
}
