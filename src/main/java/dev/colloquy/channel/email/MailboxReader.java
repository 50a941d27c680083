package dev.colloquy.channel.email;

import dev.colloquy.platform.db.Database;
import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.UIDFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads one mailbox on a thread of its own for as long as it may: keeps each new mail before it
 * marks it as seen, then waits to be told of more (IDLE, RFC 2177). It moves and deletes nothing.
 */
final class MailboxReader {
  private static final Logger log = Logger.getLogger(MailboxReader.class);
  private static final int CHUNK = 50;
  private static final int ATTEMPTS = 5;
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
  private static final Duration NUDGE = Duration.ofMillis(200);
  private static final Duration POLL = Duration.ofSeconds(30);
  // Servers end a connection that idles for 30 minutes, and routers forget it sooner.
  private static final Duration IDLE = Duration.ofMinutes(9);

  private final Mailbox mailbox;
  private final InboundMails mails;
  private final Database database;
  private final MailConnections connections;
  private final UUID holder;
  private final int maxSize;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile @Nullable IMAPFolder open;
  private volatile long idleSince;
  private long failingUid;
  private int failures;

  MailboxReader(
      Mailbox mailbox,
      InboundMails mails,
      Database database,
      MailConnections connections,
      UUID holder,
      int maxSize) {
    this.mailbox = mailbox;
    this.mails = mails;
    this.database = database;
    this.connections = connections;
    this.holder = holder;
    this.maxSize = maxSize;
  }

  Mailbox mailbox() {
    return mailbox;
  }

  Thread start() {
    return Thread.ofVirtual().name("mailbox-", 0).start(this::run);
  }

  /** Ends the reading soon; does not wait for it. */
  void stop() {
    stopped.countDown();
    // Again and again: it may be about to idle.
    Thread.ofVirtual()
        .start(() -> {
          while (open != null && nudge() && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(NUDGE.toNanos());
          }
        });
  }

  /** Ends a wait that is too long for servers and routers. */
  void renewIdle() {
    if (idleSince != 0 && System.nanoTime() - idleSince > IDLE.toNanos()) {
      Thread.ofVirtual().start(this::nudge);
    }
  }

