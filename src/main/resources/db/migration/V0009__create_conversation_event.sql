-- Everything that happens in a conversation, in order: messages, which are events by being there, and the rows of
-- conversation_event. Both are numbered by conversation_activity.last_seq. docs/adr/0006-event-feeds.md says why so.

-- What is added to transaction ids to make positions in the feeds of agents. Transaction ids begin anew where a
-- dump is restored; the first node that starts then raises this, so that positions go on rising.
create table feed (
  one             boolean primary key default true check (one),
  position_offset bigint not null
);

insert into feed (position_offset) values (0);

-- Where the present transaction writes. Whatever takes a number of a conversation gets
-- greatest(position of the conversation, next) in the same update, and so after it has the conversation's row.
create view feed_position as
select position_offset + cast(cast(pg_current_xact_id() as text) as bigint) as next
from feed;

-- Where all is written: every transaction that could write below has ended. A reader of an agent's feed stops here.
create view feed_limit as
select position_offset + cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint) as position
from feed;

alter table conversation_activity add column position bigint not null default 0;

alter table message add column position bigint not null default 0;
alter table message add column agent_id uuid;
update message m set agent_id = a.agent_id from conversation_activity a where a.conversation_id = m.conversation_id;
alter table message alter column agent_id set not null;
alter table message alter column position drop default;

create index message_feed on message (agent_id, position, conversation_id, seq);

-- No reference to the conversation: what says that it was deleted outlives it.
create table conversation_event (
  conversation_id uuid        not null,
  seq             bigint      not null,
  agent_id        uuid        not null references agent (id) on delete cascade,
  position        bigint      not null,
  type            text        not null,
  -- What the event says, as the API shows it.
  data            jsonb       not null,
  created_at      timestamptz not null,
  primary key (conversation_id, seq)
);

create index conversation_event_feed on conversation_event (agent_id, position, conversation_id, seq);

-- Triggers, since conversations and feedback are also deleted by reference, with their user.

-- Of a deleted conversation one event is left: that it was deleted. Of a deleted agent none.
create function conversation_deleted() returns trigger language plpgsql as $$
begin
  delete from conversation_event where conversation_id = old.id;
  with head as (
    update conversation_activity a
    set last_seq = a.last_seq + 1,
        position = greatest(a.position, (select next from feed_position))
    where a.conversation_id = old.id
      and exists (select from agent g where g.id = a.agent_id)
    returning a.conversation_id, a.last_seq, a.agent_id, a.position
  )
  insert into conversation_event (conversation_id, seq, agent_id, position, type, data, created_at)
  select head.conversation_id, head.last_seq, head.agent_id, head.position, 'conversation.deleted', '{}',
         date_trunc('milliseconds', clock_timestamp())
  from head;
  return old;
end
$$;

create trigger conversation_deleted before delete on conversation
for each row execute function conversation_deleted();

-- Feedback goes with the user who gave it. What its events told of it goes too; where the conversation stays, an event
-- says so.
create function feedback_deleted() returns trigger language plpgsql as $$
begin
  with head as (
    update conversation_activity a
    set last_seq = a.last_seq + 1,
        position = greatest(a.position, (select next from feed_position))
    where a.conversation_id = old.conversation_id
      and exists (select from conversation c where c.id = a.conversation_id)
    returning a.conversation_id, a.last_seq, a.agent_id, a.position
  )
  insert into conversation_event (conversation_id, seq, agent_id, position, type, data, created_at)
  select head.conversation_id, head.last_seq, head.agent_id, head.position, 'feedback.deleted',
         jsonb_build_object('id', old.id, 'conversationMessageId', old.message_id),
         date_trunc('milliseconds', clock_timestamp())
  from head;
  update conversation_event
  set data = jsonb_build_object('id', old.id, 'conversationMessageId', old.message_id)
  where conversation_id = old.conversation_id
    and type in ('feedback.created', 'feedback.updated')
    and data ->> 'id' = cast(old.id as text);
  return old;
end
$$;

create trigger feedback_deleted after delete on feedback
for each row execute function feedback_deleted();
