package dev.colloquy.channel.email;

import java.net.IDN;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses as mail servers and headers can take them. */
final class MailAddresses {
  // What stands in both the envelope and the headers without quotes (RFC 5321, section 4.1.2).
  private static final Pattern LOCAL_PART =
      Pattern.compile("[\\x21-\\x7e&&[^<>()\\[\\],;:\\\\\"@]]+");
  private static final int LONGEST = 254;

  private MailAddresses() {}

  /**
   * The address with its domain in ASCII (RFC 5891).
   *
   * @return nothing where it is none, or only servers with SMTPUTF8 (RFC 6531) could take it
   */
  static Optional<String> ascii(String address) {
    var at = address.lastIndexOf('@');
    if (at < 1 || !LOCAL_PART.matcher(address.substring(0, at)).matches()) {
      return Optional.empty();
    }
    try {
      var domain = IDN.toASCII(address.substring(at + 1), IDN.USE_STD3_ASCII_RULES);
      var ascii = address.substring(0, at + 1) + domain;
      return domain.isEmpty() || ascii.length() > LONGEST ? Optional.empty() : Optional.of(ascii);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
