package dev.colloquy.turn;

import dev.colloquy.agent.WhenBusy;
import dev.colloquy.message.Message;
import dev.colloquy.message.MessageFileRequest;
import dev.colloquy.platform.json.Text;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A user's message. */
@Schema(name = "MessageRequest", description = "A user's message to the agent.")
record SendMessageRequest(
    @Schema(examples = "When do you open?", required = true)
        @NotBlank
        @Size(max = Message.MAX_LENGTH)
        String message,
    @Schema(
            description = "What the agent is told with this message only.",
            examples = "The user looks at the page of opening hours.")
        @Size(max = 256_000)
        @Nullable String context,
    @Schema(description = "Files uploaded before.") @Size(max = 20)
        @Nullable List<@Valid @NotNull MessageFileRequest> files,
    @Schema(
            description =
                "Beyond the published API: what happens to this message if another one of the"
                    + " conversation is being answered; left out: as the agent is set.")
        @Nullable WhenBusy whenBusy,
    @Schema(
            description =
                "Beyond the published API: how many milliseconds to wait for more messages before"
                    + " answering; left out: as the agent is set.",
            examples = "2000")
        @Min(0)
        @Max(60_000)
        @Nullable Integer burstWindowMs) {
  SendMessageRequest {
    context = Text.orNull(context);
  }
}
