package dev.colloquy.channel.email;

import dev.colloquy.platform.json.Text;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A mail that came in, as far as it can be read; there is no mail that cannot be read at all.
 *
 * @param from the first valid address of From, which is answered; Reply-To is not heeded, since it
 *     would let anybody have mail sent to whom they like
 * @param envelope where the mail was delivered to, as the server that did so noted it
 * @param recipients whom it is addressed to
 * @param messageId with its angle brackets; null where it has none, or one that cannot be kept
 * @param references the Message-IDs that it answers, the nearest first
 */
record Mail(
    MailHeaders headers,
    MimePart root,
    @Nullable MailAddress from,
    List<String> envelope,
    List<String> recipients,
    String subject,
    @Nullable String messageId,
    List<String> references) {
  private static final int LONGEST_SUBJECT = 900;
  private static final int LONGEST_ID = 500;
  private static final int MOST_REFERENCES = 100;
  private static final int LONGEST_REFERENCES = 65_536;
  private static final Pattern ID = Pattern.compile("<[^<>\\s]{1,500}>");

  Mail {
    envelope = List.copyOf(envelope);
    recipients = List.copyOf(recipients);
    references = List.copyOf(references);
  }

  static Mail read(byte[] raw) {
    return of(MimePart.read(raw));
  }

  /** Only what its headers say: much faster for a large mail. */
  static Mail readHeaders(byte[] raw) {
    var end = MailHeaders.read(raw, 0, raw.length).end();
    return of(MimePart.read(Arrays.copyOf(raw, end)));
  }

  private static Mail of(MimePart root) {
    var headers = root.headers();
    return new Mail(
        headers,
        root,
        MailAddress.first(headers, "From").orElse(null),
        addresses(headers, "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"),
        addresses(headers, "To", "Cc", "Resent-To", "Resent-Cc", "Bcc"),
        OneLine.of(EncodedWords.decode(headers.first("Subject").orElse("")), LONGEST_SUBJECT),
        id(headers),
        references(headers));
  }

  private static List<String> addresses(MailHeaders headers, String... names) {
    var found = new LinkedHashSet<String>();
    for (var name : names) {
      headers
          .all(name)
          .forEach(value -> MailAddress.list(value).forEach(address -> found.add(address.key())));
    }
    return List.copyOf(found);
  }

  private static @Nullable String id(MailHeaders headers) {
    return headers
        .first("Message-ID")
        .flatMap(value -> ids(value).stream().findFirst())
        .filter(id -> id.length() <= LONGEST_ID)
        .orElse(null);
  }

  private static List<String> references(MailHeaders headers) {
    var found = new LinkedHashSet<String>();
    headers.all("In-Reply-To").forEach(value -> found.addAll(ids(value)));
    headers.all("References").forEach(value -> found.addAll(ids(value).reversed()));
    return found.stream().limit(MOST_REFERENCES).toList();
  }

  /** The Message-IDs in a header or a text; of a very long one, those in its end. */
  static List<String> ids(String text) {
    var end = text.substring(Math.max(0, text.length() - LONGEST_REFERENCES));
    return new ArrayList<>(
        ID.matcher(end).results().map(match -> Text.storable(match.group())).toList());
  }

  /** All addresses that it may have come for, the surest first. */
  List<String> allRecipients() {
    var all = new LinkedHashSet<>(envelope);
    all.addAll(recipients);
    return List.copyOf(all);
  }

  /** What a repeat of it has too: its Message-ID, else the hash of the whole. */
  String externalId(byte[] raw) {
    return Optional.ofNullable(messageId).orElseGet(() -> "sha256:" + sha256(raw));
  }

  private static String sha256(byte[] raw) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(raw));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * The Message-IDs before it in its thread, the oldest first: a reply's References are these and
   * its own (RFC 5322, section 3.6.4).
   */
  String thread() {
    return references.reversed().stream()
        .filter(id -> !id.equals(messageId))
        .collect(Collectors.joining(" "));
  }
}
