package dev.colloquy.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.colloquy.channel.SendResult;
import dev.colloquy.channel.SendResult.Accepted;
import dev.colloquy.channel.SendResult.Ambiguous;
import dev.colloquy.channel.SendResult.Rejected;
import dev.colloquy.channel.SendResult.Retryable;
import dev.colloquy.skill.ConnectionSecurity;
import dev.colloquy.testing.MailServers;
import dev.colloquy.testing.ScriptedSmtpServer;
import dev.colloquy.testing.ScriptedSmtpServer.Step;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said with mail servers, and what their failures mean. */
class SmtpPoolTest {
  private static final Duration SHORT = Duration.ofMillis(700);
  private static final Duration LONG = Duration.ofSeconds(20);

  private ScriptedSmtpServer server = ScriptedSmtpServer.start();
  private SmtpPool pool = pool(LONG, LONG, null);

  private static SmtpPool pool(Duration timeout, Duration idle, SSLSocketFactory sockets) {
    return new SmtpPool(timeout, idle, sockets);
  }

  private void use(ScriptedSmtpServer other, SmtpPool with) {
    end();
    server = other;
    pool = with;
  }

  @AfterEach
  void end() {
    pool.close();
    server.close();
  }

  private SmtpServer at(ConnectionSecurity security, String username, String password) {
    return new SmtpServer("127.0.0.1", server.port(), security, username, password);
  }

  private SendResult send(OutboundMail mail) throws InterruptedException {
    return pool.send(at(ConnectionSecurity.NONE, null, null), mail);
  }

  private SendResult send(ConnectionSecurity security) throws InterruptedException {
    return pool.send(at(security, null, null), Letters.mail("Hello."));
  }

  @Test
  void aMailArrivesAsItWasWritten() throws Exception {
    var mail = Letters.mail(".\n.dots\n\nGrüße, 世界 👋🏽\n" + "long ".repeat(500) + "\n.");

    assertThat(send(mail)).isEqualTo(new Accepted(mail.messageId()));

    var taken = server.taken().getFirst();
    assertThat(taken.content()).isEqualTo(new String(mail.content(), StandardCharsets.US_ASCII));
    assertThat(taken.envelopeSender()).isEqualTo(mail.envelopeSender()).startsWith("ada+");
    assertThat(taken.recipient()).isEqualTo("grace@example.org");
    assertThat(taken.messageId()).isEqualTo(mail.messageId());
  }

  @ParameterizedTest
  @CsvSource({
    "GREETING, 421 4.3.2 busy, retry, smtp_421",
    "GREETING, 554 5.3.2 not here, retry, smtp_554",
    "MAIL, 450 4.1.8 later, retry, smtp_450",
    "MAIL, 553 5.1.8 not you, reject, smtp_553",
    "RCPT, 450 4.2.1 greylisted, retry, smtp_450",
    "RCPT, 451 4.3.0 oops, retry, smtp_451",
    "RCPT, 421 4.7.0 enough, retry, smtp_421",
    "RCPT, 550 5.1.1 nobody, reject, smtp_550",
    "RCPT, 552 5.2.2 full, reject, smtp_552",
    "RCPT, 530 5.7.0 log in, retry, smtp_auth",
    "DATA, 451 4.3.0 oops, retry, smtp_451",
    "DATA, 554 5.5.1 no recipients, reject, smtp_554",
    "END, 452 4.3.1 disk full, retry, smtp_452",
    "END, 554 5.7.1 spam, reject, smtp_554",
    "END, 552 5.3.4 too big, reject, smtp_552",
    "RCPT, 299 what, retry, smtp_lost",
    "MAIL, nonsense, retry, smtp_lost"
  })
  void answersMeanWhatTheirCodesSay(Step step, String answer, String meaning, String reason)
      throws Exception {
    server.answer(step, answer);

    var result = send(Letters.mail("Hello."));

    assertThat(result)
        .isEqualTo(meaning.equals("retry") ? new Retryable(reason, null) : new Rejected(reason));
    assertThat(server.taken()).isEmpty();
    assertThat(send(Letters.mail("Hello."))).isInstanceOf(Accepted.class);
  }

