package dev.colloquy.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.http.Cursor;
import dev.colloquy.platform.http.PageRequest;
import dev.colloquy.platform.http.SortDirection;
import dev.colloquy.testing.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The plans of the list's statements, as PostgreSQL makes them for an agent with 50,000
 * conversations. The statements are those that the list itself runs, taken from it as it runs.
 */
class ConversationListRepositoryTest {
  @RegisterExtension static final TestDatabase database = TestDatabase.migrated();

  private static final int COUNT = 50_000;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final KeyOwner.OfAgent AGENT =
      new KeyOwner.OfAgent(new AgentId(new UUID(1, 1)), new OrganizationId(new UUID(1, 0)));

  @BeforeAll
  static void fill() {
    database
        .database()
        .useTransaction(tx -> {
          tx.execute(
              """
              insert into organization (id, name, created_at, updated_at)
              values ('00000000-0000-0001-0000-000000000000', 'One', now(), now())
              """);
          tx.execute(
              """
              insert into agent_role (id, organization_id, name, description)
              select id, id, 'Assistant', '' from organization
              """);
          tx.execute(
              """
              insert into agent (
                id, organization_id, role_id, name, public_name, created_at, updated_at)
              select a, o.id, o.id, 'Support', 'Ada', now(), now()
              from organization o,
                   (values (uuid '00000000-0000-0001-0000-000000000001'),
                           (uuid '00000000-0000-0001-0000-000000000002')) agents (a)
              """);
          // A user for every five conversations; every fifth conversation is the other agent's.
          tx.execute(
              """
              insert into conversation_user (
                id, organization_id, first_name, last_name, email, email_key, created_at, updated_at)
              select md5('user' || n)::uuid, o.id, md5('first' || n), md5('last' || n),
                     n || '@example.com', n || '@example.com', now(), now()
              from organization o, generate_series(0, ?) n
              """,
              COUNT / 5);
          tx.execute(
              """
              insert into conversation (
                id, organization_id, agent_id, user_id, channel, title, summary, created_at)
              select md5('conversation' || n)::uuid, o.id,
                     case when n <= ? then '00000000-0000-0001-0000-000000000001'::uuid
                          else '00000000-0000-0001-0000-000000000002'::uuid end,
                     md5('user' || n / 5 % 10000)::uuid, 'api',
                     md5('title' || n), repeat(md5('summary' || n) || ' ', 6),
                     timestamptz '2026-01-01Z' + n * interval '1 second'
              from organization o, generate_series(1, ?) n
              """,
              COUNT, COUNT + COUNT / 5);
          tx.execute(
              """
              insert into conversation_activity (conversation_id, agent_id, status, mode, updated_at)
              select id, agent_id, 'active', 'ai', created_at + interval '1 hour' from conversation
              """);
          tx.execute(
              """
              insert into feedback (
                conversation_id, id, message_id, user_id, vote_type, created_at, updated_at)
              select id, gen_random_uuid(), gen_random_uuid(), user_id, 'up', now(), now()
              from conversation
              where extract(epoch from created_at)::bigint % 500 = 0
              """);
        });
    database.database().read(tx -> tx.execute("vacuum analyze"));
  }

  /** What one statement did: its plan as JSON. */
  private record Plan(JsonNode root) {
    /** Every node of the plan. */
    List<JsonNode> nodes() {
      var nodes = new ArrayList<JsonNode>();
      collect(root, nodes);
      return nodes;
    }

    private static void collect(JsonNode node, List<JsonNode> into) {
      into.add(node);
      node.path("Plans").forEach(child -> collect(child, into));
    }

    /** How many pages of the database were looked at. */
    long pages() {
      return root.path("Shared Hit Blocks").asLong() + root.path("Shared Read Blocks").asLong();
    }

    List<String> scannedWhole() {
      return nodes().stream()
          .filter(node -> node.path("Node Type").asText().equals("Seq Scan"))
          .map(node -> node.path("Relation Name").asText())
          .toList();
    }

    List<String> indexes() {
      return nodes().stream()
          .map(node -> node.path("Index Name").asText())
          .filter(name -> !name.isEmpty())
          .toList();
    }
  }

  /** The plan of the statement that fetches the page, by running the list and then explaining. */
  private static Plan planOf(ConversationQuery query) {
    return database
        .database()
        .read(tx -> {
          var statements = new ArrayList<String>();
          tx.getConfig(SqlStatements.class)
              .setSqlLogger(
                  new SqlLogger() {
                    @Override
                    public void logBeforeExecution(StatementContext context) {
                      statements.add(written(context.getStatement()));
                    }
                  });
          ConversationList.page(tx, AGENT, query);
          tx.getConfig(SqlStatements.class).setSqlLogger(SqlLogger.NOP_SQL_LOGGER);
          return explain(tx.getConnection(), statements.getLast());
        });
  }

