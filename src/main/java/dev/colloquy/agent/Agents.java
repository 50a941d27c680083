package dev.colloquy.agent;

import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Ids;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Makes agents for other features. Every method runs in the caller's transaction. */
public final class Agents {
  private Agents() {}

  /**
   * Makes an agent with the installation's default model and every other default.
   *
   * @param role one of the organization's agent roles
   */
  public static AgentId create(
      Handle tx,
      OrganizationId organization,
      UUID role,
      String name,
      String publicName,
      String description,
      String instructions,
      Instant now) {
    var settings =
        new Agent.Settings(
            name,
            publicName,
            description,
            AgentStatus.ACTIVE,
            List.of(),
            null,
            null,
            instructions,
            null,
            null,
            null,
            null,
            null,
            null,
            true,
            10,
            false,
            false,
            null,
            true,
            false,
            null,
            null,
            null,
            null,
            WhenBusy.ENQUEUE,
            0,
            false);
    var id = new AgentId(Ids.next());
    if (!AgentRepository.insert(tx, id, organization, role, settings, now)) {
      throw new IllegalArgumentException("the role is not the organization's");
    }
    return id;
  }
}
