package dev.colloquy.channel.email;

import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.json.Text;
import dev.colloquy.user.Contacts;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address as a header gives it.
 *
 * @param address a valid one, as it was written
 * @param name what stands beside it; null for nothing
 */
record MailAddress(String address, @Nullable String name) {
  private static final int LONGEST_HEADER = 65_536;
  private static final int MOST = 200;
  private static final int LONGEST_NAME = 200;
  private static final Pattern ADDRESS =
      Pattern.compile("[^\\s<>,;:\"()\\[\\]@]{1,64}@[^\\s<>,;:\"()\\[\\]@]{1,255}");

  /** With its case folded, as addresses are compared. */
  String key() {
    return address.toLowerCase(Locale.ROOT);
  }

  String localPart() {
    return key().substring(0, key().lastIndexOf('@'));
  }

  /**
   * The addresses of a header (RFC 5322, section 3.4), those of groups among them; those that are
   * none are left out.
   */
  static List<MailAddress> list(String header) {
    var cut = Text.cut(header, LONGEST_HEADER);
    var found = new ArrayList<MailAddress>();
    try {
      for (var address : InternetAddress.parseHeader(cut, false)) {
        if (address.isGroup()) {
          addGroup(found, address);
        } else {
          add(found, address.getAddress(), address.getPersonal());
        }
      }
    } catch (AddressException | RuntimeException e) {
      // Angus gives up at what it cannot read; what looks like an address still counts.
      found.clear();
    }
    if (found.isEmpty()) {
      ADDRESS.matcher(cut).results().limit(MOST).forEach(match -> add(found, match.group(), null));
    }
    return found.size() > MOST ? found.subList(0, MOST) : found;
  }

  private static void addGroup(List<MailAddress> found, InternetAddress group)
      throws AddressException {
    var members = group.getGroup(false);
    if (members != null) {
      for (var member : members) {
        add(found, member.getAddress(), member.getPersonal());
      }
    }
  }

  private static void add(
      List<MailAddress> found, @Nullable String address, @Nullable String name) {
    if (address == null) {
      return;
    }
    try {
      var checked = Contacts.of(null, Text.storable(address), null, false, false).email();
      if (checked != null) {
        found.add(new MailAddress(checked, clean(name)));
      }
    } catch (ApiException e) {
      // It is none.
    }
  }

  private static @Nullable String clean(@Nullable String name) {
    if (name == null) {
      return null;
    }
    var line = OneLine.of(EncodedWords.decode(name), LONGEST_NAME);
    var bare = line.replaceAll("^[\"']+|[\"']+$", "").strip();
    return bare.isEmpty() || bare.contains("@") ? null : bare;
  }

  /** A first and a last name, as far as they can be told. */
  record Name(String first, String last) {}

  Name split() {
    if (name == null) {
      return new Name(address.substring(0, address.lastIndexOf('@')), "");
    }
    var comma = name.indexOf(',');
    if (comma > 0 && comma < name.length() - 1) {
      return new Name(name.substring(comma + 1).strip(), name.substring(0, comma).strip());
    }
    var space = name.lastIndexOf(' ');
    return space < 0
        ? new Name(name, "")
        : new Name(name.substring(0, space).strip(), name.substring(space + 1));
  }

  /** The first address of the headers of that name. */
  static Optional<MailAddress> first(MailHeaders headers, String name) {
    return headers.all(name).stream().flatMap(value -> list(value).stream()).findFirst();
  }
}