  @ParameterizedTest
  @CsvSource({"GREETING", "EHLO", "MAIL", "RCPT", "DATA"})
  void aLineThatBreaksBeforeTheEndMeansThatItIsNotTaken(Step step) throws Exception {
    server.breakAt(step);
    assertThat(send(Letters.mail("Hello."))).isInstanceOf(Retryable.class);
    assertThat(server.taken()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"GREETING, smtp_timeout", "EHLO, smtp_timeout", "RCPT, smtp_lost", "DATA, smtp_lost"})
  void silenceBeforeTheEndMeansThatItIsNotTaken(Step step, String reason) throws Exception {
    use(ScriptedSmtpServer.start(), pool(SHORT, LONG, null));
    server.silentAt(step);
    assertThat(send(Letters.mail("Hello."))).isEqualTo(new Retryable(reason, null));
    assertThat(server.taken()).isEmpty();
  }

  @Test
  void aLineThatBreaksAfterTheEndIsAmbiguousAndNotTriedAgainHere() throws Exception {
    send(Letters.mail("So that a connection is open."));
    server.breakAt(Step.END);
    assertThat(send(Letters.mail("Hello."))).isEqualTo(new Ambiguous("smtp_lost_at_end"));
    assertThat(server.taken()).hasSize(2);
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void silenceAfterTheEndIsAmbiguous() throws Exception {
    use(ScriptedSmtpServer.start(), pool(SHORT, LONG, null));
    server.silentAt(Step.END);
    assertThat(send(Letters.mail("Hello."))).isEqualTo(new Ambiguous("smtp_lost_at_end"));
  }

  @Test
  void whereNobodyListensItIsTriedAgain() throws Exception {
    server.down();
    assertThat(send(Letters.mail("Hello."))).isEqualTo(new Retryable("smtp_unreachable", null));
    var nowhere = new SmtpServer("mail.invalid", 25, ConnectionSecurity.NONE, null, null);
    assertThat(pool.send(nowhere, Letters.mail("Hello.")))
        .isEqualTo(new Retryable("smtp_unknown_host", null));
  }

  @Test
  void aConnectionIsUsedForTheNextMailAndClosedWhenNoneComes() throws Exception {
    use(ScriptedSmtpServer.start(), pool(LONG, Duration.ofMillis(300), null));
    for (var i = 0; i < 5; i++) {
      assertThat(send(Letters.mail("Hello " + i))).isInstanceOf(Accepted.class);
    }
    assertThat(server.connections()).isEqualTo(1);
    await().atMost(Duration.ofSeconds(5)).until(() -> server.open() == 0);
    assertThat(send(Letters.mail("Hello again."))).isInstanceOf(Accepted.class);
    assertThat(server.connections()).isEqualTo(2);
    assertThat(server.taken()).hasSize(6);
  }

  @Test
  void aConnectionThatDiedMeanwhileNeitherLosesNorDoublesAMail() throws Exception {
    send(Letters.mail("So that a connection is open."));
    server.breakAll();
    assertThat(send(Letters.mail("Hello."))).isInstanceOf(Accepted.class);
    for (var step : new Step[] {Step.MAIL, Step.RCPT, Step.DATA}) {
      server.breakAt(step);
      assertThat(send(Letters.mail("Hello."))).isInstanceOf(Accepted.class);
    }
    server.answer(Step.MAIL, "421 4.4.2 you said nothing for long");
    assertThat(send(Letters.mail("Hello."))).isInstanceOf(Accepted.class);
    assertThat(server.taken()).hasSize(6);
    assertThat(server.taken().stream().map(ScriptedSmtpServer.Taken::messageId).distinct())
        .hasSize(6);
  }

  @Test
  void aConnectionIsNotUsedForeverAndOneThatFailedNotAgain() throws Exception {
    for (var i = 0; i < 60; i++) {
      send(Letters.mail("Hello."));
    }
    assertThat(server.connections()).isEqualTo(2);
    server.answer(Step.RCPT, "550 5.1.1 nobody");
    send(Letters.mail("Hello."));
    assertThat(send(Letters.mail("Hello."))).isInstanceOf(Accepted.class);
    assertThat(server.connections()).isEqualTo(3);
  }

  @Test
  void manyAtOnceShareAFewConnections() throws Exception {
    Callable<SendResult> one = () -> send(Letters.mail("Hello."));
    try (var threads = Executors.newFixedThreadPool(24)) {
      var results =
          threads.invokeAll(IntStream.range(0, 100).mapToObj(_ -> one).toList()).stream()
              .map(Future::resultNow);
      assertThat(results).allMatch(Accepted.class::isInstance);
    }
    assertThat(server.taken()).hasSize(100);
    assertThat(server.open()).isLessThanOrEqualTo(12);
  }

  @Test
  void startTlsIsUsedWhereItIsAskedForAndNeverDoneWithout() throws Exception {
    var sockets = ScriptedSmtpServer.context().getSocketFactory();
    assertThat(send(ConnectionSecurity.STARTTLS)).isEqualTo(new Retryable("smtp_tls", null));
    assertThat(server.taken()).isEmpty();
    use(ScriptedSmtpServer.startTls(), pool(LONG, LONG, sockets));
    assertThat(send(ConnectionSecurity.STARTTLS)).isInstanceOf(Accepted.class);
    assertThat(server.taken().getFirst().isTls()).isTrue();
    server.answer(Step.STARTTLS, "454 4.7.0 not now");
    assertThat(pool.send(at(ConnectionSecurity.STARTTLS, "x", "y"), Letters.mail("Hello.")))
        .isEqualTo(new Retryable("smtp_454", null));
    assertThat(server.taken()).hasSize(1);
  }

  @Test
  void tlsIsUsedFromTheFirstByteOnWhereItIsAskedFor() throws Exception {
    var sockets = ScriptedSmtpServer.context().getSocketFactory();
    use(ScriptedSmtpServer.tls(), pool(LONG, LONG, sockets));
    assertThat(send(ConnectionSecurity.TLS)).isInstanceOf(Accepted.class);
    assertThat(server.taken().getFirst().isTls()).isTrue();
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
    use(ScriptedSmtpServer.tls(), pool(LONG, LONG, null));
    assertThat(send(ConnectionSecurity.TLS)).isEqualTo(new Retryable("smtp_tls", null));
    use(ScriptedSmtpServer.startTls(), pool(LONG, LONG, null));
    assertThat(send(ConnectionSecurity.STARTTLS)).isEqualTo(new Retryable("smtp_tls", null));
    assertThat(server.taken()).isEmpty();
  }

  @Test
  void aTrustedCertificateOfAnotherHostIsRefused() throws Exception {
    var greenMail = MailServers.start(ServerSetup.PROTOCOL_SMTPS);
    try (var trusting = pool(LONG, LONG, trustingGreenMail())) {
      var secured =
          new SmtpServer(
              "127.0.0.1", greenMail.getSmtps().getPort(), ConnectionSecurity.TLS, null, null);
      assertThat(trusting.send(secured, Letters.mail("Hello.")))
          .isEqualTo(new Retryable("smtp_tls", null));
    } finally {
      greenMail.stop();
    }
  }

  private static SSLSocketFactory trustingGreenMail() throws GeneralSecurityException, IOException {
    try (InputStream file = GreenMail.class.getResourceAsStream("/greenmail.p12")) {
      var store = KeyStore.getInstance("PKCS12");
      store.load(file, "changeit".toCharArray());
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("mail", store.getCertificate("greenmail"));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    }
  }

  @Test
  void aLoginIsMadeAndOneThatFailsIsTriedAgainLater() throws Exception {
    server.wantsLogin("ada", "secret-1");
    var mail = Letters.mail("Hello.");
    assertThat(pool.send(at(ConnectionSecurity.NONE, "ada", "secret-1"), mail))
        .isInstanceOf(Accepted.class);
    var auth = new Retryable("smtp_auth", null);
    assertThat(pool.send(at(ConnectionSecurity.NONE, "ada", "wrong"), mail)).isEqualTo(auth);
    assertThat(pool.send(at(ConnectionSecurity.NONE, "ada", null), mail)).isEqualTo(auth);
    assertThat(pool.send(at(ConnectionSecurity.NONE, null, null), mail)).isEqualTo(auth);
    assertThat(server.taken()).hasSize(1);
  }

  @Test
  void aServerThatOffersNoLoginGetsNoMailFromOneWhoHasOne() throws Exception {
    assertThat(pool.send(at(ConnectionSecurity.NONE, "ada", "secret-1"), Letters.mail("Hello.")))
        .isEqualTo(new Retryable("smtp_auth", null));
    assertThat(server.taken()).isEmpty();
  }
}
