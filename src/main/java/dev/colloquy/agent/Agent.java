package dev.colloquy.agent;

import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An agent as it is stored, with the names that its answers show.
 *
 * @param apiKeyId the newest valid key's id, or null where it has none
 * @param settings what its owner can set
 */
record Agent(
    AgentId id,
    OrganizationId organization,
    String organizationName,
    UUID roleId,
    String role,
    @Nullable UUID apiKeyId,
    Settings settings,
    Instant createdAt,
    Instant updatedAt) {

  /**
   * What an agent's owner can set.
   *
   * @param model {@code provider:model}, or null for the installation's default
   * @param fallbackModel asked when the model fails, or null
   * @param temperature from 0 to 2, or null for the provider's default
   * @param topP from 0 to 1, or null for the provider's default
   * @param fileSearchMaxNumResults passages looked up for a question, from 1 to 50
   * @param scoringPrompt how a closed conversation is to be scored, or null for the default
   * @param idleTimeSeconds after how long without a message a conversation is closed, or null for
   *     the installation's default
   * @param turnsInFlight how many turns of this agent a node runs at once, or null for the
   *     installation's default
   * @param isDeliveryPaused whether what it writes over e-mail, SMS and voice waits
   * @param burstWindowMs how long a question waits for more before it is answered, from 0 to 60000
   */
  record Settings(
      String name,
      String publicName,
      @Nullable String description,
      AgentStatus status,
      List<String> tags,
      @Nullable String avatarUrl,
      @Nullable String backgroundUrl,
      String instructions,
      @Nullable String model,
      @Nullable String fallbackModel,
      @Nullable Double temperature,
      @Nullable Double topP,
      @Nullable ReasoningEffort reasoningEffort,
      @Nullable ReasoningMode reasoningMode,
      boolean isFileSearchEnabled,
      int fileSearchMaxNumResults,
      boolean isCodeInterpreterEnabled,
      boolean isOutputJsonSchemaEnabled,
      @Nullable String outputJsonSchema,
      boolean isApiSkillEnabled,
      boolean restrictDocumentsToOwnerOnly,
      @Nullable String defaultErrorMessage,
      @Nullable String scoringPrompt,
      @Nullable Integer idleTimeSeconds,
      @Nullable Integer turnsInFlight,
      WhenBusy whenBusy,
      int burstWindowMs,
      boolean isDeliveryPaused) {
    Settings {
      tags = List.copyOf(tags);
    }
  }
}
