package dev.colloquy.channel.sms;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.channel.Form;
import dev.colloquy.channel.TwilioSignature;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.ErrorCode;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.skill.Skills;
import dev.colloquy.skill.TwilioAccount;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Finds out whether a request comes from the gateway of the agent that it names. */
@Singleton
final class TwilioWebhook {
  /** Twilio's have a few kilobytes. */
  private static final int MAX_BODY = 64 * 1024;

  private final Database database;
  private final Skills skills;
  private final PublicUrl publicUrl;

  TwilioWebhook(Database database, Skills skills, PublicUrl publicUrl) {
    this.database = database;
    this.skills = skills;
    this.publicUrl = publicUrl;
  }

  /** A request that is the gateway's. */
  record Signed(KeyOwner.OfAgent agent, Form form) {}

  /**
   * Checks the signature.
   *
   * @param path with its query, as it came
   * @throws ApiException 403 where the agent is not known, has no number and account, or the
   *     signature is not its account's; 413 where the body is too long
   */
  Signed require(String agent, @Nullable String signature, String path, byte[] body) {
    if (body.length > MAX_BODY) {
      throw ApiException.tooLarge(MAX_BODY);
    }
    var form = Form.parse(body);
    var known = Ids.parse(agent).flatMap(id -> database.read(tx -> find(tx, new AgentId(id))));
    var isGenuine =
        known.isPresent()
            && signature != null
            && TwilioSignature.isValid(known.get().token(), publicUrl.of(path), form, signature);
    if (!isGenuine) {
      throw new ApiException(ErrorCode.FORBIDDEN);
    }
    return new Signed(known.get().agent(), form);
  }

  private record Known(KeyOwner.OfAgent agent, String token) {}

  private Optional<Known> find(Handle tx, AgentId id) {
    var organization =
        tx.createQuery("select organization_id from agent where id = :id")
            .bind("id", id.value())
            .mapTo(UUID.class)
            .findOne();
    return organization.flatMap(owner ->
        skills
            .sms(tx, id)
            .flatMap(skill -> Optional.ofNullable(skill.twilio()))
            .map(TwilioAccount::authToken)
            .map(token -> new Known(new KeyOwner.OfAgent(id, new OrganizationId(owner)), token)));
  }
}
