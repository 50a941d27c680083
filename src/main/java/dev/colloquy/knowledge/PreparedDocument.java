package dev.colloquy.knowledge;

import java.util.List;

/**
 * A document cut and embedded, ready to be stored. Preparing takes about 10 ms a chunk and core, so
 * it is done before a transaction is opened.
 */
public final class PreparedDocument {
  private final String name;
  private final byte[] contentHash;
  private final List<Chunk> chunks;
  private final List<byte[]> embeddings;

  PreparedDocument(String name, byte[] contentHash, List<Chunk> chunks, List<byte[]> embeddings) {
    this.name = name;
    this.contentHash = contentHash.clone();
    this.chunks = List.copyOf(chunks);
    this.embeddings = List.copyOf(embeddings);
  }

  /** The document's name. */
  public String name() {
    return name;
  }

  byte[] contentHash() {
    return contentHash.clone();
  }

  List<Chunk> chunks() {
    return chunks;
  }

  List<byte[]> embeddings() {
    return embeddings;
  }
}
