package dev.colloquy.channel.email;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a mail server says became of a mail of ours: a delivery status notification (RFC 3464), or a
 * letter in words, as qmail, older Exim and others write.
 *
 * @param messageIds those that the report gives of the mail that it is about
 */
record BounceReport(List<Recipient> recipients, Set<String> messageIds) {
  private static final int MOST = 100;
  private static final Pattern STATUS = Pattern.compile("\\b([245]\\.\\d{1,3}\\.\\d{1,3})\\b");
  private static final Pattern CODE = Pattern.compile("(?m)(?:^|[\\s:(])([45])\\d\\d[\\s-]");
  private static final Pattern DELAYED =
      Pattern.compile(
          "(?i)\\b(delayed|will be retried|still being retried|will keep trying|warning message|not yet been delivered)\\b");
  private static final Pattern COPY =
      Pattern.compile("(?im)^-{3,}.*(copy|below this line|returned message|original message).*$");
  private static final String UNKNOWN_FAILURE = "5.0.0";

  BounceReport {
    recipients = List.copyOf(recipients);
    messageIds = Set.copyOf(messageIds);
  }

  /** What became of it. */
  enum Action {
    FAILED,
    DELAYED,
    DELIVERED
  }

  /**
   * What became of it for one recipient.
   *
   * @param addresses in lower case: the one written to and the one that failed, where they differ
   * @param status an enhanced status code (RFC 3463)
   */
  record Recipient(Set<String> addresses, Action action, String status) {
    Recipient {
      addresses = Set.copyOf(addresses);
    }
  }

  /** The report that the mail is; nothing where it is none. */
  static Optional<BounceReport> read(Mail mail, String text) {
    if (AutomaticMail.isReport(mail.root(), "delivery-status")) {
      var recipients =
          mail.root().all().stream()
              .filter(part ->
                  part.type().endsWith("/delivery-status")
                      || part.type().endsWith("/global-delivery-status"))
              .flatMap(part -> statuses(part.text()))
              .limit(MOST)
              .toList();
      return Optional.of(new BounceReport(recipients, messageIds(mail, text)));
    }
    return isLetter(mail)
        ? Optional.of(new BounceReport(List.of(inWords(mail, text)), messageIds(mail, text)))
        : Optional.empty();
  }

  /** Whether a mail server wrote it; what answers by itself says so (RFC 3834, section 5). */
  private static boolean isLetter(Mail mail) {
    var from = mail.from();
    return mail.headers().has("X-Failed-Recipients")
        || (from != null
            && from.localPart().matches("(mailer-?daemon|postmaster|mdaemon)([+=.-].*)?")
            && !mail.headers().word("Auto-Submitted").startsWith("auto-replied"));
  }

  /** One group of fields for each recipient, behind the one for the mail (section 2.1). */
  private static Stream<Recipient> statuses(String text) {
    return Stream.of(text.split("\\n\\s*\\n", MOST + 2))
        .map(MailHeaders::of)
        .filter(group -> group.has("Final-Recipient") || group.has("Original-Recipient"))
        .map(BounceReport::recipient);
  }

  private static Recipient recipient(MailHeaders group) {
    var addresses = new LinkedHashSet<String>();
    for (var name : List.of("Original-Recipient", "Final-Recipient", "X-Actual-Recipient")) {
      group
          .first(name)
          .map(value -> value.substring(value.indexOf(';') + 1))
          .ifPresent(value -> MailAddress.list(value).forEach(found -> addresses.add(found.key())));
    }
    var status =
        group
            .first("Status")
            .flatMap(BounceReport::status)
            .orElseGet(() ->
                group
                    .first("Diagnostic-Code")
                    .flatMap(BounceReport::status)
                    .orElse(UNKNOWN_FAILURE));
    var action =
        switch (group.word("Action")) {
          case "delivered", "relayed", "expanded" -> Action.DELIVERED;
          case "delayed" -> Action.DELAYED;
          case "failed" -> Action.FAILED;
          default -> status.startsWith("5") ? Action.FAILED : Action.DELAYED;
        };
    return new Recipient(addresses, action, status);
  }

  private static Optional<String> status(String text) {
    var found = STATUS.matcher(text);
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  private static Recipient inWords(Mail mail, String text) {
    var addresses = new LinkedHashSet<String>();
    Stream.concat(mail.headers().all("X-Failed-Recipients").stream(), Stream.of(beginning(text)))
        .forEach(where ->
            MailAddress.list(where.replace(':', ' ')).forEach(a -> addresses.add(a.key())));
    var words = beginning(text);
    var code = CODE.matcher(words);
    var status =
        status(words).orElseGet(() -> code.find() ? code.group(1) + ".0.0" : UNKNOWN_FAILURE);
    var isOver = status.startsWith("5") && !DELAYED.matcher(words).find();
    return new Recipient(addresses, isOver ? Action.FAILED : Action.DELAYED, status);
  }

  /** Without the copy of the mail that it is about. */
  private static String beginning(String text) {
    var below = COPY.matcher(text);
    var end = below.find() ? below.start() : text.length();
    return text.substring(0, Math.min(end, 8_000));
  }

  private static Set<String> messageIds(Mail mail, String text) {
    var ids = new LinkedHashSet<>(mail.references());
    var all = new ArrayList<>(mail.root().all());
    all.removeFirst();
    for (var part : all) {
      switch (part.type()) {
        case "message/rfc822",
            "text/rfc822-headers",
            "message/global",
            "message/global-headers",
            "message/partial" -> {
          var returned = Mail.readHeaders(part.content());
          if (returned.messageId() != null) {
            ids.add(returned.messageId());
          }
        }
        default -> {}
      }
    }
    ids.addAll(Mail.ids(text));
    mail.headers().all("X-Original-Message-ID").forEach(value -> ids.addAll(Mail.ids(value)));
    return ids.stream().limit(MOST).collect(Collectors.toSet());
  }
}
