package dev.colloquy.channel.sms;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberToTimeZonesMapper;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import dev.colloquy.skill.SmsSkill;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When people are left alone, by the clock where their number is from. A number that may be in
 * several time zones is left alone while it is quiet in any of them.
 */
final class QuietTime {
  // Zones around the whole world leave no hour in which it is quiet in none of them.
  private static final int MOST_STEPS = 16;

  private QuietTime() {}

  /** The time zones where a number in E.164 may be; UTC where nobody knows. */
  static List<ZoneId> zones(String number) {
    var zones = new ArrayList<ZoneId>();
    try {
      var parsed = PhoneNumberUtil.getInstance().parse(number, null);
      for (var name : PhoneNumberToTimeZonesMapper.getInstance().getTimeZonesForNumber(parsed)) {
        if (!name.equals(PhoneNumberToTimeZonesMapper.getUnknownTimeZone())) {
          zones.add(ZoneId.of(name));
        }
      }
    } catch (NumberParseException | DateTimeException e) {
      // No number, or a zone that this JDK does not know.
    }
    return zones.isEmpty() ? List.of(ZoneOffset.UTC) : zones;
  }

  /**
   * The end of the quiet time that it is now in any of the zones; nothing where it is in none.
   * Where it is quiet in one of them at every hour, the end of the first one's counts.
   */
  static Optional<Instant> end(SmsSkill.QuietHours quiet, List<ZoneId> zones, Instant now) {
    var from = LocalTime.parse(quiet.from());
    var until = LocalTime.parse(quiet.until());
    var at = now;
    for (var step = 0; step < MOST_STEPS; step++) {
      var latest = at;
      for (var zone : zones) {
        var end = end(from, until, at.atZone(zone));
        if (end.isAfter(latest)) {
          latest = end;
        }
      }
      if (latest.equals(at)) {
        return at.equals(now) ? Optional.empty() : Optional.of(at);
      }
      at = latest;
    }
    var first = end(from, until, now.atZone(zones.getFirst()));
    return first.isAfter(now) ? Optional.of(first) : Optional.empty();
  }

  /** The end of the quiet time around a moment; the moment itself where it is not quiet. */
  private static Instant end(LocalTime from, LocalTime until, ZonedDateTime moment) {
    var time = moment.toLocalTime();
    var isOverMidnight = from.isAfter(until);
    var isQuiet =
        isOverMidnight
            ? !time.isBefore(from) || time.isBefore(until)
            : !time.isBefore(from) && time.isBefore(until);
    if (!isQuiet) {
      return moment.toInstant();
    }
    var day = moment.toLocalDate();
    var lastDay = isOverMidnight && !time.isBefore(from) ? day.plusDays(1) : day;
    // A time that the clock leaves out in spring is as much later.
    var end = lastDay.atTime(until).atZone(moment.getZone()).toInstant();
    // A time that comes twice in autumn: its second one.
    return end.isAfter(moment.toInstant())
        ? end
        : lastDay.atTime(until).atZone(moment.getZone()).withLaterOffsetAtOverlap().toInstant();
  }
}
