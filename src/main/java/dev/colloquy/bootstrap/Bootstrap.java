package dev.colloquy.bootstrap;

import dev.colloquy.agent.Agents;
import dev.colloquy.apikey.ApiKeys;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.apikey.SecretKey;
import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.Conversations;
import dev.colloquy.conversation.NewConversation;
import dev.colloquy.knowledge.Knowledge;
import dev.colloquy.knowledge.Manual;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.Organizations;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.user.User;
import dev.colloquy.user.UserId;
import dev.colloquy.user.Users;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a new installation needs, once, on whichever node starts first; and keeps the demo
 * agent's documents equal to the manual of the build that runs.
 */
@Singleton
final class Bootstrap {
  private static final String INSTRUCTIONS =
      """
      You answer questions about Colloquy, the conversation server that you run on, from its manual. \
      Be brief and exact, show commands as the manual has them, and say so when the manual does not \
      answer a question.\
      """;
  // Any number will do, as long as nothing else here locks it.
  private static final long LOCK = 0x436f6c6c6f717579L;

  private final Database database;
  private final ApiKeys keys;
  private final BootstrapConfig config;
  private final Knowledge knowledge;
  private final Clock clock;

  Bootstrap(
      Database database, ApiKeys keys, BootstrapConfig config, Knowledge knowledge, Clock clock) {
    this.database = database;
    this.keys = keys;
    this.config = config;
    this.knowledge = knowledge;
    this.clock = clock;
  }

  /** Makes what is missing. */
  Installation run() throws IOException, InterruptedException {
    var installation =
        database.inTransaction(tx -> {
          tx.createQuery("select cast(pg_advisory_xact_lock(:lock) as text)")
              .bind("lock", LOCK)
              .mapTo(String.class)
              .one();
          return find(tx).orElseGet(() -> create(tx));
        });
    var agent = installation.agent();
    if (agent != null) {
      teach(agent);
    }
    return installation;
  }

  private static Optional<Installation> find(Handle tx) {
    return tx.createQuery("select demo_agent_id, demo_conversation_id from installation")
        .map((row, _) -> {
          var agent = Rows.idOrNull(row, "demo_agent_id");
          var conversation = Rows.idOrNull(row, "demo_conversation_id");
          return new Installation(
              agent == null ? null : new AgentId(agent),
              conversation == null ? null : new ConversationId(conversation),
              null);
        })
        .findOne();
  }

  private Installation create(Handle tx) {
    var now = Rows.now(clock);
    var organization = Organizations.create(tx, "Demo", now);
    var agent =
        Agents.create(
            tx,
            organization.id(),
            organization.role(),
            "Demo agent",
            "Colloquy's manual",
            "Answers questions about this server from its manual.",
            INSTRUCTIONS,
            now);
    var owner = new KeyOwner.OfAgent(agent, organization.id());
    var made =
        new Installation.Keys(
            key(tx, owner, config.agentKey()),
            key(tx, new KeyOwner.OfOrganization(organization.id()), config.organizationKey()),
            key(tx, new KeyOwner.OfInstallation(), config.superAdminKey()));
    var conversation = conversation(tx, owner, now);
    tx.createUpdate(
            """
            insert into installation (demo_agent_id, demo_conversation_id, created_at)
            values (:agent, :conversation, :now)
            """)
        .bind("agent", agent.value())
        .bind("conversation", conversation.value())
        .bind("now", Rows.time(now))
        .execute();
    return new Installation(agent, conversation, made);
  }

  private @Nullable SecretKey key(Handle tx, KeyOwner owner, Optional<String> given) {
    if (given.isPresent()) {
      keys.store(tx, owner, new SecretKey(given.get()), "Given to the first start", null);
      return null;
    }
    return keys.issue(tx, owner, "Made by the first start", null).secret();
  }

  private static ConversationId conversation(Handle tx, KeyOwner.OfAgent owner, Instant now) {
    var user =
        Users.findOrCreate(
            tx,
            owner.organization(),
            new User(
                new UserId(Ids.next()),
                "First",
                "Visitor",
                null,
                "bootstrap",
                "first-visitor",
                null,
                null,
                null,
                null,
                false,
                now));
    var id = new ConversationId(Ids.next());
    @Nullable UUID none = null;
    Conversations.open(
        tx,
        owner,
        new NewConversation(
            id, user.id(), Channel.API, "First conversation", null, null, none, none, now));
    return id;
  }

  /** Gives the demo agent the manual of this build; what it has already costs a look. */
  private void teach(AgentId agent) throws IOException, InterruptedException {
    var pages = Manual.documents();
    for (var page : pages) {
      knowledge.put(agent, page.name(), page.text());
    }
    var names = pages.stream().map(Manual.Page::name).toList();
    database.useTransaction(tx ->
        knowledge.list(tx, agent).stream()
            .filter(document -> !names.contains(document.name()))
            .forEach(document -> knowledge.delete(tx, agent, document.id())));
  }
}
