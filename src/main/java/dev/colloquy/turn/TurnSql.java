package dev.colloquy.turn;

/**
 * The statements of turns. Plain JDBC runs them, since the first two are the server's hot path: one
 * round trip each, one transaction each. Whatever changes an open turn locks the conversation's row
 * in conversation_activity first, so that the order of locks is the same everywhere.
 */
final class TurnSql {
  private static final String CONTEXT_COLUMNS =
      """
      c.organization_id, c.context as conversation_context,
      u.first_name, u.last_name, u.context as user_context,
      g.instructions, g.model, g.fallback_model, g.temperature, g.top_p, g.reasoning_effort,
      case when g.is_output_json_schema_enabled then g.output_json_schema end as json_schema,
      g.is_file_search_enabled, g.file_search_max_num_results, g.default_error_message,
      g.turns_in_flight
      """;

  /**
   * The newest messages of a conversation, newest first, without those whose turns failed: whoever
   * asked was told so, and asks again. A model that refuses one of them would else refuse all that
   * comes after.
   */
  static final String HISTORY =
      """
      select conversation_id, seq, id, question_id, role, source, text, null as raw_text,
             null as ai_response, null as files, is_anonymized, created_at
      from message
      where conversation_id = ? and not has_failed
      order by seq desc
      limit ?
      """;

  /**
   * What belongs before a question that waited: newest first, without the questions behind it,
   * which else could crowd out all that was said.
   */
  static final String HISTORY_BEFORE =
      """
      select conversation_id, seq, id, question_id, role, source, text, null as raw_text,
             null as ai_response, null as files, is_anonymized, created_at
      from message
      where conversation_id = ? and not has_failed and (seq < ? or role <> 'conversation_user')
      order by seq desc
      limit ?
      """;

  /**
   * Takes the conversation's next sequence number, stores the question and opens its turn: running
   * where no other is open, else pending; none in manual mode. Answers with what the model needs,
   * or with nothing, and stores nothing, where that is not all there is to do: {@link IntakeSql}
   * then has the rest. The second statement goes with it in one round trip and one transaction; it
   * sees what was committed while the first waited for the row.
   */
  static final String ACCEPT =
      """
      with head as (
        update conversation_activity a
        set last_seq = a.last_seq + 1,
            position = greatest(a.position, (select next from feed_position)),
            open_turns = a.open_turns + case when a.mode = 'ai' then 1 else 0 end,
            fence = a.fence + case when a.mode = 'ai' and a.open_turns = 0 then 1 else 0 end,
            status = 'active',
            updated_at = case when a.mode = 'ai' then a.updated_at else ? end
        from agent i
        where a.conversation_id = ? and a.agent_id = ? and a.open_turns < ?
          and i.id = a.agent_id and i.status <> 'inactive'
          and (a.mode = 'manual'
               or coalesce(?, i.burst_window_ms) = 0
                 and (a.open_turns = 0 or coalesce(?, i.when_busy) = 'enqueue'))
        returning a.conversation_id, a.agent_id, a.last_seq, a.open_turns, a.mode, a.mode_epoch,
                  a.fence, a.position
      ), question as (
        insert into message (
          conversation_id, seq, agent_id, position, id, role, source, text, context, tokens,
          created_at)
        select head.conversation_id, head.last_seq, head.agent_id, head.position, ?,
               'conversation_user', ?, ?, ?, ?, ?
        from head
      ), opened as (
        insert into turn (
          conversation_id, question_seq, question_id, agent_id, status, node_id, attempts,
          created_at)
        select head.conversation_id, head.last_seq, ?, head.agent_id,
               case when head.open_turns = 1 then 'running' else 'pending' end, ?,
               case when head.open_turns = 1 then 1 else 0 end, ?
        from head
        where head.mode = 'ai'
      )
      select head.last_seq, head.open_turns, head.mode, head.mode_epoch, head.fence,
      """
          + CONTEXT_COLUMNS
          + """
          from head
          join conversation c on c.id = head.conversation_id
          join conversation_user u on u.id = c.user_id
          join agent g on g.id = c.agent_id
          ;
          """
          + HISTORY;

