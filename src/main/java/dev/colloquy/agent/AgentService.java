package dev.colloquy.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.colloquy.apikey.ApiKeys;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.apikey.SecretKey;
import dev.colloquy.model.ModelNames;
import dev.colloquy.model.UnknownModelException;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.skill.Skills;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Makes, changes and shows agents. */
@Singleton
final class AgentService {
  private final Database database;
  private final ApiKeys keys;
  private final ModelNames models;
  private final ObjectMapper json;
  private final Clock clock;
  private final Skills skills;

  AgentService(
      Database database,
      ApiKeys keys,
      ModelNames models,
      ObjectMapper json,
      Clock clock,
      Skills skills) {
    this.skills = skills;
    this.database = database;
    this.keys = keys;
    this.models = models;
    this.json = json;
    this.clock = clock;
  }

  /** Makes an agent, and a key for it unless its API skill is off. */
  AgentResponse create(OrganizationId organization, CreateAgentRequest request) {
    var role = Ids.parse(request.roleId()).orElseThrow(ApiException::notFound);
    checkModel("model", request.model());
    checkModel("fallbackModel", request.fallbackModel());
    var settings = checked(settings(request));
    return database.inTransaction(tx -> create(tx, organization, role, settings));
  }

  private AgentResponse create(
      Handle tx, OrganizationId organization, UUID role, Agent.Settings settings) {
    var id = new AgentId(Ids.next());
    if (!AgentRepository.insert(tx, id, organization, role, settings, Rows.now(clock))) {
      throw ApiException.notFound();
    }
    SecretKey key = null;
    if (settings.isApiSkillEnabled()) {
      var owner = new KeyOwner.OfAgent(id, organization);
      key = keys.issue(tx, owner, "Made with the agent", null).secret();
    }
    return response(tx, require(tx, organization, id, false), key);
  }

  /** Changes what the request names and leaves the rest. */
  AgentResponse update(OrganizationId organization, AgentId id, UpdateAgentRequest request) {
    // Only what is given: a model that was set when its provider was still here may stay.
    checkModel("model", request.model());
    checkModel("fallbackModel", request.fallbackModel());
    return database.inTransaction(tx -> {
      var before = require(tx, organization, id, true).settings();
      var after = checked(merged(before, request));
      AgentRepository.update(tx, id, after, Rows.now(clock));
      return response(tx, require(tx, organization, id, false), null);
    });
  }

  AgentResponse show(OrganizationId organization, AgentId id) {
    return database.read(tx -> response(tx, require(tx, organization, id, false), null));
  }

  /** The one door to an agent: not found also when it is another organization's. */
  static Agent require(Handle tx, OrganizationId organization, AgentId id, boolean forUpdate) {
    return AgentRepository.find(tx, organization, id, forUpdate)
        .orElseThrow(ApiException::notFound);
  }

  private AgentResponse response(Handle tx, Agent agent, @Nullable SecretKey key) {
    var model = agent.settings().model();
    return AgentResponse.of(
        agent,
        model == null ? models.defaultModel().toString() : model,
        skills.shown(tx, agent.id()),
        key);
  }

  private Agent.Settings checked(Agent.Settings settings) {
    if (settings.isOutputJsonSchemaEnabled() && settings.outputJsonSchema() == null) {
      throw ApiException.badField(
          "outputJsonSchema", "is needed where isOutputJsonSchemaEnabled is true");
    }
    if (settings.outputJsonSchema() != null && !isObject(settings.outputJsonSchema())) {
      throw ApiException.badField("outputJsonSchema", "must be a JSON Schema object, as text");
    }
    return settings;
  }

  private void checkModel(String field, @Nullable String name) {
    if (name == null) {
      return;
    }
    try {
      models.parse(name);
    } catch (UnknownModelException e) {
      throw ApiException.badField(field, e.getMessage());
    }
  }

  private boolean isObject(String text) {
    try {
      return json.readTree(text).isObject();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static Agent.Settings settings(CreateAgentRequest r) {
    return new Agent.Settings(
        r.name(),
        r.publicName(),
        r.description(),
        AgentStatus.ACTIVE,
        or(r.tags(), List.of()),
        null,
        null,
        or(r.instructions(), ""),
        r.model(),
        r.fallbackModel(),
        r.temperature(),
        r.topP(),
        r.reasoningEffort(),
        r.reasoningMode(),
        or(r.isFileSearchEnabled(), true),
        or(r.fileSearchMaxNumResults(), 10),
        or(r.isCodeInterpreterEnabled(), false),
        or(r.isOutputJsonSchemaEnabled(), false),
        r.outputJsonSchema(),
        or(r.isApiSkillEnabled(), true),
        or(r.restrictDocumentsToOwnerOnly(), false),
        r.defaultErrorMessage(),
        r.scoringPrompt(),
        r.idleTimeSeconds(),
        r.turnsInFlight(),
        or(r.whenBusy(), WhenBusy.ENQUEUE),
        or(r.burstWindowMs(), 0),
        false);
  }

  private static Agent.Settings merged(Agent.Settings s, UpdateAgentRequest r) {
    return new Agent.Settings(
        or(r.name(), s.name()),
        or(r.publicName(), s.publicName()),
        orOld(r.description(), s.description()),
        or(r.status(), s.status()),
        or(r.tags(), s.tags()),
        orOld(r.avatarUrl(), s.avatarUrl()),
        orOld(r.backgroundUrl(), s.backgroundUrl()),
        or(r.instructions(), s.instructions()),
        orOld(r.model(), s.model()),
        orOld(r.fallbackModel(), s.fallbackModel()),
        orOld(r.temperature(), s.temperature()),
        orOld(r.topP(), s.topP()),
        orOld(r.reasoningEffort(), s.reasoningEffort()),
        orOld(r.reasoningMode(), s.reasoningMode()),
        or(r.isFileSearchEnabled(), s.isFileSearchEnabled()),
        or(r.fileSearchMaxNumResults(), s.fileSearchMaxNumResults()),
        or(r.isCodeInterpreterEnabled(), s.isCodeInterpreterEnabled()),
        or(r.isOutputJsonSchemaEnabled(), s.isOutputJsonSchemaEnabled()),
        orOld(r.outputJsonSchema(), s.outputJsonSchema()),
        s.isApiSkillEnabled(),
        or(r.restrictDocumentsToOwnerOnly(), s.restrictDocumentsToOwnerOnly()),
        orOld(r.defaultErrorMessage(), s.defaultErrorMessage()),
        orOld(r.scoringPrompt(), s.scoringPrompt()),
        orOld(r.idleTimeSeconds(), s.idleTimeSeconds()),
        orOld(r.turnsInFlight(), s.turnsInFlight()),
        or(r.whenBusy(), s.whenBusy()),
        or(r.burstWindowMs(), s.burstWindowMs()),
        or(r.isDeliveryPaused(), s.isDeliveryPaused()));
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  private static <T> @Nullable T orOld(@Nullable T value, @Nullable T old) {
    return value == null ? old : value;
  }
}
