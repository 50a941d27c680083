package dev.colloquy.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.colloquy.delivery.DeliveryKind;
import dev.colloquy.skill.EmailSkill;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailComposerTest {
  private static final MailThread FIRST = new MailThread(null, List.of());

  private static MimeMessage composed(Letter letter) throws Exception {
    return Letters.parsed(Letters.COMPOSER.compose(letter).content());
  }

  private static Letter letter(DeliveryKind kind, String subject, EmailSkill settings) {
    var outgoing = Letters.outgoing(kind, "grace@example.org", subject, "Hello.");
    return Letters.letter(outgoing, settings, FIRST);
  }

  @Test
  void theTextIsTheReplyAndTheHtmlIsMadeOfIt() throws Exception {
    var body = "Grüße, **Grace** 👋🏽\nsee [us](https://chat.example.com/x).\r\n\r\n-- \nAda";
    var message = composed(Letters.letter(body));

    assertThat(message.getContentType()).startsWith("multipart/alternative");
    assertThat(Letters.part(message, 0)).isEqualTo(body.replaceAll("\r?\n", "\r\n"));
    assertThat(Letters.part(message, 1))
        .contains("<p>Grüße, <strong>Grace</strong> 👋🏽<br>")
        .contains("href=\"https://chat.example.com/x\"");
    var raw = new String(Letters.mail("x".repeat(5_000)).content(), StandardCharsets.US_ASCII);
    assertThat(raw.lines()).allMatch(line -> line.length() <= 998);
    assertThat(raw.replace("\r\n", "")).doesNotContain("\r", "\n");
  }

  @Test
  void theHeadersSayWhoWritesToWhomAndWhereAnswersGo() throws Exception {
    var letter = letter(DeliveryKind.REPLY, "Your order", Letters.settings(null, null));
    var mail = Letters.COMPOSER.compose(letter);
    var message = Letters.parsed(mail.content());

    var from = (InternetAddress) message.getFrom()[0];
    assertThat(from.getAddress()).isEqualTo("ada@example.com");
    assertThat(from.getPersonal()).isEqualTo("Ada");
    assertThat(message.getAllRecipients())
        .containsExactly(new InternetAddress("grace@example.org"));
    assertThat(message.getSubject()).isEqualTo("Your order");
    assertThat(message.getSentDate()).isEqualTo(Date.from(letter.outgoing().createdAt()));
    assertThat(message.getMessageID())
        .isEqualTo("<" + letter.outgoing().id() + "@example.com>")
        .isEqualTo(mail.messageId());
    var answers = ((InternetAddress) message.getReplyTo()[0]).getAddress();
    assertThat(Letters.ADDRESSES.conversation(answers)).contains(letter.outgoing().conversation());
    assertThat(mail.envelopeSender()).isEqualTo(answers);
    assertThat(message.getHeader("In-Reply-To")).isNull();
    assertThat(message.getHeader("MIME-Version")).containsExactly("1.0");
  }

  @Test
  void aSenderTooLongForATokenIsAnsweredAsItIs() throws Exception {
    var sender = "a".repeat(60) + "@example.com";
    var outgoing = Letters.outgoing(DeliveryKind.REPLY, "grace@example.org", "Hi", "Hello.");
    var letter = new Letter(outgoing, sender, "Ada", Letters.settings(null, null), FIRST);
    assertThat(composed(letter).getHeader("Reply-To")).isNull();
    assertThat(Letters.COMPOSER.compose(letter).envelopeSender()).isEqualTo(sender);
  }

  @ParameterizedTest
  @CsvSource({"REPLY, auto-replied", "START, auto-generated", "MANUAL,"})
  void whatIsAutomaticSaysSo(DeliveryKind kind, String submitted) throws Exception {
    var message = composed(letter(kind, "Hi", Letters.settings(null, null)));
    if (submitted == null) {
      assertThat(message.getHeader("Auto-Submitted")).isNull();
      assertThat(message.getHeader("X-Auto-Response-Suppress")).isNull();
    } else {
      assertThat(message.getHeader("Auto-Submitted")).containsExactly(submitted);
      assertThat(message.getHeader("X-Auto-Response-Suppress")).containsExactly("All");
    }
  }

  @Test
  void mailProgramsCanUnsubscribeWithOneClick() throws Exception {
    var letter = letter(DeliveryKind.START, "Hi", Letters.settings(null, null));
    var message = composed(letter);
    assertThat(message.getHeader("List-Unsubscribe-Post"))
        .containsExactly("List-Unsubscribe=One-Click");
    var url = message.getHeader("List-Unsubscribe", null).replaceAll("\\s", "");
    assertThat(url).startsWith("<https://chat.example.com/unsubscribe/").endsWith(">");
    var token = url.substring(url.lastIndexOf('/') + 1, url.length() - 1);
    assertThat(Letters.UNSUBSCRIBE.read(token))
        .contains(
            new Unsubscribe.Subscription(
                letter.outgoing().agent().organization(),
                letter.outgoing().agent().agent(),
                "grace@example.org"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Hi\r\nBcc: all@example.com",
        "Hi\nBcc: all@example.com",
        "Hi\rBcc: all@example.com",
        "Hi\u0000\u0085\u2028Bcc: all@example.com",
        "Grüße\r\nBcc: all@example.com",
        "=?utf-8?q?=0D=0ABcc:_all@example.com?="
      })
  void neitherSubjectNorNameCanCarryHeaders(String text) throws Exception {
    var message = composed(letter(DeliveryKind.REPLY, text, Letters.settings(text, null)));
    assertThat(message.getHeader("Bcc")).isNull();
    assertThat(message.getFrom()).hasSize(1);
    assertThat(message.getHeader("Subject")).hasSize(1);
    var raw =
        new String(
            Letters.COMPOSER
                .compose(letter(DeliveryKind.REPLY, text, Letters.settings(text, null)))
                .content(),
            StandardCharsets.US_ASCII);
    assertThat(raw.lines()).noneMatch(line -> line.startsWith("Bcc"));
  }

  @Test
  void subjectsAndNamesMayHoldAnything() throws Exception {
    var subject = "Grüße 世界 👋🏽 " + "wort ".repeat(150) + "end";
    var name = "Ada \"the\" <Löwe>, (x)";
    var message = composed(letter(DeliveryKind.REPLY, subject, Letters.settings(name, null)));
    assertThat(message.getSubject()).isEqualTo(subject);
    assertThat(((InternetAddress) message.getFrom()[0]).getPersonal()).isEqualTo(name);
    assertThat(((InternetAddress) message.getFrom()[0]).getAddress()).isEqualTo("ada@example.com");
    assertThat(
            composed(letter(DeliveryKind.REPLY, null, Letters.settings(null, null))).getSubject())
        .isEqualTo("Your conversation with us");
  }

  @Test
  void theThreadIsNamed() throws Exception {
    var ids = List.of("<1@a.example>", "<2@example.com>", "<3@a.example>");
    var outgoing = Letters.outgoing(DeliveryKind.REPLY, "grace@example.org", "Re: Hi", "Hello.");
    var message =
        composed(
            Letters.letter(
                outgoing, Letters.settings(null, null), new MailThread("<3@a.example>", ids)));
    assertThat(message.getHeader("In-Reply-To")).containsExactly("<3@a.example>");
    assertThat(message.getHeader("References", null).split("\\s+"))
        .containsExactly("<1@a.example>", "<2@example.com>", "<3@a.example>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grace",
        "@example.org",
        "a b@example.org",
        "a@example.org>\r\nRCPT TO:<b@example.org",
        "a,b@example.org",
        "\"a\"@example.org",
        "a@exa mple.org",
        "ü@example.org",
        "a@",
        "a\u0000@example.org"
      })
  void whatIsNoAddressIsNotWrittenTo(String recipient) {
    var outgoing = Letters.outgoing(DeliveryKind.REPLY, recipient, "Hi", "Hello.");
    var letter = Letters.letter(outgoing, Letters.settings(null, null), FIRST);
    assertThatThrownBy(() -> Letters.COMPOSER.compose(letter))
        .isInstanceOf(MailComposer.UnwritableException.class)
        .hasMessage("bad_address");
  }

  @Test
  void aDomainInUnicodeIsWrittenInAscii() {
    var outgoing = Letters.outgoing(DeliveryKind.REPLY, "a@bücher.example", "Hi", "Hello.");
    var letter = Letters.letter(outgoing, Letters.settings(null, null), FIRST);
    assertThat(Letters.COMPOSER.compose(letter).recipient()).isEqualTo("a@xn--bcher-kva.example");
  }

  private static KeyPair keys() throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2_048);
    return generator.generateKeyPair();
  }

  private static String pem(KeyPair keys) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  @Test
  void aSignatureHoldsAndCoversWhatMatters() throws Exception {
    var keys = keys();
    var dkim = new EmailSkill.Dkim("example.com", "colloquy", pem(keys));
    var outgoing =
        Letters.outgoing(
            DeliveryKind.REPLY,
            "grace@example.org",
            "Grüße " + "wort ".repeat(60),
            ".\nHello,  spaces  \n\n.two\n\n\n");
    var thread = new MailThread("<2@a.example>", List.of("<1@a.example>", "<2@a.example>"));
    var mail =
        Letters.COMPOSER.compose(
            Letters.letter(outgoing, Letters.settings("Ada Löwe", dkim), thread));

    var signature = DkimCheck.of(mail.content());
    assertThat(signature.tag("d")).isEqualTo("example.com");
    assertThat(signature.tag("s")).isEqualTo("colloquy");
    assertThat(signature.tag("a")).isEqualTo("rsa-sha256");
    assertThat(signature.holds(keys.getPublic())).isTrue();
    assertThat(signature.signed())
        .contains("from", "to", "subject", "date", "message-id", "in-reply-to", "references")
        .contains("reply-to", "mime-version", "content-type", "list-unsubscribe")
        .contains("list-unsubscribe-post");
    for (var change : List.of("Subject: x", "To: evil@example.org", "From: evil@example.com")) {
      var name = change.substring(0, change.indexOf(':'));
      var text = new String(mail.content(), StandardCharsets.US_ASCII);
      var changed = text.replaceFirst("(?m)^" + name + ": ", change + " ");
      assertThat(changed).isNotEqualTo(text);
      assertThat(DkimCheck.of(changed.getBytes(StandardCharsets.US_ASCII)).holds(keys.getPublic()))
          .as(change)
          .isFalse();
    }
    assertThat(signature.holds(keys().getPublic())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"})
  void aMailIsNotSentWithoutTheSignatureThatWasAskedFor(String key) {
    var dkim = new EmailSkill.Dkim("example.com", "colloquy", key);
    var letter = letter(DeliveryKind.REPLY, "Hi", Letters.settings(null, dkim));
    assertThatThrownBy(() -> Letters.COMPOSER.compose(letter))
        .isInstanceOf(MailComposer.UnwritableException.class)
        .hasMessage("dkim_key");
  }
}
