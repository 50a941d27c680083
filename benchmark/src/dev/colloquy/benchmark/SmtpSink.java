package dev.colloquy.benchmark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Locale;

/**
 * A mail server (RFC 5321, without TLS or login) that takes every mail and keeps none: a mail has
 * arrived when the dot that ends it is read.
 */
final class SmtpSink implements Closeable {
  private final Arrivals arrivals;
  private final Listener listener;

  SmtpSink(Arrivals arrivals) throws IOException {
    this.arrivals = arrivals;
    listener = new Listener(this::talk);
  }

  int port() {
    return listener.port();
  }

  private void talk(Socket socket) throws IOException {
    var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    var out = socket.getOutputStream();
    var recipients = new ArrayList<String>();
    say(out, "220 sink ESMTP");
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      switch (line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT)) {
        case "EHLO" -> say(out, "250 8BITMIME");
        case "MAIL", "RSET" -> {
          recipients.clear();
          say(out, "250 ok");
        }
        case "RCPT" -> {
          recipients.add(line.substring(line.indexOf('<') + 1, line.indexOf('>')));
          say(out, "250 ok");
        }
        case "DATA" -> {
          say(out, "354 go on");
          if (!readToEnd(in)) {
            return;
          }
          recipients.forEach(arrivals::arrived);
          say(out, "250 taken");
        }
        case "QUIT" -> {
          say(out, "221 bye");
          return;
        }
        default -> say(out, "250 ok");
      }
    }
  }

  /** Whether the mail has an end; a connection that breaks before leaves half a mail. */
  private static boolean readToEnd(BufferedReader in) throws IOException {
    var line = in.readLine();
    while (line != null && !line.equals(".")) {
      line = in.readLine();
    }
    return line != null;
  }

  private static void say(OutputStream out, String answer) throws IOException {
    out.write((answer + "\r\n").getBytes(ISO_8859_1));
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
