package dev.colloquy.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/**
 * What the load sends and where to, on 127.0.0.1.
 *
 * @param path with {@code {id}} where a conversation's id goes
 * @param header one more header line, such as a key; empty: none
 * @param body JSON
 * @param ids of the conversations, each used by one connection only
 */
record Target(int port, String path, String header, String body, List<String> ids) {
  Target {
    ids = List.copyOf(ids);
    if (ids.isEmpty()) {
      throw new IllegalArgumentException("no conversations");
    }
  }

  /** The bytes of a request to each conversation, in the order of the ids. */
  List<byte[]> requests() {
    return ids.stream().map(this::request).toList();
  }

  private byte[] request(String id) {
    var head =
        """
        POST %s HTTP/1.1
        Host: 127.0.0.1:%d
        Content-Type: application/json
        Content-Length: %d
        %s
        """
            .formatted(
                path.replace("{id}", id),
                port,
                body.getBytes(UTF_8).length,
                header.isEmpty() ? "" : header + "\n");
    return (head.replace("\n", "\r\n") + body).getBytes(UTF_8);
  }
}
