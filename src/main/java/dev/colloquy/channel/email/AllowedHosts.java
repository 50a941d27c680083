package dev.colloquy.channel.email;

import java.net.IDN;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The hosts that links and images in a mail may point to. What a browser might read in another way
 * than we do (backslashes, a user before the host, escapes in the host) is not allowed at all.
 */
final class AllowedHosts {
  private static final String ANY = "*";
  private static final Pattern URL =
      Pattern.compile(
          "(https?)://([^/?#\\\\@%:\\s\\p{Cntrl}]+)(:\\d{1,5})?([/?#][^\\\\\\s\\p{Cntrl}]*)?",
          Pattern.CASE_INSENSITIVE);

  private final Set<String> hosts = new HashSet<>();
  private final boolean isAny;

  /**
   * The hosts, and all below them.
   *
   * @param entries host names in any case, Unicode or ASCII; one that is no name allows nothing
   */
  AllowedHosts(Collection<String> entries) {
    isAny = entries.contains(ANY);
    for (var entry : entries) {
      ascii(entry.strip().replaceFirst("^\\*?\\.", "")).ifPresent(hosts::add);
    }
  }

  /**
   * The URL as it may be linked: its host in ASCII (RFC 5891), so that it is what it looks like.
   *
   * @return nothing where it is not allowed
   */
  Optional<String> allowed(String url) {
    var parts = URL.matcher(url);
    if (!parts.matches()) {
      return Optional.empty();
    }
    var port = parts.group(3) == null ? "" : parts.group(3);
    var rest = parts.group(4) == null ? "" : parts.group(4);
    return ascii(parts.group(2))
        .filter(this::isAllowed)
        .map(host -> parts.group(1).toLowerCase(Locale.ROOT) + "://" + host + port + rest);
  }

  private boolean isAllowed(String host) {
    return isAny || hosts.stream().anyMatch(h -> host.equals(h) || host.endsWith("." + h));
  }

  private static Optional<String> ascii(String host) {
    try {
      var ascii = IDN.toASCII(host, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
      var name = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
      return name.isEmpty() ? Optional.empty() : Optional.of(name);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
