package dev.colloquy.turn;

/**
 * The statements of {@link Intake}, for questions that {@link TurnSql#ACCEPT} leaves. The first one
 * locks the conversation's row, so that the others see it as it is.
 */
final class IntakeSql {
  /** Locks the conversation, and says what is done with its questions. */
  static final String LOCK =
      """
      select a.mode, a.open_turns, g.status = 'inactive' as inactive,
             coalesce(?, g.when_busy) as when_busy,
             coalesce(?, g.burst_window_ms) as burst_window_ms
      from conversation_activity a
      join agent g on g.id = a.agent_id
      where a.conversation_id = ? and a.agent_id = ?
      for no key update of a
      """;

  /** The open turns, oldest first; those that still gather a burst say so. */
  static final String OPEN =
      """
      select question_seq, status = 'running' as running,
             status = 'pending' and coalesce(starts_at > now(), false) as gathers, gathers_since
      from turn
      where conversation_id = ? and status in ('pending', 'running')
      order by question_seq
      """;

  /**
   * Stores the question and opens its turn: running, or pending until it may start; says how many
   * milliseconds that is from now.
   */
  static final String STORE =
      """
      with head as (
        update conversation_activity a
        set last_seq = a.last_seq + 1,
            position = greatest(a.position, (select next from feed_position)),
            open_turns = a.open_turns + ?,
            fence = a.fence + ?,
            status = 'active'
        where a.conversation_id = ?
        returning a.conversation_id, a.agent_id, a.last_seq, a.position
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
          created_at, gathers_since, starts_at)
        select head.conversation_id, head.last_seq, ?, head.agent_id, ?, ?, ?, ?,
               burst.since, burst.starts_at
        from head
        left join lateral (
          select since,
                 least(
                   now() + ? * interval '1 millisecond', since + ? * interval '1 millisecond')
                   as starts_at
          from (select coalesce(?, now()) as since) s
          where ?
        ) burst on true
        returning starts_at
      )
      select head.last_seq,
             coalesce(
               ceil(extract(epoch from opened.starts_at - clock_timestamp()) * 1000), 0)
               as starts_in_ms
      from head
      cross join opened
      """;

  /** Merges turns into a later one, with those that had been merged into them. */
  static final String MERGE =
      """
      update turn
      set status = 'merged', answered_by = ?, ended_at = ?
      where conversation_id = ?
        and (question_seq = any (?) or status = 'merged' and answered_by = any (?))
      """;

  private IntakeSql() {}
}
