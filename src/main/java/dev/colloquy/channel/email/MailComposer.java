package dev.colloquy.channel.email;

import dev.colloquy.delivery.DeliveryKind;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.skill.DkimKey;
import dev.colloquy.skill.EmailSkill;
import jakarta.inject.Singleton;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.simplejavamail.utils.mail.dkim.Canonicalization;
import org.simplejavamail.utils.mail.dkim.DkimException;
import org.simplejavamail.utils.mail.dkim.DkimMessage;
import org.simplejavamail.utils.mail.dkim.DkimSigner;
import org.simplejavamail.utils.mail.dkim.SigningAlgorithm;

/**
 * Writes mails: the reply as it is, and as HTML, with the headers that keep threads together,
 * bounces findable and other machines silent. The same delivery is the same mail at every attempt,
 * but for its boundary, its unsubscribe token and its signature's time. Safe for many threads.
 */
@Singleton
final class MailComposer {
  private static final String UTF_8 = "UTF-8";

  /** What else is signed than the headers that the library signs by itself. */
  private static final List<String> ALSO_SIGNED =
      List.of("List-Unsubscribe-Post", "Auto-Submitted", "X-Auto-Response-Suppress");

  private final ThreadAddresses addresses;
  private final Unsubscribe unsubscribe;
  private final String ownHost;

  MailComposer(ThreadAddresses addresses, Unsubscribe unsubscribe, PublicUrl publicUrl) {
    this.addresses = addresses;
    this.unsubscribe = unsubscribe;
    this.ownHost = String.valueOf(URI.create(publicUrl.of("/")).getHost());
  }

  /** A mail cannot be written, however often it is tried. */
  static final class UnwritableException extends RuntimeException {
    private final String reason;

    UnwritableException(String reason, @Nullable Throwable cause) {
      super(reason, cause);
      this.reason = reason;
    }

    /** A code. */
    String reason() {
      return reason;
    }
  }

  /**
   * The mail of a letter.
   *
   * @throws UnwritableException {@code bad_address} or {@code dkim_key}
   */
  OutboundMail compose(Letter letter) {
    var sender = ascii(letter.sender());
    var recipient = ascii(letter.outgoing().recipient());
    var messageId = MessageIds.of(letter.outgoing().id(), sender);
    var thread = addresses.of(sender, letter.outgoing().conversation()).orElse(sender);
    try {
      var message = new Numbered(messageId);
      address(message, letter, sender, recipient, thread);
      headers(message, letter);
      message.setContent(content(letter));
      message.saveChanges();
      return new OutboundMail(
          messageId, thread, recipient, bytes(message, letter.settings().dkim()));
    } catch (MessagingException | IOException e) {
      throw new IllegalStateException("a mail in memory can be written", e);
    }
  }

  private static String ascii(String address) {
    return MailAddresses.ascii(address)
        .orElseThrow(() -> new UnwritableException("bad_address", null));
  }

  /** A message whose id is ours, and not the library's. */
  private static final class Numbered extends MimeMessage {
    private final String id;

    Numbered(String id) {
      super((Session) null);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }

  private static void address(
      MimeMessage message, Letter letter, String sender, String recipient, String thread)
      throws MessagingException, IOException {
    var chosen = letter.settings().senderName();
    var name = oneLine(chosen == null ? letter.name() : chosen);
    message.setFrom(new InternetAddress(sender, name, UTF_8));
    message.setRecipient(Message.RecipientType.TO, new InternetAddress(recipient, null, UTF_8));
    if (!thread.equals(sender)) {
      message.setReplyTo(new InternetAddress[] {new InternetAddress(thread, name, UTF_8)});
    }
    message.setSentDate(Date.from(letter.outgoing().createdAt()));
    var subject = letter.outgoing().subject();
    message.setSubject(oneLine(subject == null ? letter.settings().subject() : subject), UTF_8);
  }

  /** A header is one line: what would begin another one is a space (RFC 5322, section 2.2). */
  private static String oneLine(String text) {
    return text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ").strip();
  }

  private void headers(MimeMessage message, Letter letter) throws MessagingException {
    var thread = letter.thread();
    if (thread.parent() != null) {
      message.setHeader("In-Reply-To", thread.parent());
      message.setHeader("References", String.join("\r\n ", thread.references()));
    }
    message.setHeader("List-Unsubscribe", "<" + unsubscribe.url(letter.outgoing()) + ">");
    message.setHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    var submitted = submitted(letter.outgoing().kind());
    if (submitted != null) {
      message.setHeader("Auto-Submitted", submitted);
      message.setHeader("X-Auto-Response-Suppress", "All");
    }
  }

  /** RFC 3834, section 5; what a person wrote is not automatic. */
  private static @Nullable String submitted(DeliveryKind kind) {
    return switch (kind) {
      case REPLY -> "auto-replied";
      case START -> "auto-generated";
      case MANUAL -> null;
    };
  }

  private MimeMultipart content(Letter letter) throws MessagingException {
    var text = letter.outgoing().body().replace("\0", "").replaceAll("\r\n?|\n", "\r\n");
    var allowed = new ArrayList<String>();
    allowed.add(ownHost);
    var hosts = letter.settings().allowedHosts();
    if (hosts != null) {
      allowed.addAll(hosts);
    }
    var content = new MimeMultipart("alternative");
    content.addBodyPart(part(text, "plain"));
    content.addBodyPart(part(MailHtml.of(text, new AllowedHosts(allowed)), "html"));
    return content;
  }

  /** Lines of any length and all characters, in 76 ASCII characters (RFC 2045, section 6.7). */
  private static MimeBodyPart part(String text, String type) throws MessagingException {
    var part = new MimeBodyPart();
    part.setText(text, UTF_8, type);
    part.setHeader("Content-Transfer-Encoding", "quoted-printable");
    return part;
  }

  private static byte[] bytes(MimeMessage message, EmailSkill.@Nullable Dkim dkim)
      throws MessagingException, IOException {
    var bytes = new ByteArrayOutputStream();
    var pem = dkim == null ? null : dkim.privateKey();
    if (dkim == null || pem == null) {
      message.writeTo(bytes);
    } else {
      signed(message, dkim, pem).writeTo(bytes);
    }
    var content = bytes.toByteArray();
    if (!StandardCharsets.US_ASCII
        .newEncoder()
        .canEncode(new String(content, StandardCharsets.ISO_8859_1))) {
      throw new IllegalStateException("a header holds what is not ASCII");
    }
    return content;
  }

  private static MimeMessage signed(MimeMessage message, EmailSkill.Dkim dkim, String pem)
      throws MessagingException {
    var key = DkimKey.read(pem).orElseThrow(() -> new UnwritableException("dkim_key", null));
    try {
      var signer = new DkimSigner(dkim.domain(), dkim.selector(), key);
      signer.setSigningAlgorithm(SigningAlgorithm.SHA256_WITH_RSA);
      signer.setHeaderCanonicalization(Canonicalization.RELAXED);
      signer.setBodyCanonicalization(Canonicalization.RELAXED);
      signer.setLengthParam(false);
      // It would ask the DNS each time; what is there is the operator's to see to.
      signer.setCheckDomainKey(false);
      ALSO_SIGNED.forEach(signer::addHeaderToSign);
      return new DkimMessage(message, signer);
    } catch (DkimException e) {
      throw new UnwritableException("dkim_key", e);
    }
  }
}
