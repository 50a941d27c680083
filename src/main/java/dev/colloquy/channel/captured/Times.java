package dev.colloquy.channel.captured;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as people read them who sit at this machine: in its time zone, without the day today. */
record Times(LocalDate today, ZoneId zone) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM, HH:mm", Locale.ENGLISH);

  static Times of(Clock clock) {
    var zone = ZoneId.systemDefault();
    return new Times(LocalDate.ofInstant(clock.instant(), zone), zone);
  }

  String text(Instant at) {
    var time = at.atZone(zone);
    return (time.toLocalDate().equals(today) ? TIME : DAY).format(time);
  }
}
