package dev.colloquy.skill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.agent.Agents;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.Organizations;
import dev.colloquy.platform.secret.Secrets;
import dev.colloquy.testing.TestDatabase;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SealedSecretsTest {
  @RegisterExtension static final TestDatabase database = TestDatabase.migrated();

  @Test
  void secretsUnderAnotherKeyAreNoticed() {
    var agent = agent();
    var key = secrets("the key of before");
    var sealed = key.seal(Skills.scope(agent, SkillName.SMS), "{}");
    database
        .database()
        .useTransaction(tx ->
            tx.createUpdate(
                    """
                    insert into skill (agent_id, name, status, settings, secrets, updated_at)
                    values (:agent, 'SMS', 'active', '{}', :secrets, now())
                    """)
                .bind("agent", agent.value())
                .bind("secrets", sealed)
                .execute());
    assertThat(unreadable(key)).isZero();
    assertThat(unreadable(secrets("another key of today"))).isEqualTo(1);
    assertThat(unreadable(new Secrets(Optional.empty()))).isEqualTo(1);
  }

  private static long unreadable(Secrets secrets) {
    return new SealedSecrets(database.database(), secrets).unreadable();
  }

  private static Secrets secrets(String key) {
    return new Secrets(Optional.of(key));
  }

  private static AgentId agent() {
    var now = Instant.parse("2026-01-01T00:00:00Z");
    return database
        .database()
        .inTransaction(tx -> {
          var made = Organizations.create(tx, "Sealed", now);
          return Agents.create(tx, made.id(), made.role(), "Agent", "Eve", "", "", now);
        });
  }
}