  /**
   * A command ends the folder's idling; the folder's own methods do so only where none was sent for
   * a second. False where there is no connection, which ends the reading by itself.
   */
  private boolean nudge() {
    var folder = open;
    if (folder == null) {
      return false;
    }
    try {
      folder.doCommand(protocol -> {
        protocol.noop();
        return null;
      });
      return true;
    } catch (MessagingException e) {
      return false;
    }
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private void run() {
    var wait = FIRST_WAIT;
    while (!isStopped()) {
      var began = System.nanoTime();
      try {
        session();
        wait = FIRST_WAIT;
      } catch (MessagingException | IOException | RuntimeException e) {
        if (System.nanoTime() - began > LONGEST_WAIT.toNanos()) {
          wait = FIRST_WAIT;
        }
        // Without its text: servers repeat in it what they were sent.
        log.warnf(
            "mailbox=%s error=%s retry=%s event=mailbox-failed",
            mailbox.host(), e.getClass().getSimpleName(), wait);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (sleeps(wait)) {
        return;
      }
      wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
    }
  }

  private boolean sleeps(Duration wait) {
    try {
      return stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void session() throws MessagingException, IOException, InterruptedException {
    try (var store = connections.connect(mailbox)) {
      var folder = (IMAPFolder) store.getFolder(mailbox.folder());
      folder.open(Folder.READ_WRITE);
      open = folder;
      log.infof("mailbox=%s event=mailbox-opened", mailbox.host());
      var canIdle = ((IMAPStore) store).hasCapability("IDLE");
      while (!isStopped()) {
        var known = folder.getMessageCount();
        if (!readNew(folder)) {
          log.infof("mailbox=%s event=mailbox-lease-lost", mailbox.host());
          return;
        }
        if (folder.getMessageCount() == known) {
          await(folder, canIdle);
        }
      }
    } finally {
      open = null;
      idleSince = 0;
    }
  }

  private void await(IMAPFolder folder, boolean canIdle)
      throws MessagingException, InterruptedException {
    if (!canIdle) {
      stopped.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
      return;
    }
    idleSince = System.nanoTime();
    if (!isStopped()) {
      folder.idle(true);
    }
    idleSince = 0;
  }

  /** Reads what is new; whether the mailbox may be read on. */
  private boolean readNew(IMAPFolder folder) throws MessagingException, IOException {
    var key = mailbox.key();
    var found = database.read(tx -> MailboxRepository.position(tx, key));
    if (found.isEmpty()) {
      return false;
    }
    var position = found.get();
    var validity = folder.getUIDValidity();
    if (position.uidValidity() == null) {
      // What was there before anybody was told of the mailbox is not answered.
      return advance(validity, Math.max(0, folder.getUIDNext() - 1));
    }
    var isSame = position.uidValidity() == validity;
    var last = isSame ? position.lastUid() : 0;
    var messages = folder.getMessagesByUID(last + 1, UIDFolder.LASTUID);
    for (var from = 0; from < messages.length; from += CHUNK) {
      var chunk = Arrays.copyOfRange(messages, from, Math.min(messages.length, from + CHUNK));
      if (!read(folder, chunk, validity, last, isSame ? Instant.EPOCH : position.createdAt())) {
        return false;
      }
    }
    return messages.length > 0 || isSame || advance(validity, 0);
  }

  private boolean read(IMAPFolder folder, Message[] chunk, long validity, long last, Instant since)
      throws MessagingException, IOException {
    var wanted = new FetchProfile();
    wanted.add(FetchProfile.Item.SIZE);
    wanted.add(UIDFolder.FetchProfileItem.UID);
    wanted.add(IMAPFolder.FetchProfileItem.INTERNALDATE);
    folder.fetch(chunk, wanted);
    for (var message : chunk) {
      var uid = folder.getUID(message);
      // The range n:* always has the last one (RFC 9051, section 9).
      if (uid <= last || message.isExpunged()) {
        continue;
      }
      if (isStopped()) {
        return true;
      }
      if (isSince(message, since)) {
        keep(message, uid);
      }
      if (!advance(validity, uid)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSince(Message message, Instant since) throws MessagingException {
    Date received = message.getReceivedDate();
    return received == null || !received.toInstant().isBefore(since.minusSeconds(1));
  }

  private void keep(Message message, long uid) throws MessagingException, IOException {
    try {
      if (message.getSize() > maxSize) {
        mails.keepHeaders(headers(message), mailbox.agent());
      } else {
        var raw = new ByteArrayOutputStream(Math.max(message.getSize(), 1_024));
        message.writeTo(raw);
        mails.keep(raw.toByteArray(), mailbox.agent());
      }
    } catch (MessagingException | IOException e) {
      failures = uid == failingUid ? failures + 1 : 1;
      failingUid = uid;
      if (failures < ATTEMPTS) {
        throw e;
      }
      log.errorf(
          "mailbox=%s uid=%d error=%s event=mail-unreadable: it stays unseen",
          mailbox.host(), uid, e.getClass().getSimpleName());
      return;
    }
    message.setFlag(Flags.Flag.SEEN, true);
  }

  private static byte[] headers(Message message) throws MessagingException {
    var text = new StringBuilder();
    var all = message.getAllHeaders();
    while (all.hasMoreElements() && text.length() < 262_144) {
      var header = all.nextElement();
      text.append(header.getName()).append(": ").append(header.getValue()).append("\r\n");
    }
    return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private boolean advance(long validity, long uid) {
    return database.inTransaction(
        tx -> MailboxRepository.advance(tx, mailbox.key(), holder, validity, uid));
  }
}
