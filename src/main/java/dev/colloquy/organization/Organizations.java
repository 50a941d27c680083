package dev.colloquy.organization;

import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Makes organizations. Every method runs in the caller's transaction. */
public final class Organizations {
  private Organizations() {}

  /**
   * An organization just made.
   *
   * @param role its first agent role, which agents can be created with
   */
  public record Created(OrganizationId id, UUID role) {}

  /** Makes an organization with what every one has: a role for agents, and the state complete. */
  public static Created create(Handle tx, String name, Instant now) {
    var id = new OrganizationId(Ids.next());
    var role = Ids.next();
    tx.createUpdate(
            """
            insert into organization (id, name, created_at, updated_at)
            values (:id, :name, :now, :now)
            """)
        .bind("id", id.value())
        .bind("name", name)
        .bind("now", Rows.time(now))
        .execute();
    tx.createUpdate(
            """
            insert into agent_role (id, organization_id, name, description)
            values (:role, :id, 'Assistant', 'Answers the people who write to the organization.')
            """)
        .bind("role", role)
        .bind("id", id.value())
        .execute();
    tx.createUpdate(
            """
            insert into conversation_state (
              id, organization_id, name, description, is_persistent, created_at, updated_at)
            values (:state, :id, 'complete', 'Nothing is left to do.', true, :now, :now)
            """)
        .bind("state", Ids.next())
        .bind("id", id.value())
        .bind("now", Rows.time(now))
        .execute();
    return new Created(id, role);
  }
}
