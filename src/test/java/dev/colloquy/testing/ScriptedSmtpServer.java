package dev.colloquy.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A mail server (RFC 5321) that takes everything, unless it is told otherwise for one step of one
 * mail: another answer, silence, or a connection that breaks. Its certificate is for 127.0.0.1.
 */
public final class ScriptedSmtpServer implements AutoCloseable {
  /** Where in a mail's way something else happens. */
  public enum Step {
    GREETING,
    EHLO,
    STARTTLS,
    AUTH,
    MAIL,
    RCPT,
    DATA,
    /** In the middle of the mail. */
    CONTENT,
    /** After the dot that ends it. */
    END
  }

  /** A mail as it was taken. */
  public record Taken(String envelopeSender, String recipient, String content, boolean isTls) {
    /** Its Message-ID. */
    public String messageId() {
      return header("Message-ID");
    }

    /** A header, unfolded; empty where there is none. */
    public String header(String name) {
      var head = content.substring(0, content.indexOf("\r\n\r\n") + 2).replaceAll("\r\n[ \t]", " ");
      return head.lines()
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse("");
    }
  }

  /** What happens instead; null: the connection breaks, and a mail that is at its end is taken. */
  private record Turn(String answer, boolean isSilent) {}

  private final Map<Step, Queue<Turn>> script = new EnumMap<>(Step.class);
  private final List<Taken> taken = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final boolean isTls;
  private final boolean offersStartTls;
  private volatile String login;
  private volatile ServerSocket listener;
  private volatile int port;

  private ScriptedSmtpServer(boolean isTls, boolean offersStartTls) {
    this.isTls = isTls;
    this.offersStartTls = offersStartTls;
    listen();
  }

  /** A server without TLS. */
  public static ScriptedSmtpServer start() {
    return new ScriptedSmtpServer(false, false);
  }

  /** A server that offers STARTTLS. */
  public static ScriptedSmtpServer startTls() {
    return new ScriptedSmtpServer(false, true);
  }

  /** A server that speaks TLS from the first byte on. */
  public static ScriptedSmtpServer tls() {
    return new ScriptedSmtpServer(true, false);
  }

  /** From now on it wants this login before it takes mails. */
  public ScriptedSmtpServer wantsLogin(String username, String password) {
    login = "\0" + username + "\0" + password;
    return this;
  }

  public int port() {
    return port;
  }

  /** What it has taken, oldest first. */
  public List<Taken> taken() {
    return List.copyOf(taken);
  }

  /** What it has taken for the recipient, oldest first. */
  public List<Taken> taken(String recipient) {
    return taken.stream().filter(mail -> mail.recipient().equals(recipient)).toList();
  }

  /** How many connections there have been. */
  public int connections() {
    return connections.get();
  }

  /** How many are open now. */
  public int open() {
    return sockets.size();
  }

  /** Answers so at the next such step. */
  public void answer(Step step, String line) {
    turn(step, new Turn(line, false));
  }

  /** Breaks the connection at the next such step; a mail that is at its end is taken. */
  public void breakAt(Step step) {
    turn(step, new Turn(null, false));
  }

  /** Says nothing at the next such step, until it is closed. */
  public void silentAt(Step step) {
    turn(step, new Turn(null, true));
  }

  private void turn(Step step, Turn turn) {
    synchronized (script) {
      script.computeIfAbsent(step, _ -> new ArrayDeque<>()).add(turn);
    }
  }

