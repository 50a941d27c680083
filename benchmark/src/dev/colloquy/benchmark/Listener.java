package dev.colloquy.benchmark;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Takes connections on a port of 127.0.0.1, and talks on each on a virtual thread of its own. */
final class Listener implements Closeable {
  private static final int BACKLOG = 1_024;

  private final ServerSocket server =
      new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /** What is said on one connection, which is closed after it. */
  interface Dialog {
    void talk(Socket socket) throws IOException;
  }

  /** Listens on any free port. */
  Listener(Dialog dialog) throws IOException {
    Thread.ofVirtual().start(() -> accept(dialog));
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept(Dialog dialog) {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        Thread.ofVirtual().start(() -> talk(dialog, socket));
      } catch (IOException e) {
        // Closed; if it was only this connection that broke, the next is taken.
      }
    }
  }

  private void talk(Dialog dialog, Socket socket) {
    try (socket) {
      dialog.talk(socket);
    } catch (IOException e) {
      // The other side hung up. What was lost by that is missed among the arrivals.
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : open) {
      socket.close();
    }
  }
}
