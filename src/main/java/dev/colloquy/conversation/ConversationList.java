package dev.colloquy.conversation;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.platform.db.Rows;
import dev.colloquy.platform.http.Cursor;
import dev.colloquy.platform.http.Page;
import dev.colloquy.platform.http.SortDirection;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Lists an agent's conversations. What is not asked for is left out of the statement, so that each
 * shape gets the plan that fits it; the pieces are the constants below and nothing from outside.
 */
final class ConversationList {
  private static final Pattern LIKE_SPECIAL = Pattern.compile("[\\\\%_]");

  private static final String FILTERS =
      """
      from conversation c <activity>
      where c.agent_id = :agent <user> <from> <until> <feedback> <keyword>
      """;
  // The agent once more: so the index over (agent_id, updated_at) can be walked in its order.
  private static final String ACTIVITY =
      "join conversation_activity a on a.conversation_id = c.id and a.agent_id = :agent";
  private static final String KEYWORD =
      """
      and (c.search_text like lower(:keyword)
           or c.user_id = any (array (
                select k.id from conversation_user k
                where k.organization_id = :organization and k.search_text like lower(:keyword))))
      """;

  private ConversationList() {}

  /** One page; runs in the caller's transaction. */
  static Page<Conversation> page(Handle tx, KeyOwner.OfAgent caller, ConversationQuery query) {
    var search = query.keyword() != null && !agentNameHas(tx, caller, query.keyword());
    return query.page().cursor() == null
        ? numbered(tx, caller, query, search)
        : after(tx, caller, query, search, query.page().cursor());
  }

  private static Page<Conversation> numbered(
      Handle tx, KeyOwner.OfAgent caller, ConversationQuery query, boolean search) {
    var request = query.page();
    var total =
        bind(tx.createQuery("select count(*) " + FILTERS), caller, query, search)
            .define("activity", query.from() == null && query.until() == null ? "" : ACTIVITY)
            .mapTo(Long.class)
            .one();
    if (request.offset() >= total) {
      return Page.numbered(request, total, List.of(), null);
    }
    var rows = rows(tx, caller, query, search, null, request.pageSize(), request.offset());
    return Page.numbered(request, total, rows, cursor(query, rows));
  }

  private static Page<Conversation> after(
      Handle tx, KeyOwner.OfAgent caller, ConversationQuery query, boolean search, Cursor cursor) {
    var size = query.page().pageSize();
    var rows = rows(tx, caller, query, search, cursor, size + 1, 0);
    var page = rows.subList(0, Math.min(size, rows.size()));
    return Page.after(query.page(), rows.size() > size, page, cursor(query, page));
  }

  private static List<Conversation> rows(
      Handle tx,
      KeyOwner.OfAgent caller,
      ConversationQuery query,
      boolean search,
      @Nullable Cursor cursor,
      int limit,
      long offset) {
    var sql =
        ConversationRepository.COLUMNS
            + """
            from (select c.id, <time> as position
            """
            + FILTERS
            + """
                  <after>
                  order by <time> <direction>, <id> <direction>
                  limit :limit offset :offset) page
            join conversation c on c.id = page.id
            """
            + ConversationRepository.JOINS
            + "order by page.position <direction>, page.id <direction>";
    var order = query.order();
    var descending = query.direction() == SortDirection.DESC;
    var statement =
        bind(tx.createQuery(sql), caller, query, search)
            .define("activity", needsActivity(query) ? ACTIVITY : "")
            .define("time", order.timeColumn())
            .define("id", order.idColumn())
            .define("direction", descending ? "desc" : "asc")
            .define(
                "after",
                cursor == null
                    ? ""
                    : "and (%s, %s) %s (:position, :cursorId)"
                        .formatted(order.timeColumn(), order.idColumn(), descending ? "<" : ">"))
            .bind("limit", limit)
            .bind("offset", offset);
    if (cursor != null) {
      statement
          .bind("position", Rows.time(Instant.ofEpochMilli(cursor.position())))
          .bind("cursorId", cursor.id());
    }
    return statement.map((row, _) -> ConversationRepository.toConversation(row)).list();
  }

  private static boolean needsActivity(ConversationQuery query) {
    return query.order() == ConversationOrder.UPDATED_AT
        || query.from() != null
        || query.until() != null;
  }

  private static Query bind(
      Query statement, KeyOwner.OfAgent caller, ConversationQuery query, boolean search) {
    statement
        .define("user", query.user() == null ? "" : "and c.user_id = :user")
        .define("from", query.from() == null ? "" : "and a.updated_at >= :from")
        .define("until", query.until() == null ? "" : "and a.updated_at <= :until")
        .define(
            "feedback",
            query.withFeedbacksOnly()
                ? "and exists (select from feedback f where f.conversation_id = c.id)"
                : "")
        .define("keyword", search ? KEYWORD : "")
        .bind("agent", caller.agent().value());
    if (query.user() != null) {
      statement.bind("user", query.user());
    }
    if (query.from() != null) {
      statement.bind("from", Rows.time(query.from()));
    }
    if (query.until() != null) {
      statement.bind("until", Rows.time(query.until()));
    }
    if (search && query.keyword() != null) {
      statement
          .bind("organization", caller.organization().value())
          .bind("keyword", pattern(query.keyword()));
    }
    return statement;
  }

  /** Every conversation here is this agent's: its name is asked once, not in every row. */
  private static boolean agentNameHas(Handle tx, KeyOwner.OfAgent caller, String keyword) {
    return tx.createQuery("select lower(name) like lower(:keyword) from agent where id = :agent")
        .bind("keyword", pattern(keyword))
        .bind("agent", caller.agent().value())
        .mapTo(Boolean.class)
        .one();
  }

  private static String pattern(String keyword) {
    return "%" + LIKE_SPECIAL.matcher(keyword).replaceAll("\\\\$0") + "%";
  }

  private static @Nullable String cursor(ConversationQuery query, List<Conversation> rows) {
    if (rows.isEmpty()) {
      return null;
    }
    var last = rows.getLast();
    var time =
        switch (query.order()) {
          case CREATED_AT -> last.createdAt();
          case UPDATED_AT -> last.updatedAt();
        };
    return new Cursor(time.toEpochMilli(), last.id().value()).text();
  }
}
