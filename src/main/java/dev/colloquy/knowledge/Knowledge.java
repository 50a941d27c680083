package dev.colloquy.knowledge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.colloquy.organization.AgentId;
import dev.colloquy.platform.db.Database;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What agents can look up: takes documents in, and finds the passages that fit a question by
 * meaning and by words.
 *
 * <p>Safe for many threads. What a search needs is held in memory for the agents asked lately and
 * compared with the database's version every two seconds; no connection is held while anything is
 * computed.
 */
@Singleton
public final class Knowledge {
  /** A question with no more words than this may be one that leans on the question before. */
  private static final int SHORT_QUESTION = 3;

  private static final Duration VERSION_TRUSTED = Duration.ofSeconds(2);
  private static final int AGENTS_REMEMBERED = 100_000;
  private final Database database;
  private final Embedder embedder;
  private final KnowledgeRepository repository = new KnowledgeRepository();
  private final LoadingCache<AgentId, Optional<KnowledgeRepository.Version>> versions;
  private final Cache<AgentId, Index> indexes;

  @Inject
  Knowledge(Database database, Embedder embedder, KnowledgeConfig config) {
    this(database, embedder, config.cacheSize().asLongValue(), Ticker.systemTicker());
  }

  Knowledge(Database database, Embedder embedder, long cacheBytes, Ticker ticker) {
    this.database = database;
    this.embedder = embedder;
    this.versions =
        Caffeine.newBuilder()
            .maximumSize(AGENTS_REMEMBERED)
            .expireAfterWrite(VERSION_TRUSTED)
            .ticker(ticker)
            .build(agent -> database.read(tx -> repository.findVersion(tx, agent)));
    // An agent that is larger than the whole cache still fits, alone: read anew for every question
    // it would cost far more than the memory.
    this.indexes =
        Caffeine.newBuilder()
            .maximumWeight(cacheBytes)
            .weigher((AgentId _, Index index) -> weight(index, cacheBytes))
            .build();
  }

  private static int weight(Index index, long most) {
    return (int) Math.min(Integer.MAX_VALUE, Math.min(most, index.bytes()));
  }

  /** Whether the agent has documents, as far as known within two seconds. Costs next to nothing. */
  public boolean hasDocuments(AgentId agent) {
    return versions.get(agent).map(version -> version.documents() > 0).orElse(false);
  }

  /** As {@link #search(AgentId, String, String, int)}, for a question that stands alone. */
  public List<Passage> search(AgentId agent, String question, int most)
      throws InterruptedException {
    return search(agent, question, null, most);
  }

  /**
   * Finds the passages that fit a question best. Changes made on another node are seen within two
   * seconds.
   *
   * @param previous what the person asked before, or null; looked up together with a question that
   *     is too short to stand alone ("and on Windows?")
   * @param most how many passages at most
   * @return best first; not everything returned need answer the question, nothing is returned for
   *     an agent without documents
   */
  public List<Passage> search(AgentId agent, String question, @Nullable String previous, int most)
      throws InterruptedException {
    var version = versions.get(agent);
    if (version.isEmpty() || version.get().documents() == 0 || question.isBlank()) {
      return List.of();
    }
    var alone = embedder.embed(question);
    var index = index(agent, version.get().number());
    var found = index.search(alone, Terms.subject(question), most);
    if (previous == null || Terms.subject(question).size() > SHORT_QUESTION) {
      return found;
    }
    var both = previous + "\n" + question;
    return interleave(found, index.search(embedder.embed(both), Terms.subject(both), most), most);
  }

  private static List<Passage> interleave(List<Passage> one, List<Passage> other, int most) {
    var all = new LinkedHashMap<String, Passage>();
    for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
      for (var list : List.of(one, other)) {
        if (i < list.size()) {
          var passage = list.get(i);
          all.merge(
              passage.fileId() + passage.heading() + passage.text(),
              passage,
              (first, second) -> first.score() >= second.score() ? first : second);
        }
      }
    }
    return all.values().stream().limit(most).toList();
  }

  private Index index(AgentId agent, long version) {
    return indexes
        .asMap()
        .compute(
            agent, (_, held) -> held != null && held.version() == version ? held : load(agent));
  }

  private Index load(AgentId agent) {
    return database.<Index>inTransaction(tx -> {
      var version = repository.findVersion(tx, agent);
      versions.put(agent, version);
      return repository.load(
          tx, agent, version.map(KnowledgeRepository.Version::number).orElse(0L));
    });
  }

  /**
   * Cuts and embeds a document. Takes long for long documents (10 ms a chunk and core) and so is
   * called before a transaction is opened.
   *
   * @param name its file name
   * @param text Markdown or plain text of any length
   */
  public PreparedDocument prepare(String name, String text) throws InterruptedException {
    var chunker = new Chunker(part -> embedder.count(part, Chunker.MOST_PIECES + 1));
    var chunks = chunker.chunks(text);
    var embedded = chunks.stream().map(chunk -> chunker.embedded(name, chunk)).toList();
    var embeddings = new ArrayList<byte[]>(chunks.size());
    for (var vector : embedder.embedAll(embedded)) {
      embeddings.add(Direction.of(vector));
    }
    return new PreparedDocument(Markdown.clean(name), hash(text), chunks, embeddings);
  }

  /**
   * Stores a document, or replaces the content of the agent's document of that name, which then
   * keeps its id. Content that is there already is left alone.
   */
  public DocumentId put(Handle tx, AgentId agent, PreparedDocument document) {
    repository.lock(tx, agent);
    var same = repository.findSame(tx, agent, document.name(), document.contentHash());
    if (same.isPresent()) {
      return same.get();
    }
    var id = repository.put(tx, agent, document);
    repository.raiseVersion(tx, agent);
    versions.invalidate(agent);
    return id;
  }

  /** Prepares and stores a document, or does nothing where the agent has it already. */
  public DocumentId put(AgentId agent, String name, String text) throws InterruptedException {
    var same =
        database.read(tx -> repository.findSame(tx, agent, Markdown.clean(name), hash(text)));
    if (same.isPresent()) {
      return same.get();
    }
    var document = prepare(name, text);
    var id = database.inTransaction(tx -> put(tx, agent, document));
    versions.invalidate(agent);
    return id;
  }

  /** Deletes a document; false where the agent has no such one. */
  public boolean delete(Handle tx, AgentId agent, DocumentId document) {
    repository.lock(tx, agent);
    boolean deleted = repository.delete(tx, agent, document);
    if (deleted) {
      repository.raiseVersion(tx, agent);
      versions.invalidate(agent);
    }
    return deleted;
  }

  /** The agent's documents, by name. */
  public List<Document> list(Handle tx, AgentId agent) {
    return repository.list(tx, agent);
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
