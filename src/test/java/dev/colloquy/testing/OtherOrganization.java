package dev.colloquy.testing;

import dev.colloquy.agent.Agents;
import dev.colloquy.apikey.ApiKeys;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.organization.Organizations;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * An organization besides the demo's, with one agent.
 *
 * @param agent its agent
 * @param role its agent role
 * @param state its state complete
 * @param platformUser a person who works there
 */
public record OtherOrganization(
    OrganizationId id, Api agent, UUID role, UUID state, UUID platformUser) {

  /** Makes one. */
  public static OtherOrganization create(Database database, ApiKeys keys) {
    return database.inTransaction(tx -> {
      var now = Instant.parse("2026-01-31T09:30:00.123Z");
      var made = Organizations.create(tx, "Other", now);
      var agent =
          Agents.create(tx, made.id(), made.role(), "Other agent", "Eve", "Others", "", now);
      var secret = keys.issue(tx, new KeyOwner.OfAgent(agent, made.id()), "A test's", null);
      var state =
          tx.createQuery("select id from conversation_state where organization_id = :id")
              .bind("id", made.id().value())
              .mapTo(UUID.class)
              .one();
      return new OtherOrganization(
          made.id(),
          Api.agent(secret.secret().text()),
          made.role(),
          state,
          platformUser(tx, made.id().value()));
    });
  }

  /** A new platform user of the organization. */
  public static UUID platformUser(Handle tx, UUID organization) {
    var id = Ids.next();
    tx.createUpdate(
            """
            insert into platform_user (
              id, organization_id, email, first_name, last_name, phone_number, role, created_at)
            values (
              :id, :organization, :email, 'Ada', 'Lovelace', '+12125550100', 'user', now())
            """)
        .bind("id", id)
        .bind("organization", organization)
        .bind("email", "ada." + id + "@example.com")
        .execute();
    return id;
  }
}
