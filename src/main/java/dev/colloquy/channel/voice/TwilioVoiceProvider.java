package dev.colloquy.channel.voice;

import dev.colloquy.channel.ChannelProvider;
import dev.colloquy.channel.SendResult;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.skill.VoiceConfig;
import dev.colloquy.skill.VoiceSkill;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Makes calls over Twilio: {@code POST /2010-04-01/Accounts/{sid}/Calls.json} (Twilio's
 * documentation, "Call resource"). What is to happen in the call is asked from us once it is
 * answered, for a greeting may be longer than the parameter that would hold it. Twilio drops no
 * repeats.
 */
@Singleton
final class TwilioVoiceProvider implements ChannelProvider {
  private final OutgoingCalls calls;
  private final CallTokens tokens;
  private final PublicUrl publicUrl;
  private final VoiceHttp http;
  private final VoiceConfig config;

  TwilioVoiceProvider(
      OutgoingCalls calls,
      CallTokens tokens,
      PublicUrl publicUrl,
      VoiceHttp http,
      VoiceConfig config) {
    this.calls = calls;
    this.tokens = tokens;
    this.publicUrl = publicUrl;
    this.http = http;
    this.config = config;
  }

  @Override
  public String name() {
    return Call.TWILIO;
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
    var account = skill.twilio();
    if (account == null || account.authToken() == null || call.caller() == null) {
      return new SendResult.Rejected("not_configured");
    }
    var base = account.baseUrl() == null ? config.twilio().baseUrl() : account.baseUrl();
    var uri = Addresses.of(base, "/2010-04-01/Accounts/" + account.accountSid() + "/Calls.json");
    if (uri.isEmpty()) {
      return new SendResult.Rejected("bad_base_url");
    }
    var login = account.accountSid() + ":" + account.authToken();
    var request =
        HttpRequest.newBuilder(uri.get())
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form(outgoing, call)));
    return http.send("twilio", request, TwilioVoiceProvider::sid);
  }

  private String form(Outgoing outgoing, Call call) {
    var place = publicUrl.of(RelayMarkup.CALLS + "/" + tokens.of(call.id()));
    var form = new StringBuilder();
    add(form, "To", outgoing.recipient());
    add(form, "From", String.valueOf(call.caller()));
    add(form, "Url", place + "/twiml");
    add(form, "StatusCallback", place + "/status");
    for (var event : List.of("initiated", "ringing", "answered", "completed")) {
      add(form, "StatusCallbackEvent", event);
    }
    return form.toString();
  }

  private static void add(StringBuilder form, String name, String value) {
    if (!form.isEmpty()) {
      form.append('&');
    }
    form.append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  /** Twilio's id of the call, from its answer. */
  private static Optional<String> sid(String answer) {
    return Json.object(answer)
        .map(object -> object.path("sid").asText())
        .filter(sid -> RelayMarkup.SID.matcher(sid).matches());
  }
}
