package dev.colloquy.agent;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.colloquy.apikey.SecretKey;
import dev.colloquy.skill.EmailSkill;
import dev.colloquy.skill.SkillSettings;
import dev.colloquy.skill.SkillStatus;
import dev.colloquy.skill.SmsSkill;
import dev.colloquy.skill.VoiceSkill;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An agent as its organization and its own key see it. */
@Schema(name = "Agent", description = "An agent: always the AI.")
record AgentResponse(
    @Schema(description = "Its organization.", required = true) String organizationId,
    @Schema(examples = "Demo", required = true) String organizationName,
    @Schema(description = "Its id.", required = true) String id,
    @Schema(description = "The name inside the organization.", required = true) String name,
    @Schema(description = "The name that the people it serves see.", required = true)
        String publicName,
    @Schema(description = "Its role's name.", examples = "Assistant", required = true) String role,
    @Schema(description = "What it is for.") @Nullable String description,
    @Schema(description = "What its documents are kept under.", required = true)
        String vectorStoreId,
    @Schema(description = "Its model and how that is used.", required = true)
        AiConfigResponse aiConfig,
    @Nullable String avatarUrl,
    @Nullable String backgroundUrl,
    @Schema(required = true) AgentStatus status,
    @Schema(description = "Labels of its organization's own.", required = true) List<String> tags,
    @Schema(description = "What it can do and how that is set.", required = true)
        List<SkillResponse> skills,
    boolean restrictDocumentsToOwnerOnly,
    @Nullable String defaultErrorMessage,
    @Schema(description = "Seconds without a message after which a conversation is closed.")
        @Nullable Integer idleTimeSeconds,
    @Schema(description = "How many of its turns a node runs at once.")
        @Nullable Integer turnsInFlight,
    @Schema(
            description =
                "What happens to a message that arrives while another one is being answered.",
            required = true)
        WhenBusy whenBusy,
    @Schema(
            description = "How many milliseconds a message waits for more before it is answered.",
            required = true)
        int burstWindowMs,
    @Schema(
            description = "Whether what it writes over e-mail, SMS and voice waits.",
            required = true)
        @JsonProperty("isDeliveryPaused")
        boolean isDeliveryPaused,
    @Schema(description = "Its key; only in the answer to its creation, and never again.")
        @Nullable String agentApiKey) {

  /** The model and how it is used. */
  @Schema(name = "AiConfig")
  record AiConfigResponse(
      @Schema(required = true) String id,
      @Schema(
              description = "The model that answers.",
              examples = "openai:gpt-5-mini",
              required = true)
          String model,
      @Nullable String fallbackModel,
      @Schema(description = "1 where none was set.", required = true) double temperature,
      @Schema(description = "1 where none was set.", required = true) double topP,
      @Schema(required = true) String instructions,
      @Schema(required = true) @JsonProperty("isCodeInterpreterEnabled")
          boolean isCodeInterpreterEnabled,
      @Schema(required = true) @JsonProperty("isFileSearchEnabled") boolean isFileSearchEnabled,
      @Schema(required = true) int fileSearchMaxNumResults,
      @Nullable ReasoningEffort reasoningEffort,
      @Nullable ReasoningMode reasoningMode,
      @JsonProperty("isOutputJsonSchemaEnabled") boolean isOutputJsonSchemaEnabled,
      @Schema(description = "Empty where there is none.", required = true)
          String outputJsonSchema) {}

  /** One thing that the agent can do. */
  @Schema(name = "Skill")
  record SkillResponse(
      @Schema(examples = "API", required = true) String systemName,
      @Schema(
              description = "active or inactive",
              examples = "active",
              enumeration = {"active", "inactive"},
              required = true)
          String status,
      @Schema(description = "API: the id of its newest key, which is no secret.")
          @Nullable String apiKey,
      @Schema(description = "SCORING: how a closed conversation is scored.")
          @Nullable String scoringPrompt,
      @Schema(description = "EMAIL: the address it writes from.") @Nullable String email,
      @Schema(description = "EMAIL.") @Nullable String senderName,
      @Schema(description = "EMAIL.") @Nullable String defaultSubject,
      @Schema(description = "EMAIL.") @Nullable String defaultEmailIntroduction,
      @Schema(description = "EMAIL.") @Nullable String emailSignature,
      @Schema(description = "SMS, VOICE: the number it writes or calls from.")
          @Nullable String phoneNumber,
      @Schema(description = "SMS.") @Nullable String defaultSmsIntroduction,
      @Schema(description = "SMS.") @Nullable String smsSignature,
      @Schema(description = "VOICE.") @Nullable String vApiAssistantId,
      @Schema(description = "VOICE.") @Nullable String vApiPhoneNumberId) {

    static SkillResponse api(String key) {
      return of("API", "active", key, null);
    }

    static SkillResponse scoring(@Nullable String prompt) {
      return of("SCORING", "active", null, prompt);
    }

    private static SkillResponse of(
        String name, String status, @Nullable String key, @Nullable String prompt) {
      return new SkillResponse(
          name, status, key, prompt, null, null, null, null, null, null, null, null, null, null);
    }

    /** The published fields of a channel, empty where the published API wants a text. */
    static SkillResponse of(SkillSettings skill) {
      var status = skill.status() == SkillStatus.INACTIVE ? "inactive" : "active";
      var name = skill.name().name();
      return switch (skill) {
        case EmailSkill s ->
            new SkillResponse(
                name,
                status,
                null,
                null,
                orEmpty(s.email()),
                s.senderName(),
                s.defaultSubject(),
                s.defaultEmailIntroduction(),
                s.emailSignature(),
                null,
                null,
                null,
                null,
                null);
        case SmsSkill s ->
            new SkillResponse(
                name,
                status,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                orEmpty(s.phoneNumber()),
                s.defaultSmsIntroduction(),
                s.smsSignature(),
                null,
                null);
        case VoiceSkill s ->
            new SkillResponse(
                name,
                status,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                s.phoneNumber(),
                null,
                null,
                orEmpty(s.vApiAssistantId()),
                orEmpty(s.vApiPhoneNumberId()));
      };
    }

    private static String orEmpty(@Nullable String text) {
      return text == null ? "" : text;
    }
  }

  static AgentResponse of(
      Agent agent, String model, List<SkillSettings> channels, @Nullable SecretKey key) {
    var s = agent.settings();
    var hex = agent.id().toString().replace("-", "");
    return new AgentResponse(
        agent.organization().toString(),
        agent.organizationName(),
        agent.id().toString(),
        s.name(),
        s.publicName(),
        agent.role(),
        s.description(),
        "vs_" + hex,
        new AiConfigResponse(
            "ai_" + hex,
            model,
            s.fallbackModel(),
            orOne(s.temperature()),
            orOne(s.topP()),
            s.instructions(),
            s.isCodeInterpreterEnabled(),
            s.isFileSearchEnabled(),
            s.fileSearchMaxNumResults(),
            s.reasoningEffort(),
            s.reasoningMode(),
            s.isOutputJsonSchemaEnabled(),
            s.outputJsonSchema() == null ? "" : s.outputJsonSchema()),
        s.avatarUrl(),
        s.backgroundUrl(),
        s.status(),
        s.tags(),
        skills(agent, channels),
        s.restrictDocumentsToOwnerOnly(),
        s.defaultErrorMessage(),
        s.idleTimeSeconds(),
        s.turnsInFlight(),
        s.whenBusy(),
        s.burstWindowMs(),
        s.isDeliveryPaused(),
        key == null ? null : key.text());
  }

  private static double orOne(@Nullable Double value) {
    return value == null ? 1 : value;
  }

  private static List<SkillResponse> skills(Agent agent, List<SkillSettings> channels) {
    var skills = new ArrayList<SkillResponse>();
    if (agent.apiKeyId() != null) {
      skills.add(SkillResponse.api(agent.apiKeyId().toString()));
    }
    skills.add(SkillResponse.scoring(agent.settings().scoringPrompt()));
    channels.forEach(skill -> skills.add(SkillResponse.of(skill)));
    return skills;
  }
}
