-- The statements of one message: those of dev.colloquy.turn.TurnSql, ACCEPT with HISTORY in one round trip and REPLY in
-- another, each a transaction of its own. What the server binds comes from sub-selects here.
--
-- Each client has conversations of its own, as each connection of the load has: the server answers one question of a
-- conversation at a time.
\set n :client_id + 1 + :clients * random(0, :conversations / :clients - 1)

\startpipeline
with head as (
  update conversation_activity a
  set last_seq = a.last_seq + 1,
      position = greatest(a.position, (select next from feed_position)),
      open_turns = a.open_turns + case when a.mode = 'ai' then 1 else 0 end,
      fence = a.fence + case when a.mode = 'ai' and a.open_turns = 0 then 1 else 0 end,
      status = 'active',
      updated_at = case when a.mode = 'ai' then a.updated_at else now() end
  from agent i
  where a.conversation_id = (select id from benchmark.conversation where n = :n)
    and a.agent_id = (select agent_id from benchmark.caller)
    and a.open_turns < 100
    and i.id = a.agent_id and i.status <> 'inactive'
    and (a.mode = 'manual'
         or coalesce(null, i.burst_window_ms) = 0
           and (a.open_turns = 0 or coalesce(null, i.when_busy) = 'enqueue'))
  returning a.conversation_id, a.agent_id, a.last_seq, a.open_turns, a.mode, a.mode_epoch,
            a.fence, a.position
), id as materialized (
  select benchmark.next_id() as id
), question as (
  insert into message (
    conversation_id, seq, agent_id, position, id, role, source, text, context, tokens,
    created_at)
  select head.conversation_id, head.last_seq, head.agent_id, head.position, id.id,
         'conversation_user', 'api', repeat('question ', 8), null, 28, now()
  from head, id
), opened as (
  insert into turn (
    conversation_id, question_seq, question_id, agent_id, status, node_id, attempts,
    created_at)
  select head.conversation_id, head.last_seq, id.id, head.agent_id,
         case when head.open_turns = 1 then 'running' else 'pending' end,
         (select node_id from benchmark.caller),
         case when head.open_turns = 1 then 1 else 0 end, now()
  from head, id
  where head.mode = 'ai'
)
select head.last_seq, head.open_turns, head.mode, head.mode_epoch, head.fence,
       c.organization_id, c.context as conversation_context,
       u.first_name, u.last_name, u.context as user_context,
       g.instructions, g.model, g.fallback_model, g.temperature, g.top_p, g.reasoning_effort,
       case when g.is_output_json_schema_enabled then g.output_json_schema end as json_schema,
       g.is_file_search_enabled, g.file_search_max_num_results, g.default_error_message,
       g.turns_in_flight
from head
join conversation c on c.id = head.conversation_id
join conversation_user u on u.id = c.user_id
join agent g on g.id = c.agent_id;
select conversation_id, seq, id, question_id, role, source, text, null as raw_text,
       null as ai_response, is_anonymized, created_at
from message
where conversation_id = (select id from benchmark.conversation where n = :n) and not has_failed
order by seq desc
limit 101;
\endpipeline

with head as (
  update conversation_activity a
  set last_seq = a.last_seq + 1,
      position = greatest(a.position, (select next from feed_position)),
      open_turns = a.open_turns - 1,
      fence = a.fence + 1,
      updated_at = now()
  where a.conversation_id = (select id from benchmark.conversation where n = :n)
    and a.fence = (select h.fence from conversation_activity h
                 where h.conversation_id = (select id from benchmark.conversation where n = :n))
    and a.mode_epoch = 0
  returning a.conversation_id, a.agent_id, a.last_seq, a.position, a.open_turns
), reply as (
  insert into message (
    conversation_id, seq, agent_id, position, id, question_id, role, source, text, tokens,
    ai_response, created_at)
  select head.conversation_id, head.last_seq, head.agent_id, head.position, benchmark.next_id(),
         (select q.id from message q
          where q.conversation_id = head.conversation_id and q.seq = head.last_seq - 1),
         'assistant', 'api', repeat('answer ', 24), 60, null, now()
  from head
), closed as (
  update turn
  set status = 'completed', ended_at = now(), model = 'openai-stub', input_tokens = 20,
      output_tokens = 24
  from head
  where turn.conversation_id = head.conversation_id and turn.question_seq = head.last_seq - 1
)
select last_seq, open_turns from head;
