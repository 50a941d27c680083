package dev.colloquy.channel.voice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.colloquy.channel.ChannelProvider;
import dev.colloquy.channel.SendResult;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.skill.VoiceConfig;
import dev.colloquy.skill.VoiceSkill;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls over Vapi: {@code POST /call} of its API (docs.vapi.ai, API reference, "Create
 * Call"). Vapi drops no repeats.
 */
@Singleton
final class VapiProvider implements ChannelProvider {
  private final OutgoingCalls calls;
  private final VapiAssistants assistants;
  private final VoiceHttp http;
  private final VoiceConfig config;

  VapiProvider(OutgoingCalls calls, VapiAssistants assistants, VoiceHttp http, VoiceConfig config) {
    this.calls = calls;
    this.assistants = assistants;
    this.http = http;
    this.config = config;
  }

  @Override
  public String name() {
    return Call.VAPI;
  }

  @Override
  public boolean dropsRepeats() {
    return false;
  }

  @Override
  public SendResult send(Outgoing outgoing) throws InterruptedException {
    return calls.make(outgoing, name(), (call, skill) -> dial(outgoing, call, skill));
  }

  @Override
  public void accepted(Handle tx, Outgoing outgoing, String externalId, Instant now) {
    OutgoingCalls.accepted(tx, outgoing, externalId, now);
  }

  private SendResult dial(Outgoing outgoing, Call call, VoiceSkill skill)
      throws InterruptedException {
    var account = skill.vapi();
    if (account == null || account.apiKey() == null || skill.vApiPhoneNumberId() == null) {
      return new SendResult.Rejected("not_configured");
    }
    var uri = address(account.baseUrl());
    if (uri.isEmpty()) {
      return new SendResult.Rejected("bad_base_url");
    }
    var request =
        HttpRequest.newBuilder(uri.get())
            .header("Authorization", "Bearer " + account.apiKey())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body(outgoing, call, skill).toString()));
    return http.send("vapi", request, VapiProvider::id);
  }

  private Optional<URI> address(@Nullable String baseUrl) {
    var base = baseUrl == null ? config.vapi().baseUrl() : baseUrl;
    return Addresses.of(base, "/call");
  }

  private ObjectNode body(Outgoing outgoing, Call call, VoiceSkill skill) {
    var body = JsonNodeFactory.instance.objectNode();
    body.put("phoneNumberId", skill.vApiPhoneNumberId());
    body.putObject("customer").put("number", outgoing.recipient());
    assistants.put(body, call, skill, outgoing.body());
    return body;
  }

  /** Vapi's id of the call, from its answer. */
  private static Optional<String> id(String answer) {
    return Json.object(answer)
        .map(object -> object.path("id").asText())
        .filter(id -> !id.isEmpty() && id.length() <= 255 && Json.isPlain(id));
  }
}