  /** The driver writes a statement together with what is bound to it; the pool wraps it. */
  private static String written(java.sql.PreparedStatement statement) {
    var text = statement.toString();
    var open = "wrapped[";
    return text.startsWith(open) ? text.substring(open.length(), text.lastIndexOf(']')) : text;
  }

  private static Plan explain(java.sql.Connection connection, String sql) {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("explain (analyze, buffers, format json) " + sql)) {
      rows.next();
      return new Plan(JSON.readTree(rows.getString(1)).get(0).get("Plan"));
    } catch (java.sql.SQLException | java.io.IOException e) {
      throw new AssertionError(sql, e);
    }
  }

  private static ConversationQuery query(
      PageRequest page,
      ConversationOrder order,
      @Nullable String keyword,
      @Nullable UUID user,
      boolean withFeedbacksOnly) {
    return new ConversationQuery(
        page, order, SortDirection.DESC, keyword, user, null, null, withFeedbacksOnly);
  }

  private static PageRequest first() {
    return PageRequest.of(null, null, null);
  }

  @ParameterizedTest
  @EnumSource(ConversationOrder.class)
  void theFirstPageWalksTheIndexOfItsOrder(ConversationOrder order) {
    var plan = planOf(query(first(), order, null, null, false));

    assertThat(plan.scannedWhole()).doesNotContain("conversation", "conversation_activity");
    assertThat(plan.indexes())
        .contains(
            switch (order) {
              case CREATED_AT -> "conversation_agent_created";
              case UPDATED_AT -> "conversation_activity_agent_updated";
            });
    assertThat(plan.pages()).isLessThan(1_000);
  }

  /** The cursor to the page of that number, made from the times that the rows were given. */
  private static Cursor cursor(ConversationOrder order, int page) {
    var before = COUNT - (page - 1) * PageRequest.DEFAULT_SIZE + 1L;
    var created = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(before);
    var time = order == ConversationOrder.UPDATED_AT ? created.plusSeconds(3600) : created;
    return new Cursor(time.toEpochMilli(), new UUID(0, 0));
  }

  @ParameterizedTest
  @EnumSource(ConversationOrder.class)
  void aCursorCostsTheSameAtAnyDepth(ConversationOrder order) {
    var near = planOf(byCursor(order, 1));
    var far = planOf(byCursor(order, 400));
    var last = planOf(byCursor(order, 2_400));

    for (var plan : List.of(near, far, last)) {
      assertThat(plan.root().path("Actual Rows").asDouble()).isEqualTo(21);
      assertThat(plan.scannedWhole()).doesNotContain("conversation", "conversation_activity");
    }
    // Not equal to the page: whether a row lies on a page already looked at is chance.
    assertThat(far.pages()).isLessThanOrEqualTo(near.pages() * 3 / 2);
    assertThat(last.pages()).isLessThanOrEqualTo(near.pages() * 3 / 2);
  }

  private static ConversationQuery byCursor(ConversationOrder order, int page) {
    var request = PageRequest.of(null, null, cursor(order, page).text());
    return query(request, order, null, null, false);
  }

  @Test
  void aKeywordIsFoundThroughTheIndexesOfItsParts() {
    var plan = planOf(query(first(), ConversationOrder.CREATED_AT, "9d1ff0ab1c", null, false));
    assertThat(plan.scannedWhole()).doesNotContain("conversation", "conversation_user");
    assertThat(plan.indexes()).contains("conversation_search", "conversation_user_search");

    var title = md5("title777");
    var found = planOf(query(first(), ConversationOrder.CREATED_AT, title, null, false));
    assertThat(found.root().path("Actual Rows").asDouble()).isEqualTo(1);
    assertThat(found.scannedWhole()).doesNotContain("conversation", "conversation_user");
  }

  private static String md5(String text) {
    return database
        .database()
        .read(
            tx -> tx.createQuery("select md5(:text)").bind("text", text).mapTo(String.class).one());
  }

  @Test
  void oneUsersConversationsAreFoundThroughTheirIndex() {
    var user =
        database
            .database()
            .read(tx ->
                tx.createQuery("select user_id from conversation limit 1").mapTo(UUID.class).one());
    var plan = planOf(query(first(), ConversationOrder.CREATED_AT, null, user, false));
    assertThat(plan.scannedWhole()).doesNotContain("conversation", "conversation_user");
    assertThat(plan.indexes()).contains("conversation_user_agent");
    assertThat(plan.pages()).isLessThan(100);
  }

  @Test
  void conversationsWithFeedbackAreFoundWithoutReadingTheOthers() {
    var plan = planOf(query(first(), ConversationOrder.CREATED_AT, null, null, true));
    assertThat(plan.root().path("Actual Rows").asDouble()).isEqualTo(20);
    assertThat(plan.scannedWhole())
        .doesNotContain("conversation", "conversation_user", "conversation_activity");
  }
}
