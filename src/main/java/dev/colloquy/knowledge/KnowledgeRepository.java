package dev.colloquy.knowledge;

import dev.colloquy.organization.AgentId;
import dev.colloquy.platform.db.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Documents, their chunks, and the version of each agent's knowledge. Every method runs in the
 * transaction that the caller opened.
 */
final class KnowledgeRepository {
  private static final int FETCHED_ROWS = 500;

  /** The format that this code writes: raise it when cutting or embedding changes. */
  private static final int FORMAT = 1;

  /** The state of one agent's knowledge. */
  record Version(long number, int documents) {}

  /** The agent's version; empty where it never had a document. */
  Optional<Version> findVersion(Handle tx, AgentId agent) {
    return tx.createQuery("select version, document_count from knowledge where agent_id = :agent")
        .bind("agent", agent.value())
        .map((row, _) -> new Version(row.getLong("version"), row.getInt("document_count")))
        .findOne();
  }

  /** Reads all chunks of the agent. The version must have been read before, not after. */
  Index load(Handle tx, AgentId agent, long version) {
    var sql =
        """
        select c.document_id, d.name, c.heading, c.text, c.embedding
        from document d
        join document_chunk c on c.document_id = d.id
        where d.agent_id = :agent
        order by d.id, c.ordinal
        """;
    return tx.createQuery(sql)
        .bind("agent", agent.value())
        .setFetchSize(FETCHED_ROWS)
        .scanResultSet((rows, _) -> {
          var index = new Index.Builder();
          for (var row = rows.get(); row.next(); ) {
            index.add(toEntry(row), row.getBytes("embedding"));
          }
          return index.build(version);
        });
  }

  private static Index.Entry toEntry(ResultSet row) throws SQLException {
    return new Index.Entry(
        row.getObject("document_id", UUID.class),
        row.getString("name"),
        row.getString("heading"),
        row.getString("text"));
  }

  /** The document of that name where it is stored with that content, in the current format. */
  Optional<DocumentId> findSame(Handle tx, AgentId agent, String name, byte[] contentHash) {
    var sql =
        """
        select id from document
        where agent_id = :agent and name = :name and content_hash = :hash and format = :format
        """;
    return tx.createQuery(sql)
        .bind("agent", agent.value())
        .bind("name", name)
        .bind("hash", contentHash)
        .bind("format", FORMAT)
        .map((row, _) -> new DocumentId(row.getObject("id", UUID.class)))
        .findOne();
  }

  /** Waits for whoever changes this agent's documents now, and keeps others waiting. */
  void lock(Handle tx, AgentId agent) {
    // The update changes nothing, but takes the row's lock also where the row is there already.
    var sql =
        """
        insert into knowledge (agent_id, version, document_count) values (:agent, 0, 0)
        on conflict (agent_id) do update set version = knowledge.version
        """;
    tx.createUpdate(sql).bind("agent", agent.value()).execute();
  }

  /** Stores the document, or replaces what the one of that name holds; it then keeps its id. */
  DocumentId put(Handle tx, AgentId agent, PreparedDocument document) {
    var sql =
        """
        insert into document (id, agent_id, name, content_hash, format)
        values (:id, :agent, :name, :hash, :format)
        on conflict (agent_id, name)
          do update set content_hash = excluded.content_hash, format = excluded.format
        returning id
        """;
    var id =
        tx.createQuery(sql)
            .bind("id", Ids.next())
            .bind("agent", agent.value())
            .bind("name", document.name())
            .bind("hash", document.contentHash())
            .bind("format", FORMAT)
            .map((row, _) -> row.getObject("id", UUID.class))
            .one();
    tx.createUpdate("delete from document_chunk where document_id = :id").bind("id", id).execute();
    insertChunks(tx, id, document);
    return new DocumentId(id);
  }

  private static void insertChunks(Handle tx, UUID document, PreparedDocument content) {
    if (content.chunks().isEmpty()) {
      return;
    }
    var sql =
        """
        insert into document_chunk (document_id, ordinal, heading, text, embedding)
        values (:document, :ordinal, :heading, :text, :embedding)
        """;
    var batch = tx.prepareBatch(sql);
    for (int i = 0; i < content.chunks().size(); i++) {
      var chunk = content.chunks().get(i);
      batch
          .bind("document", document)
          .bind("ordinal", i)
          .bind("heading", chunk.heading())
          .bind("text", chunk.text())
          .bind("embedding", content.embeddings().get(i))
          .add();
    }
    batch.execute();
  }

  /** Deletes the document; false where the agent has no such one. */
  boolean delete(Handle tx, AgentId agent, DocumentId document) {
    return tx.createUpdate("delete from document where id = :id and agent_id = :agent")
            .bind("id", document.value())
            .bind("agent", agent.value())
            .execute()
        == 1;
  }

  /** Makes every node notice the change. The caller holds the lock. */
  void raiseVersion(Handle tx, AgentId agent) {
    var sql =
        """
        update knowledge
        set version = version + 1,
          document_count = (select count(*) from document where agent_id = :agent)
        where agent_id = :agent
        """;
    tx.createUpdate(sql).bind("agent", agent.value()).execute();
  }

  /** The agent's documents by name. */
  List<Document> list(Handle tx, AgentId agent) {
    var sql =
        """
        select d.id, d.name, d.content_hash, d.created_at,
          (select count(*) from document_chunk c where c.document_id = d.id) as chunk_count
        from document d
        where d.agent_id = :agent
        order by d.name
        """;
    return tx.createQuery(sql)
        .bind("agent", agent.value())
        .map((row, _) ->
            new Document(
                new DocumentId(row.getObject("id", UUID.class)),
                row.getString("name"),
                HexFormat.of().formatHex(row.getBytes("content_hash")),
                row.getInt("chunk_count"),
                row.getTimestamp("created_at").toInstant()))
        .list();
  }
}
