package dev.colloquy.apikey;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes, finds and revokes keys. What is found is remembered for {@value #CACHE_SECONDS} seconds,
 * so a key revoked on one node is refused by every other one no later than that.
 */
@Singleton
public final class ApiKeys {
  static final int CACHE_SECONDS = 3;
  private static final int CACHE_ENTRIES = 20_000;

  private final Database database;
  private final Clock clock;
  private final Cache<ByteBuffer, Optional<ApiKey>> recent =
      Caffeine.newBuilder()
          .expireAfterWrite(Duration.ofSeconds(CACHE_SECONDS))
          .maximumSize(CACHE_ENTRIES)
          .build();

  ApiKeys(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** A key just made: what is stored, and the secret, which nobody can read again. */
  public record Issued(ApiKey key, SecretKey secret) {}

  /** Makes and stores a key for the owner. */
  public Issued issue(Handle tx, KeyOwner owner, String name, @Nullable Instant expiresAt) {
    return store(tx, owner, SecretKey.random(owner.kind()), name, expiresAt);
  }

  /** Stores a key that somebody chose, for example the one that a first start is given. */
  public Issued store(
      Handle tx, KeyOwner owner, SecretKey secret, String name, @Nullable Instant expiresAt) {
    var key =
        new ApiKey(
            new KeyId(Ids.next()),
            owner,
            secret.hint(),
            name,
            Rows.now(clock),
            expiresAt,
            null,
            null);
    ApiKeyRepository.insert(tx, key, secret.hash());
    return new Issued(key, secret);
  }

  /** The owner whom the presented text speaks for, if it is a valid key of that kind. */
  Optional<KeyOwner> find(KeyKind kind, @Nullable String presented) {
    if (presented == null || !SecretKey.isWellFormed(presented)) {
      return Optional.empty();
    }
    var hash = new SecretKey(presented).hash();
    var known = recent.getIfPresent(ByteBuffer.wrap(hash));
    if (known == null) {
      known = load(hash);
      recent.put(ByteBuffer.wrap(hash), known);
    }
    return known
        .filter(key -> key.isValidAt(clock.instant()))
        .map(ApiKey::owner)
        .filter(owner -> owner.kind() == kind);
  }

  private Optional<ApiKey> load(byte[] hash) {
    return database.read(tx -> {
      var key = ApiKeyRepository.findByHash(tx, hash);
      var now = Rows.now(clock);
      key.filter(found -> found.isValidAt(now))
          .ifPresent(found -> ApiKeyRepository.touch(tx, found.id(), now));
      return key;
    });
  }

  /** The owner's keys, newest first; a null owner means every key there is. */
  public List<ApiKey> list(Handle tx, @Nullable KeyOwner owner, int limit, long offset) {
    return ApiKeyRepository.list(tx, owner, limit, offset);
  }

  /** Revokes a key: at once on this node. False where the id names nothing of the owner's. */
  public boolean revoke(@Nullable KeyOwner owner, KeyId id) {
    var found =
        database.inTransaction(tx -> ApiKeyRepository.revoke(tx, owner, id, Rows.now(clock)));
    database.afterCommit(recent::invalidateAll);
    return found;
  }
}
