package dev.colloquy.conversation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.colloquy.platform.db.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A state: an organization's own label for conversations. */
@Schema(name = "ConversationState", description = "An organization's own label of conversations.")
record StateResponse(
    @Schema(required = true) String id,
    @Schema(examples = "complete", required = true) String name,
    @Schema(nullable = true, required = true) @JsonInclude @Nullable String description,
    @Schema(nullable = true, required = true, examples = "#2e7d32") @JsonInclude
        @Nullable String color,
    @Schema(description = "Whether it is built in.", required = true) @JsonProperty("isPersistent")
        boolean isPersistent,
    @Schema(required = true) Instant createdAt,
    @Schema(required = true) Instant updatedAt) {
  static StateResponse of(ResultSet row) throws SQLException {
    return new StateResponse(
        row.getString("id"),
        row.getString("name"),
        row.getString("description"),
        row.getString("color"),
        row.getBoolean("is_persistent"),
        Rows.time(row, "created_at"),
        Rows.time(row, "updated_at"));
  }
}
