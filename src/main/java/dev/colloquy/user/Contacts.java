package dev.colloquy.user;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.json.Text;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * By what a person can be found, each unique in an organization; at least one is there.
 *
 * @param email as it was given, without the spaces around it
 * @param phoneNumber in E.164 where it can be read as a number
 */
public record Contacts(
    @Nullable String fkId, @Nullable String email, @Nullable String phoneNumber) {
  private static final PhoneNumberUtil PHONES = PhoneNumberUtil.getInstance();

  // RFC 5321, section 4.5.3.1: 64 octets before the @; 254 in all is what fits a path.
  private static final int MAX_EMAIL = 254;
  private static final Pattern EMAIL =
      Pattern.compile(
          "[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+(\\.[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+)*"
              + "@([\\p{L}\\p{N}]([\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?\\.)+"
              + "[\\p{L}\\p{N}]([\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])");

  /**
   * Reads contacts as a request gives them.
   *
   * @param skipEmailCheck take the e-mail as it is
   * @param skipPhoneCheck take a phone number that cannot be read as one as it is
   * @throws ApiException 400 naming the field that is wrong, or that none of the three is there
   */
  public static Contacts of(
      @Nullable String fkId,
      @Nullable String email,
      @Nullable String phoneNumber,
      boolean skipEmailCheck,
      boolean skipPhoneCheck) {
    var address = Text.orNull(email);
    if (address != null) {
      address = address.strip();
      requireOneLine("email", address);
      if (!skipEmailCheck && !isEmail(address)) {
        throw ApiException.badField("email", "is not a valid e-mail address");
      }
    }
    var contacts =
        new Contacts(Text.orNull(fkId), address, phone(Text.orNull(phoneNumber), skipPhoneCheck));
    if (contacts.fkId == null && contacts.email == null && contacts.phoneNumber == null) {
      throw ApiException.badField("email", "one of email, phoneNumber and fkId is required");
    }
    return contacts;
  }

  private static @Nullable String phone(@Nullable String number, boolean skipCheck) {
    if (number == null) {
      return null;
    }
    requireOneLine("phoneNumber", number.strip());
    var known = e164(number);
    if (!skipCheck && known.filter(Contacts::isValid).isEmpty()) {
      throw ApiException.badField(
          "phoneNumber", "is not a valid phone number; write it in E.164, as in +12125550123");
    }
    return known.orElse(number.strip());
  }

  /** Also where checks are skipped: a contact becomes a header of what is sent to it. */
  private static void requireOneLine(String field, String contact) {
    if (contact.chars().anyMatch(Character::isISOControl)) {
      throw ApiException.badField(field, "must not hold line breaks or control characters");
    }
  }

  /**
   * The number in E.164 (ITU-T), if it may be one by its length; it must begin with a plus and a
   * country code.
   */
  public static Optional<String> e164(String number) {
    try {
      var parsed = PHONES.parse(number, null);
      return PHONES.isPossibleNumber(parsed)
          ? Optional.of(PHONES.format(parsed, PhoneNumberFormat.E164))
          : Optional.empty();
    } catch (NumberParseException e) {
      return Optional.empty();
    }
  }

  /** Whether such numbers are given out, as far as libphonenumber's tables know. */
  private static boolean isValid(String e164) {
    try {
      return PHONES.isValidNumber(PHONES.parse(e164, null));
    } catch (NumberParseException e) {
      return false;
    }
  }

  static boolean isEmail(String text) {
    return text.length() <= MAX_EMAIL && text.indexOf('@') <= 64 && EMAIL.matcher(text).matches();
  }

  /** The e-mail with its case folded, by which it is unique. */
  @Nullable String emailKey() {
    return email == null ? null : email.toLowerCase(Locale.ROOT);
  }
}
