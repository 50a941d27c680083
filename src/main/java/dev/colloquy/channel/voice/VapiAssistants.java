package dev.colloquy.channel.voice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.skill.VoiceSkill;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * What Vapi is told to do in a call: who speaks, where it asks for replies (docs.vapi.ai, "Custom
 * LLM": an address below which it asks {@code /chat/completions}), and where it tells what happens
 * (docs.vapi.ai, "Server URLs").
 */
@Singleton
final class VapiAssistants {
  /** The path below which everything of Vapi's is. */
  static final String PATH = "/channels/voice/vapi";

  static final String SECRET_HEADER = "X-Vapi-Secret";

  private final CallTokens tokens;
  private final PublicUrl publicUrl;

  VapiAssistants(CallTokens tokens, PublicUrl publicUrl) {
    this.tokens = tokens;
    this.publicUrl = publicUrl;
  }

  /**
   * Adds to a body who speaks in the call: the account's assistant with what is the call's own put
   * over it, or one for this call alone.
   *
   * @param opening what it says first; null: it waits until it is spoken to
   */
  void put(ObjectNode body, Call call, VoiceSkill skill, @Nullable String opening) {
    var own = own(call, skill, opening);
    if (skill.vApiAssistantId() == null) {
      body.set("assistant", own);
    } else {
      body.put("assistantId", skill.vApiAssistantId());
      body.set("assistantOverrides", own);
    }
  }

  private ObjectNode own(Call call, VoiceSkill skill, @Nullable String opening) {
    var place = publicUrl.of(PATH + "/" + tokens.of(call.id()));
    var assistant = JsonNodeFactory.instance.objectNode();
    assistant.put(
        "firstMessageMode",
        opening == null ? "assistant-waits-for-user" : "assistant-speaks-first");
    if (opening != null) {
      assistant.put("firstMessage", opening);
    }
    assistant
        .putObject("model")
        .put("provider", "custom-llm")
        .put("url", place)
        .put("model", "colloquy");
    var server = assistant.putObject("server").put("url", place + "/events");
    var account = skill.vapi();
    if (account != null && account.serverSecret() != null) {
      server.putObject("headers").put(SECRET_HEADER, account.serverSecret());
    }
    assistant.putArray("serverMessages").add("status-update").add("end-of-call-report");
    if (skill.voice() != null) {
      assistant.putObject("voice").put("provider", "vapi").put("voiceId", skill.voice());
    }
    if (skill.language() != null) {
      assistant
          .putObject("transcriber")
          .put("provider", "deepgram")
          .put("language", skill.language());
    }
    var metadata = assistant.putObject("metadata").put("callId", call.id().toString());
    if (call.delivery() != null) {
      metadata.put("deliveryId", call.delivery().toString());
    }
    return assistant;
  }
}