  /**
   * Stores the reply and closes the turn, if the turn is still held and nobody took over. Raises
   * the fence, so that the same commit sent twice has one effect.
   */
  static final String REPLY =
      """
      with head as (
        update conversation_activity a
        set last_seq = a.last_seq + 1,
            position = greatest(a.position, (select next from feed_position)),
            open_turns = a.open_turns - 1,
            fence = a.fence + 1,
            updated_at = ?
        where a.conversation_id = ? and a.fence = ? and a.mode_epoch = ?
        returning a.conversation_id, a.agent_id, a.last_seq, a.position, a.open_turns
      ), reply as (
        insert into message (
          conversation_id, seq, agent_id, position, id, question_id, role, source, text, tokens,
          ai_response, created_at)
        select head.conversation_id, head.last_seq, head.agent_id, head.position, ?, ?,
               'assistant', ?, ?, ?, cast(? as jsonb), ?
        from head
      ), closed as (
        update turn
        set status = 'completed', ended_at = ?, model = ?, input_tokens = ?, output_tokens = ?
        from head
        where turn.conversation_id = head.conversation_id and turn.question_seq = ?
      )
      select last_seq, open_turns from head
      """;

  /** Keeps the questions of a closed turn from later prompts. */
  private static final String LEFT_OUT =
      """
      , left_out as (
        update message m
        set has_failed = true
        from closed
        where m.conversation_id = closed.conversation_id
          and m.seq in (
            select t.question_seq from turn t
            where t.conversation_id = closed.conversation_id
              and coalesce(t.answered_by, t.question_seq) = closed.question_seq)
      )
      """;

  /** Closes the turn without a reply, on the same conditions; the conversation's feed says so. */
  static final String FAIL =
      """
      with head as (
        update conversation_activity a
        set last_seq = a.last_seq + 1,
            position = greatest(a.position, (select next from feed_position)),
            open_turns = a.open_turns - 1,
            fence = a.fence + 1,
            updated_at = ?
        where a.conversation_id = ? and a.fence = ? and a.mode_epoch = ?
        returning a.conversation_id, a.agent_id, a.last_seq, a.position, a.open_turns, a.updated_at
      ), told as (
        insert into conversation_event (
          conversation_id, seq, agent_id, position, type, data, created_at)
        select head.conversation_id, head.last_seq, head.agent_id, head.position, 'turn.failed',
               cast(? as jsonb), head.updated_at
        from head
      ), closed as (
        update turn
        set status = 'failed', ended_at = ?, error_code = ?, error = ?
        from head
        where turn.conversation_id = head.conversation_id and turn.question_seq = ?
        returning turn.conversation_id, turn.question_seq
      )
      """
          + LEFT_OUT
          + """
          select open_turns from head
          """;

  /** Whether the turn is still the one to commit. */
  static final String HOLDS =
      """
      select from conversation_activity
      where conversation_id = ? and fence = ? and mode_epoch = ?
      """;

  /** Locks what everything that changes a turn has to pass; nothing where a person answers. */
  static final String LOCK =
      """
      select mode = 'ai' as is_ai
      from conversation_activity
      where conversation_id = ? and mode = 'ai'
      for no key update
      """;

  /** The first open turn of a conversation whose row is locked, if this node may take it up. */
  static final String FIRST_OPEN =
      """
      select t.question_seq, t.status, t.attempts,
             t.status = 'running'
               and exists (select from node n where n.id = t.node_id and n.lease_until > now())
               as held,
             t.node_id is not distinct from ? as mine,
             t.starts_at > now() as gathers
      from turn t
      where t.conversation_id = ? and t.status in ('pending', 'running')
      order by t.question_seq
      limit 1
      """;

  static final String CLAIM =
      """
      with head as (
        update conversation_activity
        set fence = fence + 1
        where conversation_id = ?
      )
      update turn
      set status = 'running', node_id = ?, attempts = attempts + 1
      where conversation_id = ? and question_seq = ?
      """;

