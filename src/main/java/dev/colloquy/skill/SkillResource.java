package dev.colloquy.skill;

import dev.colloquy.apikey.Caller;
import dev.colloquy.apikey.RequiresKey;
import dev.colloquy.organization.AgentId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import dev.colloquy.platform.http.Idempotent;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The channels of one agent, as its organization sets them. Beyond the published API. */
@Path("/external/agents/{id}/skills")
@RunOnVirtualThread
@Idempotent
@RequiresKey.OfOrganization
@Tag(name = "Agents")
final class SkillResource {
  private static final String PUT_DESCRIPTION =
      "Beyond the published API. The settings take the place of the old ones, except for secrets,"
          + " which stay where they are left out. The next delivery sees the change.";

  private final Database database;
  private final Skills skills;
  private final Caller caller;
  private final Clock clock;

  SkillResource(Database database, Skills skills, Caller caller, Clock clock) {
    this.database = database;
    this.skills = skills;
    this.caller = caller;
    this.clock = clock;
  }

  @PUT
  @Path("/email")
  @Operation(
      operationId = "setEmailSkill",
      summary = "Set how an agent sends and receives e-mail",
      description = PUT_DESCRIPTION)
  public EmailSkill setEmail(@PathParam("id") AgentId id, @NotNull @Valid EmailSkill skill) {
    requireKey(skill.dkim());
    return put(id, skill, EmailSkill.class);
  }

  private static void requireKey(EmailSkill.@Nullable Dkim dkim) {
    var key = dkim == null ? null : dkim.privateKey();
    if (key != null && DkimKey.read(key).isEmpty()) {
      throw ApiException.badField(
          "dkim.privateKey", "must be an RSA key of 1024 bits or more in PEM (PKCS #8)");
    }
  }

  @PUT
  @Path("/sms")
  @Operation(
      operationId = "setSmsSkill",
      summary = "Set how an agent sends and receives SMS",
      description = PUT_DESCRIPTION)
  public SmsSkill setSms(@PathParam("id") AgentId id, @NotNull @Valid SmsSkill skill) {
    return put(id, skill, SmsSkill.class);
  }

  @PUT
  @Path("/voice")
  @Operation(
      operationId = "setVoiceSkill",
      summary = "Set how an agent makes and takes calls",
      description = PUT_DESCRIPTION)
  public VoiceSkill setVoice(@PathParam("id") AgentId id, @NotNull @Valid VoiceSkill skill) {
    return put(id, skill, VoiceSkill.class);
  }

  @GET
  @Path("/email")
  @Operation(
      operationId = "getEmailSkill",
      summary = "Show how an agent sends and receives e-mail",
      description = "Beyond the published API. 404 where the agent has no settings of its own.")
  public EmailSkill email(@PathParam("id") AgentId id) {
    return show(id, SkillName.EMAIL, EmailSkill.class);
  }

  @GET
  @Path("/sms")
  @Operation(
      operationId = "getSmsSkill",
      summary = "Show how an agent sends and receives SMS",
      description = "Beyond the published API. 404 where the agent has no settings of its own.")
  public SmsSkill sms(@PathParam("id") AgentId id) {
    return show(id, SkillName.SMS, SmsSkill.class);
  }

  @GET
  @Path("/voice")
  @Operation(
      operationId = "getVoiceSkill",
      summary = "Show how an agent makes and takes calls",
      description = "Beyond the published API. 404 where the agent has no settings of its own.")
  public VoiceSkill voice(@PathParam("id") AgentId id) {
    return show(id, SkillName.VOICE, VoiceSkill.class);
  }

  @DELETE
  @Path("/{skill}")
  @ResponseStatus(204)
  @Operation(
      operationId = "deleteSkill",
      summary = "Delete an agent's settings of a channel",
      description =
          "Beyond the published API. skill is email, sms or voice; the installation's settings hold"
              + " from here on.")
  public void delete(@PathParam("id") AgentId id, @PathParam("skill") String skill) {
    var name = NAMES.get(skill);
    if (name == null) {
      throw ApiException.notFound();
    }
    database.useTransaction(tx -> {
      lock(tx, id);
      if (!SkillRepository.delete(tx, id, name)) {
        throw ApiException.notFound();
      }
    });
  }

  private static final Map<String, SkillName> NAMES =
      Map.of("email", SkillName.EMAIL, "sms", SkillName.SMS, "voice", SkillName.VOICE);

  private <S extends SkillSettings> S put(AgentId id, S asked, Class<S> type) {
    return database.inTransaction(tx -> {
      lock(tx, id);
      requireFree(tx, id, asked);
      SkillSettings settings =
          SkillRepository.find(tx, id, asked.name())
              .<SkillSettings>map(row -> asked.withSecretsOf(skills.stored(row, type)))
              .orElse(asked);
      var shown = settings.withoutSecrets();
      var sealed = skills.seal(id, settings);
      SkillRepository.put(tx, id, settings, Skills.write(shown), sealed, Rows.now(clock));
      return type.cast(shown);
    });
  }

  private static void requireFree(Handle tx, AgentId id, SkillSettings asked) {
    var address = asked.address();
    if (address != null && SkillRepository.isTaken(tx, id, asked.name(), address)) {
      throw ApiException.of(
          ErrorCode.CONFLICT,
          asked.name() == SkillName.EMAIL ? "email" : "phoneNumber",
          "is another agent's " + asked.name().name().toLowerCase(Locale.ROOT));
    }
  }

  private <S extends SkillSettings> S show(AgentId id, SkillName name, Class<S> type) {
    return database.read(tx -> {
      if (!SkillRepository.hasAgent(tx, caller.organization().organization(), id)) {
        throw ApiException.notFound();
      }
      return SkillRepository.find(tx, id, name)
          .map(row -> type.cast(skills.stored(row, type).withoutSecrets()))
          .orElseThrow(ApiException::notFound);
    });
  }

  private void lock(Handle tx, AgentId id) {
    if (!SkillRepository.lockAgent(tx, caller.organization().organization(), id)) {
      throw ApiException.notFound();
    }
  }
}
