package dev.colloquy.channel.email;

/**
 * A mail as it is handed to a server.
 *
 * @param messageId with its angle brackets
 * @param envelopeSender where reports of failure go
 * @param recipient whom it is for
 * @param content the whole of it (RFC 5322), in ASCII
 */
@SuppressWarnings("ArrayRecordComponent") // mails are sent, never compared
record OutboundMail(String messageId, String envelopeSender, String recipient, byte[] content) {
  /** Without what is said, and to whom. */
  @Override
  public String toString() {
    return "OutboundMail[messageId=%s, bytes=%d]".formatted(messageId, content.length);
  }
}
