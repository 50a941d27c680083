package dev.colloquy.conversation;

import dev.colloquy.apikey.KeyOwner;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The conversation_state table: the labels that organizations have for their conversations. */
final class StateRepository {
  private StateRepository() {}

  /** Whether the state is one of the organization's. */
  static boolean hasState(Handle tx, KeyOwner.OfAgent owner, UUID state) {
    var sql =
        """
        select count(*) from conversation_state
        where id = :state and organization_id = :organization
        """;
    return tx.createQuery(sql)
            .bind("state", state)
            .bind("organization", owner.organization().value())
            .mapTo(Integer.class)
            .one()
        == 1;
  }

  static List<StateResponse> states(Handle tx, KeyOwner.OfAgent owner) {
    var sql =
        """
        select id, name, description, color, is_persistent, created_at, updated_at
        from conversation_state
        where organization_id = :organization
        order by created_at, id
        """;
    return tx.createQuery(sql)
        .bind("organization", owner.organization().value())
        .map((row, _) -> StateResponse.of(row))
        .list();
  }
}