  /** Listens no more, and breaks what is open. */
  public void down() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    breakAll();
  }

  /** Breaks what is open. */
  public void breakAll() {
    sockets.forEach(ScriptedSmtpServer::close);
  }

  /** Listens again, where it did before; nothing where it does. */
  public void up() {
    if (listener.isClosed()) {
      listen();
    }
  }

  private void listen() {
    try {
      var socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      port = socket.getLocalPort();
      listener = socket;
      Thread.ofVirtual().name("scripted-smtp").start(() -> accept(socket));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        var socket = from.accept();
        sockets.add(socket);
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      new Dialog(socket).run();
    } catch (IOException e) {
      // The other side has hung up, or this one shall.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(socket);
    }
  }

  /** One connection. */
  private final class Dialog {
    private Socket socket;
    private BufferedReader in;
    private boolean isSecure;
    private boolean isKnown;
    private String sender = "";
    private String recipient = "";

    Dialog(Socket socket) throws IOException {
      use(isTls ? secured(socket) : socket);
      isSecure = isTls;
    }

    private void use(Socket next) throws IOException {
      socket = next;
      in =
          new BufferedReader(
              new InputStreamReader(next.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    void run() throws IOException, InterruptedException {
      if (!say(Step.GREETING, "220 scripted ESMTP")) {
        return;
      }
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        if (!obey(line)) {
          return;
        }
      }
    }

    private boolean obey(String line) throws IOException, InterruptedException {
      var verb = line.split("[ :]", 2)[0].toUpperCase(java.util.Locale.ROOT);
      return switch (verb) {
        case "EHLO" -> say(Step.EHLO, extensions());
        case "STARTTLS" -> startTls();
        case "AUTH" -> say(Step.AUTH, authenticate(line));
        case "MAIL" -> {
          sender = address(line);
          yield say(Step.MAIL, login == null || isKnown ? "250 ok" : "530 5.7.0 log in first");
        }
        case "RCPT" -> {
          recipient = address(line);
          yield say(Step.RCPT, "250 ok");
        }
        case "DATA" -> take();
        case "QUIT" -> {
          write("221 bye");
          yield false;
        }
        default -> say(null, "250 ok");
      };
    }

    private String extensions() {
      var lines = new StringBuilder("250-scripted\r\n");
      if (offersStartTls && !isSecure) {
        lines.append("250-STARTTLS\r\n");
      }
      if (login != null) {
        lines.append("250-AUTH PLAIN LOGIN\r\n");
      }
      return lines + "250 8BITMIME";
    }

    private boolean startTls() throws IOException, InterruptedException {
      if (!say(Step.STARTTLS, "220 go on")) {
        return false;
      }
      use(secured(socket));
      isSecure = true;
      return true;
    }

    private String authenticate(String line) {
      var given = Base64.getDecoder().decode(line.substring("AUTH PLAIN ".length()));
      isKnown = new String(given, StandardCharsets.UTF_8).endsWith(login);
      return isKnown ? "235 welcome" : "535 5.7.8 who are you";
    }

    private boolean take() throws IOException, InterruptedException {
      var refusal = next(Step.DATA);
      if (refusal != null) {
        return perform(refusal, "");
      }
      write("354 go on");
      var content = new StringBuilder();
      for (var line = in.readLine(); !".".equals(line); line = in.readLine()) {
        if (line == null || isBroken(Step.CONTENT)) {
          return false;
        }
        content.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
      }
      var turn = next(Step.END);
      var isTaken = turn == null || turn.answer() == null || turn.answer().startsWith("2");
      if (isTaken) {
        taken.add(new Taken(sender, recipient, content.toString(), isSecure));
      }
      return perform(turn, "250 taken");
    }

    private boolean isBroken(Step step) {
      return next(step) != null;
    }

    private boolean say(Step step, String usual) throws IOException, InterruptedException {
      return perform(step == null ? null : next(step), usual);
    }

    /** Whether the connection goes on. */
    private boolean perform(Turn turn, String usual) throws IOException, InterruptedException {
      if (turn == null || turn.answer() != null) {
        write(turn == null ? usual : turn.answer());
        return turn == null || !turn.answer().startsWith("421");
      }
      if (turn.isSilent()) {
        var _ = closed.await(1, TimeUnit.MINUTES);
      }
      return false;
    }

    private void write(String answer) throws IOException {
      socket.getOutputStream().write((answer + "\r\n").getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    }
  }

  private Turn next(Step step) {
    synchronized (script) {
      var turns = script.get(step);
      return turns == null ? null : turns.poll();
    }
  }

  private static String address(String line) {
    return line.substring(line.indexOf('<') + 1, line.indexOf('>'));
  }

  private static Socket secured(Socket socket) throws IOException {
    var secured =
        (SSLSocket)
            context()
                .getSocketFactory()
                .createSocket(
                    socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
    secured.setUseClientMode(false);
    secured.startHandshake();
    return secured;
  }

  /** Has the server's certificate, and trusts it. */
  public static SSLContext context() {
    try (InputStream file = ScriptedSmtpServer.class.getResourceAsStream("/mail/server.p12")) {
      var password = "changeit".toCharArray();
      var store = KeyStore.getInstance("PKCS12");
      store.load(file, password);
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, password);
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("mail", store.getCertificate("mail"));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }

  @Override
  public void close() {
    closed.countDown();
    down();
  }
}