  /** A claimed turn with what the model needs, also of the questions that were merged into it. */
  static final String LOAD =
      """
      select a.fence, a.mode_epoch, a.agent_id,
             merged.ids as merged,
             concat_ws(E'\\n\\n', merged.texts, q.text) as asked,
             concat_ws(E'\\n\\n', merged.contexts, q.context) as message_context,
             q.conversation_id, q.seq, q.id, q.question_id, q.role, q.source, q.text, q.raw_text,
             q.ai_response, q.files, q.is_anonymized, q.created_at,
      """
          + CONTEXT_COLUMNS
          + """
          from conversation_activity a
          join message q on q.conversation_id = a.conversation_id and q.seq = ?
          cross join lateral (
            select coalesce(array_agg(m.id order by m.seq), '{}') as ids,
                   string_agg(m.text, E'\\n\\n' order by m.seq) as texts,
                   string_agg(m.context, E'\\n\\n' order by m.seq) as contexts
            from turn t
            join message m on m.conversation_id = t.conversation_id and m.seq = t.question_seq
            where t.conversation_id = a.conversation_id and t.answered_by = q.seq
              and t.status = 'merged') merged
          join conversation c on c.id = a.conversation_id
          join conversation_user u on u.id = c.user_id
          join agent g on g.id = c.agent_id
          where a.conversation_id = ?
          """;

  /**
   * Conversations whose first open turn nobody works on: its node's lease has ended, or the node
   * that ended the turn before it died before it claimed this one.
   */
  static final String ABANDONED =
      """
      select distinct t.conversation_id
      from turn t
      where t.status in ('pending', 'running')
        and not exists (
          select from turn r
          join node n on n.id = r.node_id and n.lease_until > now()
          where r.conversation_id = t.conversation_id and r.status = 'running')
        and (t.status = 'running'
             or coalesce(t.starts_at, t.created_at) < now() - interval '5 seconds')
      limit 100
      """;

  /** The turns that a node runs. */
  static final String RUNNING =
      """
      select conversation_id, question_seq
      from turn
      where node_id = ? and status = 'running'
      """;

  /** How a question's turn stands, or the turn that it was merged into. */
  static final String STATUS =
      """
      select t.status, t.error_code, t.error, t.question_id, t.question_seq,
             g.default_error_message
      from turn asked
      join turn t on t.conversation_id = asked.conversation_id
        and t.question_seq = coalesce(asked.answered_by, asked.question_seq)
      join agent g on g.id = t.agent_id
      where asked.conversation_id = ? and asked.question_seq = ?
      """;

  /** The questions that were merged into a question's turn. */
  static final String MERGED =
      """
      select coalesce(array_agg(question_id order by question_seq), '{}') as merged
      from turn
      where conversation_id = ? and answered_by = ? and status = 'merged'
      """;

  /** Ends a turn without a reply whose row in conversation_activity is locked. */
  static final String CANCEL =
      """
      with head as (
        update conversation_activity a
        set last_seq = a.last_seq + 1,
            position = greatest(a.position, (select next from feed_position)),
            open_turns = a.open_turns - 1,
            fence = a.fence + ?,
            updated_at = ?
        where a.conversation_id = ?
        returning a.conversation_id, a.agent_id, a.last_seq, a.position, a.open_turns, a.updated_at
      ), told as (
        insert into conversation_event (
          conversation_id, seq, agent_id, position, type, data, created_at)
        select head.conversation_id, head.last_seq, head.agent_id, head.position, 'turn.failed',
               cast(? as jsonb), head.updated_at
        from head
      ), closed as (
        update turn
        set status = 'failed', ended_at = head.updated_at, error_code = ?, error = ''
        from head
        where turn.conversation_id = head.conversation_id and turn.question_seq = ?
        returning turn.conversation_id, turn.question_seq
      )
      """
          + LEFT_OUT
          + """
          select open_turns from head
          """;

  private TurnSql() {}
}
