-- What send.sql needs beside benchmark.conversation (n, id), which the driver makes: numbers from 1, and the ids of the
-- conversations created over the API.

-- Twenty messages of history in each conversation, so that both sides read what a real conversation has.
insert into message (
  conversation_id, seq, agent_id, position, id, question_id, role, source, text, tokens, created_at)
select c.id, s.seq, a.agent_id, 0, gen_random_uuid(), null,
       case when s.seq % 2 = 1 then 'conversation_user' else 'assistant' end, 'api',
       case when s.seq % 2 = 1 then repeat('question ', 8) else repeat('answer ', 24) end, 60, now()
from benchmark.conversation c
join conversation_activity a on a.conversation_id = c.id
cross join generate_series(1, 20) as s (seq);

update conversation_activity a
set last_seq = 20
from benchmark.conversation c
where a.conversation_id = c.id;

-- The agent and a node, as each of the server's statements is given them.
create table benchmark.caller as
select a.agent_id, gen_random_uuid() as node_id
from conversation_activity a
join benchmark.conversation c on c.id = a.conversation_id
limit 1;

-- A node that lives, so that the server leaves its turns alone.
insert into node (id, started_at, lease_until)
select node_id, now(), now() + interval '1 day' from benchmark.caller;

-- An id that grows with time, as the server makes them (UUID of version 7).
create function benchmark.next_id() returns uuid language sql volatile as $$
  select cast(lpad(to_hex(cast(extract(epoch from clock_timestamp()) * 1000 as bigint)), 12, '0')
              || '7' || substr(md5(cast(random() as text)), 14) as uuid)
$$;

vacuum analyze;
