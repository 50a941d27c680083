package dev.colloquy.agent;

import dev.colloquy.platform.json.Text;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Changes to an agent: what is left out stays as it is. */
@Schema(description = "Changes to an agent; what is left out stays as it is.")
record UpdateAgentRequest(
    @Schema(description = "The name inside the organization.") @Size(max = 255)
        @Nullable String name,
    @Schema(description = "The name that the people it serves see.") @Size(max = 255)
        @Nullable String publicName,
    @Schema(description = "What it is for.") @Size(max = 10_000) @Nullable String description,
    @Schema(description = "Labels of your own; replaces those there are.") @Size(max = 50)
        @Nullable List<@NotBlank @Size(max = 100) String> tags,
    @Schema(description = "A picture of it.") @Size(max = 2_000) @Nullable String avatarUrl,
    @Schema(description = "A picture behind it.") @Size(max = 2_000) @Nullable String backgroundUrl,
    @Schema(description = "An inactive agent takes no messages.") @Nullable AgentStatus status,
    @Schema(
            description = "What it is told before every reply.",
            examples = "You answer questions about orders, in two sentences at most.")
        @Size(max = 256_000)
        @Nullable String instructions,
    @Schema(
            description = "The model that answers, as provider:model.",
            examples = "anthropic:claude-sonnet-4-5")
        @Size(max = 255)
        @Nullable String model,
    @Schema(description = "Beyond the published API: the model asked when the first fails.")
        @Size(max = 255)
        @Nullable String fallbackModel,
    @Schema(description = "Nucleus sampling.") @DecimalMin("0") @DecimalMax("1")
        @Nullable Double topP,
    @Schema(description = "Sampling temperature.") @DecimalMin("0") @DecimalMax("2")
        @Nullable Double temperature,
    @Schema(description = "How much a reasoning model shall reason.")
        @Nullable ReasoningEffort reasoningEffort,
    @Schema(description = "Which of the provider's ways of reasoning is wanted; kept and shown.")
        @Nullable ReasoningMode reasoningMode,
    @Schema(description = "What callers are told when a reply could not be made.")
        @Size(max = 10_000)
        @Nullable String defaultErrorMessage,
    @Schema(description = "Whether it looks things up in its documents.")
        @Nullable Boolean isFileSearchEnabled,
    @Schema(description = "Kept and shown; nothing runs code here.")
        @Nullable Boolean isCodeInterpreterEnabled,
    @Schema(description = "How many passages are looked up for a question.") @Min(1) @Max(50)
        @Nullable Integer fileSearchMaxNumResults,
    @Schema(description = "Whether replies must follow outputJsonSchema.")
        @Nullable Boolean isOutputJsonSchemaEnabled,
    @Schema(description = "The JSON Schema that replies must follow, as text.") @Size(max = 100_000)
        @Nullable String outputJsonSchema,
    @Schema(description = "Kept and shown.") @Nullable Boolean restrictDocumentsToOwnerOnly,
    @Schema(description = "Beyond the published API: how a closed conversation is to be scored.")
        @Size(max = 10_000)
        @Nullable String scoringPrompt,
    @Schema(
            description =
                "Beyond the published API: seconds without a message after which a conversation"
                    + " is closed.")
        @Min(1)
        @Max(31_536_000)
        @Nullable Integer idleTimeSeconds,
    @Schema(
            description =
                "Beyond the published API: how many turns of this agent a node runs at once.")
        @Min(1)
        @Max(1_000_000)
        @Nullable Integer turnsInFlight,
    @Schema(
            description =
                "Beyond the published API: what happens to a message that arrives while another"
                    + " one of its conversation is being answered: enqueue lets it wait (the"
                    + " default), reject refuses it with 409, interrupt gives the reply up and"
                    + " answers both in one.")
        @Nullable WhenBusy whenBusy,
    @Schema(
            description =
                "Beyond the published API: how many milliseconds a message waits for more of its"
                    + " conversation, which are then answered in one reply; 0 is the default.",
            examples = "2000")
        @Min(0)
        @Max(60_000)
        @Nullable Integer burstWindowMs,
    @Schema(
            description =
                "Beyond the published API: whether what the agent writes over e-mail, SMS and voice"
                    + " waits until this is false again; nothing is lost meanwhile.")
        @Nullable Boolean isDeliveryPaused) {
  UpdateAgentRequest {
    name = Text.orNull(name);
    publicName = Text.orNull(publicName);
    description = Text.orNull(description);
    avatarUrl = Text.orNull(avatarUrl);
    backgroundUrl = Text.orNull(backgroundUrl);
    instructions = Text.orNull(instructions);
    model = Text.orNull(model);
    fallbackModel = Text.orNull(fallbackModel);
    defaultErrorMessage = Text.orNull(defaultErrorMessage);
    outputJsonSchema = Text.orNull(outputJsonSchema);
    scoringPrompt = Text.orNull(scoringPrompt);
  }
}
