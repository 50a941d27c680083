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

/** A new agent. Fields that are left out take the defaults that their descriptions name. */
@Schema(description = "A new agent.")
record CreateAgentRequest(
    @Schema(
            description = "The agent's role, one of the organization's agent roles.",
            examples = "0198c2f0-4b7e-7c5a-9d61-0f6a2f1c3e10",
            required = true)
        @NotBlank
        String roleId,
    @Schema(
            description = "The name inside the organization.",
            examples = "Support",
            required = true)
        @NotBlank
        @Size(max = 255)
        String name,
    @Schema(
            description = "The name that the people it serves see.",
            examples = "Ada from Support",
            required = true)
        @NotBlank
        @Size(max = 255)
        String publicName,
    @Schema(description = "What it is for.") @Size(max = 10_000) @Nullable String description,
    @Schema(
            description = "What it is told before every reply.",
            examples = "You answer questions about orders, in two sentences at most.")
        @Size(max = 256_000)
        @Nullable String instructions,
    @Schema(
            description =
                "The model that answers, as provider:model; a bare name means the default"
                    + " provider. Left out: the installation's default model.",
            examples = "openai:gpt-5-mini")
        @Size(max = 255)
        @Nullable String model,
    @Schema(
            description = "Beyond the published API: the model that is asked when the first fails.",
            examples = "anthropic:claude-sonnet-4-5")
        @Size(max = 255)
        @Nullable String fallbackModel,
    @Schema(description = "Nucleus sampling; left out: the provider's default.")
        @DecimalMin("0")
        @DecimalMax("1")
        @Nullable Double topP,
    @Schema(description = "Sampling temperature; left out: the provider's default.")
        @DecimalMin("0")
        @DecimalMax("2")
        @Nullable Double temperature,
    @Schema(description = "Whether it looks things up in its documents.", defaultValue = "true")
        @Nullable Boolean isFileSearchEnabled,
    @Schema(description = "Kept and shown; nothing runs code here.", defaultValue = "false")
        @Nullable Boolean isCodeInterpreterEnabled,
    @Schema(description = "How many passages are looked up for a question.", defaultValue = "10")
        @Min(1)
        @Max(50)
        @Nullable Integer fileSearchMaxNumResults,
    @Schema(description = "How much a reasoning model shall reason.")
        @Nullable ReasoningEffort reasoningEffort,
    @Schema(description = "Which of the provider's ways of reasoning is wanted; kept and shown.")
        @Nullable ReasoningMode reasoningMode,
    @Schema(
            description = "Whether a key is made for the agent; it is shown in the answer, once.",
            defaultValue = "true")
        @Nullable Boolean isApiSkillEnabled,
    @Schema(description = "Whether replies must follow outputJsonSchema.", defaultValue = "false")
        @Nullable Boolean isOutputJsonSchemaEnabled,
    @Schema(
            description =
                "The JSON Schema that replies must follow, as text; needed where"
                    + " isOutputJsonSchemaEnabled is true.")
        @Size(max = 100_000)
        @Nullable String outputJsonSchema,
    @Schema(description = "Labels of your own.") @Size(max = 50)
        @Nullable List<@NotBlank @Size(max = 100) String> tags,
    @Schema(description = "Kept and shown.", defaultValue = "false")
        @Nullable Boolean restrictDocumentsToOwnerOnly,
    @Schema(description = "What callers are told when a reply could not be made.")
        @Size(max = 10_000)
        @Nullable String defaultErrorMessage,
    @Schema(
            description =
                "Beyond the published API: how a closed conversation is to be scored from 0 to"
                    + " 10, as an instruction to the model.")
        @Size(max = 10_000)
        @Nullable String scoringPrompt,
    @Schema(
            description =
                "Beyond the published API: seconds without a message after which a conversation"
                    + " is closed; left out: the installation's default of 10 minutes.",
            examples = "600")
        @Min(1)
        @Max(31_536_000)
        @Nullable Integer idleTimeSeconds,
    @Schema(
            description =
                "Beyond the published API: how many turns of this agent a node runs at once; left"
                    + " out: the installation's default.")
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
        @Nullable Integer burstWindowMs) {
  CreateAgentRequest {
    description = Text.orNull(description);
    instructions = Text.orNull(instructions);
    model = Text.orNull(model);
    fallbackModel = Text.orNull(fallbackModel);
    outputJsonSchema = Text.orNull(outputJsonSchema);
    defaultErrorMessage = Text.orNull(defaultErrorMessage);
    scoringPrompt = Text.orNull(scoringPrompt);
  }
}
