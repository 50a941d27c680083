package dev.colloquy.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.skill.SmsSkill.QuietHours;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietTimeTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        // from, until, zones, now, end
        "21:00, 08:00, Europe/Berlin, 2026-01-15T19:59:59Z, none",
        "21:00, 08:00, Europe/Berlin, 2026-01-15T20:00:00Z, 2026-01-16T07:00:00Z",
        "21:00, 08:00, Europe/Berlin, 2026-01-15T23:30:00Z, 2026-01-16T07:00:00Z",
        "21:00, 08:00, Europe/Berlin, 2026-01-16T06:59:59Z, 2026-01-16T07:00:00Z",
        "21:00, 08:00, Europe/Berlin, 2026-01-16T07:00:00Z, none",
        "12:00, 14:00, Europe/Berlin, 2026-01-15T11:30:00Z, 2026-01-15T13:00:00Z",
        "12:00, 14:00, Europe/Berlin, 2026-01-15T13:00:00Z, none",
        "00:00, 08:00, Z, 2026-01-15T00:00:00Z, 2026-01-15T08:00:00Z",
        // In summer an hour earlier by UTC; and over the nights in which the clock changes.
        "21:00, 08:00, Europe/Berlin, 2026-07-15T19:00:00Z, 2026-07-16T06:00:00Z",
        "21:00, 08:00, Europe/Berlin, 2026-03-28T22:00:00Z, 2026-03-29T06:00:00Z",
        "21:00, 08:00, Europe/Berlin, 2026-10-24T22:00:00Z, 2026-10-25T07:00:00Z",
        // 02:30 is not there on that night: the quiet time ends at 03:30.
        "21:00, 02:30, Europe/Berlin, 2026-03-29T00:30:00Z, 2026-03-29T01:30:00Z",
        // 02:30 is there twice on that night: after the first it is quiet no more for half an hour.
        "21:00, 02:30, Europe/Berlin, 2026-10-25T00:00:00Z, 2026-10-25T00:30:00Z",
        "21:00, 02:30, Europe/Berlin, 2026-10-25T01:15:00Z, 2026-10-25T01:30:00Z",
        // Quiet in New York until 13:00Z, in Los Angeles until 16:00Z.
        "21:00, 08:00, America/New_York;America/Los_Angeles, 2026-01-15T12:00:00Z,"
            + " 2026-01-15T16:00:00Z",
        // Quiet in New York from 02:00Z on, while Los Angeles is up.
        "21:00, 08:00, America/New_York;America/Los_Angeles, 2026-01-15T02:00:00Z,"
            + " 2026-01-15T16:00:00Z",
        "21:00, 08:00, America/New_York;America/Los_Angeles, 2026-01-15T17:00:00Z, none",
        // Where it is quiet somewhere at every hour, the first zone's counts.
        "20:00, 10:00, Europe/London;Asia/Tokyo;America/Los_Angeles, 2026-01-15T21:00:00Z,"
            + " 2026-01-16T10:00:00Z",
        "08:00, 08:00, Europe/Berlin, 2026-01-15T07:00:00Z, none"
      })
  void quietTimeEnds(String from, String until, String zones, Instant now, String end) {
    var quiet = new QuietHours(from, until, null);
    var all = Arrays.stream(zones.split(";")).map(ZoneId::of).toList();

    assertThat(QuietTime.end(quiet, all, now))
        .isEqualTo(Optional.ofNullable(end).map(Instant::parse));
  }

  @Test
  void aNumberSaysWhereItIs() {
    assertThat(QuietTime.zones("+493012345678")).containsExactly(ZoneId.of("Europe/Berlin"));
    assertThat(QuietTime.zones("+12125550123")).containsExactly(ZoneId.of("America/New_York"));
    assertThat(QuietTime.zones("+13105550123")).containsExactly(ZoneId.of("America/Los_Angeles"));
    assertThat(QuietTime.zones("+18005550123")).hasSizeGreaterThan(3);
    assertThat(QuietTime.zones("+919876543210")).containsExactly(ZoneId.of("Asia/Calcutta"));
  }

  @Test
  void whereNobodyKnowsItIsUtc() {
    assertThat(QuietTime.zones("+88312345678")).isEqualTo(List.of(ZoneOffset.UTC));
    assertThat(QuietTime.zones("12345")).isEqualTo(List.of(ZoneOffset.UTC));
  }
}
