package dev.colloquy.channel.email;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.secret.Secrets;
import dev.colloquy.skill.EmailConfig;
import dev.colloquy.skill.EmailSkill;
import dev.colloquy.skill.Skills;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Has the mailboxes read that are set, each by one node of all: looks every few seconds at what is
 * set, renews the leases of those read here, and takes those that nobody reads.
 */
@Singleton
final class MailboxReaders {
  private static final Logger log = Logger.getLogger(MailboxReaders.class);
  private static final Duration LOOK = Duration.ofSeconds(8);
  private static final Duration STOPPING = Duration.ofSeconds(2);

  private final InboundMails mails;
  private final Database database;
  private final Skills skills;
  private final EmailConfig config;
  private final MailConnections connections;
  private final Secrets secrets;
  private final UUID node = UUID.randomUUID();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Map<Mailbox, Running> running = new HashMap<>();

  MailboxReaders(
      InboundMails mails,
      Database database,
      Skills skills,
      EmailConfig config,
      MailConnections connections,
      Secrets secrets) {
    this.mails = mails;
    this.database = database;
    this.skills = skills;
    this.config = config;
    this.connections = connections;
    this.secrets = secrets;
  }

  private record Running(MailboxReader reader, Thread thread) {}

  void start(@Observes StartupEvent event) {
    Thread.ofVirtual().name("mailboxes").start(this::run);
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    stopped.countDown();
    synchronized (this) {
      running.values().forEach(one -> one.reader().stop());
      var deadline = System.nanoTime() + STOPPING.toNanos();
      for (var one : running.values()) {
        var left = deadline - System.nanoTime();
        if (left > 0 && one.thread().join(Duration.ofNanos(left))) {
          release(one.reader().mailbox());
        }
      }
      running.clear();
    }
  }

  private void run() {
    while (stopped.getCount() > 0) {
      try {
        look();
      } catch (RuntimeException e) {
        log.warnf("error=%s event=mailboxes-not-looked-at", e.getClass().getSimpleName());
      }
      try {
        if (stopped.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Starts and ends readers as it is set now. */
  synchronized void look() {
    if (stopped.getCount() == 0) {
      return;
    }
    var wanted = wanted();
    for (var one : Map.copyOf(running).values()) {
      var mailbox = one.reader().mailbox();
      if (!wanted.containsValue(mailbox)) {
        running.remove(mailbox);
        one.reader().stop();
        Thread.ofVirtual().start(() -> releaseAfter(one));
      } else if (!lease(mailbox)) {
        running.remove(mailbox);
        one.reader().stop();
      } else {
        one.reader().renewIdle();
      }
    }
    for (var mailbox : wanted.values()) {
      if (!running.containsKey(mailbox) && lease(mailbox)) {
        var reader =
            new MailboxReader(mailbox, mails, database, connections, node, config.maxSize());
        running.put(mailbox, new Running(reader, reader.start()));
      }
    }
  }

  private void releaseAfter(Running one) {
    try {
      if (one.thread().join(STOPPING)) {
        synchronized (this) {
          // Its settings may have changed, and a new reader have the lease.
          if (running.keySet().stream()
              .noneMatch(m -> m.key().equals(one.reader().mailbox().key()))) {
            release(one.reader().mailbox());
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean lease(Mailbox mailbox) {
    return database.inTransaction(tx -> MailboxRepository.lease(tx, mailbox.key(), node));
  }

  private void release(Mailbox mailbox) {
    try {
      database.useTransaction(tx -> MailboxRepository.release(tx, mailbox.key(), node));
    } catch (RuntimeException e) {
      log.warnf("error=%s event=mailbox-lease-kept", e.getClass().getSimpleName());
    }
  }

  /** The mailboxes that are set, by what they are known by; one that several share is nobody's. */
  private Map<String, Mailbox> wanted() {
    var wanted = new LinkedHashMap<String, Mailbox>();
    var imap = config.imap();
    imap.host()
        .ifPresent(host ->
            add(
                wanted,
                new EmailSkill.MailServer(
                    host,
                    imap.port().isPresent() ? imap.port().getAsInt() : null,
                    imap.security(),
                    imap.username().orElse(null),
                    imap.password().orElse(null)),
                imap.folder(),
                null));
    if (secrets.isAvailable()) {
      for (var skill : database.read(skills::emails)) {
        var server = skill.settings().imap();
        if (server != null) {
          var folder = Objects.requireNonNullElse(skill.settings().imapFolder(), "INBOX");
          add(wanted, server, folder, skill.agent());
        }
      }
    }
    return wanted;
  }

  private static void add(
      Map<String, Mailbox> wanted,
      EmailSkill.MailServer server,
      String folder,
      KeyOwner.@Nullable OfAgent agent) {
    var mailbox = new Mailbox(server, folder, agent);
    wanted.merge(
        mailbox.key(), mailbox, (known, _) -> new Mailbox(known.server(), known.folder(), null));
  }
}
