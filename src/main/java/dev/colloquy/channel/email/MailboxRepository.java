package dev.colloquy.channel.email;

import dev.colloquy.platform.db.Rows;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The mailbox table: how far mailboxes are read, and by which node. Every method runs in the
 * transaction that the caller opened; leases end by the database's clock.
 */
final class MailboxRepository {
  private MailboxRepository() {}

  /**
   * How far a mailbox is read.
   *
   * @param uidValidity null before its first reading
   * @param createdAt what arrived before is left alone
   */
  record Position(@Nullable Long uidValidity, long lastUid, Instant createdAt) {}

  /** Takes or renews the lease for half a minute; whether the holder has it. */
  static boolean lease(Handle tx, String key, UUID holder) {
    var sql =
        """
        insert into mailbox (key, holder, leased_until, created_at)
        values (:key, :holder, now() + interval '30 seconds', now())
        on conflict (key) do update
        set holder = excluded.holder, leased_until = excluded.leased_until
        where mailbox.holder = excluded.holder or mailbox.leased_until is null
          or mailbox.leased_until < now()
        returning key
        """;
    return tx.createQuery(sql)
        .bind("key", key)
        .bind("holder", holder)
        .mapTo(String.class)
        .findOne()
        .isPresent();
  }

  /** Lets another node read it at once. */
  static void release(Handle tx, String key, UUID holder) {
    tx.createUpdate("update mailbox set leased_until = null where key = :key and holder = :holder")
        .bind("key", key)
        .bind("holder", holder)
        .execute();
  }

  static Optional<Position> position(Handle tx, String key) {
    var sql = "select uid_validity, last_uid, created_at from mailbox where key = :key";
    return tx.createQuery(sql)
        .bind("key", key)
        .map((row, _) ->
            new Position(
                row.getObject("uid_validity", Long.class),
                row.getLong("last_uid"),
                Rows.time(row, "created_at")))
        .findOne();
  }

  /** Notes how far it is read; whether the holder still has the lease, without which nothing is. */
  static boolean advance(Handle tx, String key, UUID holder, long uidValidity, long lastUid) {
    var sql =
        """
        update mailbox
        set uid_validity = :validity, last_uid = :uid
        where key = :key and holder = :holder and leased_until > now()
        """;
    return tx.createUpdate(sql)
            .bind("validity", uidValidity)
            .bind("uid", lastUid)
            .bind("key", key)
            .bind("holder", holder)
            .execute()
        == 1;
  }
}
