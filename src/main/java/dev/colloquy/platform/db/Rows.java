package dev.colloquy.platform.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads and writes the column types that JDBC leaves to its users. */
public final class Rows {
  private Rows() {}

  /** The present, in the milliseconds that the API shows, so that stored and shown are equal. */
  public static Instant now(Clock clock) {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** A time as it is bound to a {@code timestamptz}. */
  public static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  /** A time that is never null. */
  public static Instant time(ResultSet row, String column) throws SQLException {
    return row.getTimestamp(column).toInstant();
  }

  /** A time that may be null. */
  public static @Nullable Instant timeOrNull(ResultSet row, String column) throws SQLException {
    Timestamp time = row.getTimestamp(column);
    return time == null ? null : time.toInstant();
  }

  /** An id that is never null. */
  public static UUID id(ResultSet row, String column) throws SQLException {
    return row.getObject(column, UUID.class);
  }

  /** An id that may be null. */
  public static @Nullable UUID idOrNull(ResultSet row, String column) throws SQLException {
    return row.getObject(column, UUID.class);
  }
}
