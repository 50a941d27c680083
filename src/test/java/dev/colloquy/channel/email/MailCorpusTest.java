package dev.colloquy.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.message.MessageFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mails as programs and people write them, and what is to be made of each. */
class MailCorpusTest {
  static final Path FOLDER = Path.of("src/test/resources/email");
  static final MailFiles.Limits LIMITS = new MailFiles.Limits(20, 10_485_760);

  /** A row of the table. */
  record Case(String name, String outcome, String text, String files) {
    byte[] mail() throws IOException {
      return Files.readAllBytes(FOLDER.resolve(name + ".eml"));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() throws IOException {
    return Files.readAllLines(FOLDER.resolve("corpus.tsv")).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\t", -1))
        .map(row -> new Case(row[0], row[1], row[2].translateEscapes(), row[3]));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsMadeOfEachMailIsWhatTheTableSays(Case expected) throws IOException {
    var mail = Mail.read(expected.mail());
    var body = MailBody.of(mail.root());
    var outcome = outcome(mail, body);
    if (!outcome.equals("question")) {
      assertThat(outcome).isEqualTo(expected.outcome());
      return;
    }
    var text = MailText.of(mail, body, LIMITS);
    assertThat(text.text()).isEqualTo(expected.text());
    assertThat(expected.outcome())
        .isEqualTo(
            text.text().isBlank()
                ? "empty"
                : text.text().equals(mail.subject()) && body.text().isBlank()
                    ? expected.outcome().equals("question") ? "question" : "empty-but-subject"
                    : "question");
    if (expected.files().startsWith("*")) {
      assertThat(text.files()).hasSize(Integer.parseInt(expected.files().substring(1)));
    } else {
      assertThat(
              text.files().stream()
                  .map(MessageFiles.NewFile::fileName)
                  .collect(Collectors.joining(",")))
          .isEqualTo(expected.files());
    }
  }

  private static String outcome(Mail mail, MailBody body) {
    var report = BounceReport.read(mail, body.text());
    if (report.isPresent()) {
      return report.get().recipients().stream()
          .map(r ->
              "report %s %s %s %s"
                  .formatted(
                      r.action(),
                      r.status(),
                      String.join(",", r.addresses()),
                      report.get().messageIds().stream()
                          .filter(id -> MessageIds.delivery(id).isPresent())
                          .collect(Collectors.joining(","))))
          .collect(Collectors.joining(";"));
    }
    return AutomaticMail.reason(mail, body.text())
        .orElse(mail.from() == null ? "no_sender" : "question");
  }

  @Test
  void theTableHasARowForEachMailAndThereAreMany() throws IOException {
    try (var files = Files.list(FOLDER)) {
      var mails =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".eml"))
              .map(name -> name.replace(".eml", ""))
              .toList();
      assertThat(cases().map(Case::name)).containsExactlyInAnyOrderElementsOf(mails);
      assertThat(mails).hasSizeGreaterThan(100);
    }
  }

  @Test
  void namesAndSubjectsAreReadAsTheyWereMeant() throws IOException {
    var mail = Mail.read(Files.readAllBytes(FOLDER.resolve("encoded-words.eml")));
    assertThat(mail.subject()).isEqualTo("Grüße€");
    assertThat(mail.from().split()).isEqualTo(new MailAddress.Name("Grüße", "Hopper"));
    assertThat(new MailAddress("g@example.com", "Hopper, Grace").split())
        .isEqualTo(new MailAddress.Name("Grace", "Hopper"));
    assertThat(new MailAddress("g@example.com", null).split())
        .isEqualTo(new MailAddress.Name("g", ""));
    var raw = Mail.read(Files.readAllBytes(FOLDER.resolve("eight-bit-headers.eml")));
    assertThat(raw.subject()).isEqualTo("Größe");
  }

  @Test
  void ofSeveralHeadersTheFirstCountsAndOfHugeOnesTheEnd() throws IOException {
    var mail = Mail.read(Files.readAllBytes(FOLDER.resolve("duplicate-headers.eml")));
    assertThat(mail.messageId()).isEqualTo("<dup@example.com>");
    assertThat(mail.from().address()).isEqualTo("grace@example.com");
    var huge = Mail.read(Files.readAllBytes(FOLDER.resolve("huge-references.eml")));
    assertThat(huge.references()).hasSize(100).startsWith("<ref-2999@example.com>");
  }

  @Test
  void namesOfFilesAreNoPathsAndHideNothing() {
    assertThat(MailFiles.safe("..\\..\\a/b/c.txt")).isEqualTo("c.txt");
    assertThat(MailFiles.safe("annual\u202Efdp.exe")).isEqualTo("annualfdp.exe");
    assertThat(MailFiles.safe("x".repeat(400) + ".pdf")).hasSize(255).endsWith(".pdf");
    assertThat(MailFiles.safe("...")).isEmpty();
    assertThat(MailFiles.safe("a\r\nb\u0000.txt")).isEqualTo("a b .txt");
  }

  /** Whatever bytes come, they are read in a bounded time; a seed repeats what failed. */
  @Test
  void noBytesAtAllAreAnError() throws IOException {
    var seed = Long.getLong("mail.seed", System.nanoTime());
    var random = new Random(seed);
    List<byte[]> mails = new java.util.ArrayList<>();
    for (var known : cases().toList()) {
      mails.add(known.mail());
    }
    for (var i = 0; i < 3_000; i++) {
      var bytes = mails.get(random.nextInt(mails.size())).clone();
      for (var n = random.nextInt(40); n > 0 && bytes.length > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      var raw = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      try {
        var mail = Mail.read(raw);
        var body = MailBody.of(mail.root());
        outcome(mail, body);
        MailText.of(mail, body, LIMITS);
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ", mail " + i, e);
      }
    }
  }

  @Test
  void whatIsHugeIsReadInBoundedTime() {
    var parts = "--b\n\n".repeat(2_000_000);
    var quotes = "On Mon, 23 Nov 2026 Ada wrote:\n".repeat(200_000);
    var html = "<div>".repeat(300_000) + "x";
    var lines = "a: b\n".repeat(2_000_000);
    for (var raw :
        List.of(
            "From: g@example.com\nContent-Type: multipart/mixed; boundary=b\n\n" + parts,
            "From: g@example.com\n\n" + quotes,
            "From: g@example.com\n\n" + quotes.replace("\n", "\n> "),
            "From: g@example.com\nContent-Type: text/html\n\n" + html,
            "From: g@example.com\n" + lines + "\nx",
            "From: g@example.com\nTo: " + "a@example.com, ".repeat(500_000) + "\n\nx",
            "From: g@example.com\nSubject: " + "=?utf-8?b?w7w=?= ".repeat(300_000) + "\n\nx")) {
      var began = System.nanoTime();
      var mail = Mail.read(raw.getBytes(StandardCharsets.UTF_8));
      var body = MailBody.of(mail.root());
      outcome(mail, body);
      MailText.of(mail, body, LIMITS);
      assertThat((System.nanoTime() - began) / 1_000_000)
          .as(raw.substring(0, 60))
          .isLessThan(10_000);
    }
  }
}
