package dev.colloquy.channel.email;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Verifies DKIM signatures, from RFC 6376 alone: relaxed canonicalization of headers and body
 * (sections 3.4.2 and 3.4.4), rsa-sha256.
 */
final class DkimCheck {
  private final List<String> headers = new ArrayList<>();
  private final String body;
  private final String signature;
  private final Map<String, String> tags = new TreeMap<>();

  private DkimCheck(String mail) {
    var end = mail.indexOf("\r\n\r\n");
    for (var header : mail.substring(0, end).split("\r\n(?![ \t])", -1)) {
      headers.add(header);
    }
    body = mail.substring(end + 4);
    signature =
        headers.stream()
            .filter(h -> name(h).equals("dkim-signature"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("there is no signature"));
    for (var tag : signature.substring(signature.indexOf(':') + 1).split(";", -1)) {
      var parts = tag.split("=", 2);
      tags.put(parts[0].strip(), parts[1].replaceAll("[ \t\r\n]", ""));
    }
  }

  static DkimCheck of(byte[] mail) {
    return new DkimCheck(new String(mail, StandardCharsets.US_ASCII));
  }

  String tag(String name) {
    return tags.get(name);
  }

  /** The names of the headers that are signed, in lower case. */
  List<String> signed() {
    return List.of(tags.get("h").toLowerCase(Locale.ROOT).split(":"));
  }

  boolean holds(PublicKey key) throws GeneralSecurityException {
    var hash = MessageDigest.getInstance("SHA-256").digest(bytes(relaxedBody()));
    if (!tags.get("c").equals("relaxed/relaxed")
        || !Base64.getEncoder().encodeToString(hash).equals(tags.get("bh"))) {
      return false;
    }
    var left = new ArrayList<>(headers);
    var text = new StringBuilder();
    for (var name : signed()) {
      // The lowest one first where there are several; one that is not there signs nothing.
      for (var i = left.size() - 1; i >= 0; i--) {
        if (name(left.get(i)).equals(name)) {
          text.append(relaxed(left.remove(i))).append("\r\n");
          break;
        }
      }
    }
    text.append(relaxed(signature.replaceFirst("([;\\s]b=)[^;]*", "$1")));
    var verifier = Signature.getInstance("SHA256withRSA");
    verifier.initVerify(key);
    verifier.update(bytes(text.toString()));
    return verifier.verify(Base64.getDecoder().decode(tags.get("b")));
  }

  private String relaxedBody() {
    var text = new StringBuilder();
    for (var line : body.split("\r\n", -1)) {
      text.append(line.replaceAll("[ \t]+", " ").replaceAll(" $", "")).append("\r\n");
    }
    var trimmed = text.toString().replaceAll("(\r\n)+$", "");
    return trimmed.isEmpty() ? "" : trimmed + "\r\n";
  }

  private static String relaxed(String header) {
    var value =
        header
            .substring(header.indexOf(':') + 1)
            .replace("\r\n", "")
            .replaceAll("[ \t]+", " ")
            .strip();
    return name(header) + ":" + value;
  }

  private static String name(String header) {
    return header.substring(0, header.indexOf(':')).strip().toLowerCase(Locale.ROOT);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
