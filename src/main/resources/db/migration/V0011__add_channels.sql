-- An agent's settings of a channel: its sender, its provider, and that one's secrets, sealed.
create table skill (
  agent_id uuid not null references agent on delete cascade,
  name text not null check (name in ('EMAIL', 'SMS', 'VOICE')),
  status text not null check (status in ('active', 'inactive')),
  -- Where people reach the agent: an e-mail address in lower case, or a phone number in E.164.
  address text,
  settings jsonb not null,
  secrets bytea,
  updated_at timestamptz not null,
  primary key (agent_id, name)
);

create unique index skill_address on skill (name, address) where address is not null;

alter table agent
  add column is_delivery_paused boolean not null default false;

-- What becomes of a delivery. An attempt that has begun and whose end is not known is seen by
-- attempt_started_at.
alter table delivery
  add column kind text not null default 'start' check (kind in ('start', 'reply', 'manual')),
  add column sender text,
  add column details jsonb,
  add column provider text,
  add column attempts integer not null default 0,
  add column attempt_started_at timestamptz,
  add column next_attempt_at timestamptz,
  add column reason text,
  add column sent_at timestamptz,
  add column delivered_at timestamptz;

create index delivery_message on delivery (conversation_id, message_id);
create index delivery_id on delivery (id);
create index delivery_status on delivery (status, created_at desc, id desc);
create index delivery_agent on delivery (agent_id, created_at desc, id desc);
create index delivery_external on delivery (provider, external_id) where external_id is not null;

-- The files of a message, as its answers show them; what is in them is in message_file.
alter table message
  add column files jsonb;

create table message_file (
  conversation_id uuid not null references conversation on delete cascade,
  id uuid not null,
  message_id uuid not null,
  file_name text not null,
  content_type text not null,
  content bytea not null,
  created_at timestamptz not null,
  primary key (conversation_id, id)
);

alter table message_file alter column content set storage external;

-- Where a message that came in over a channel came from, so that the answer finds its way back.
create table message_origin (
  conversation_id uuid not null references conversation on delete cascade,
  message_id uuid not null,
  sender text not null,
  recipient text not null,
  -- The provider's id of it, or a mail's Message-ID.
  external_id text,
  details jsonb,
  primary key (conversation_id, message_id)
);

create index message_origin_external on message_origin (external_id) where external_id is not null;

-- What came in, as it came in. Kept before it is looked at, so that nothing is lost by what looks
-- at it, and known by the provider's id, so that a repeat has no effect.
create table inbound (
  id uuid primary key,
  source text not null,
  agent_id uuid references agent on delete cascade,
  external_id text not null,
  -- What has the same is handled in the order in which it came.
  order_key text not null,
  content_type text,
  headers jsonb,
  body bytea,
  status text not null check (status in ('received', 'handled', 'ignored', 'failed')),
  outcome text,
  attempts integer not null default 0,
  conversation_id uuid,
  message_id uuid,
  received_at timestamptz not null,
  handled_at timestamptz
);

alter table inbound alter column body set storage external;

create unique index inbound_external on inbound (source, agent_id, external_id) nulls not distinct;
create index inbound_order on inbound (order_key, id) where status = 'received';
create index inbound_received on inbound (received_at desc, id desc);
create index inbound_conversation on inbound (conversation_id) where conversation_id is not null;

-- Who may be written to, and why: a ledger, rows are only added. The newest row of an address says
-- how it stands.
create table consent (
  id uuid primary key,
  organization_id uuid not null references organization on delete cascade,
  agent_id uuid references agent on delete set null,
  channel text not null check (channel in ('email', 'sms', 'voice')),
  address text not null,
  action text not null check (action in ('opt_out', 'opt_in', 'help', 'bounce')),
  keyword text,
  inbound_id uuid,
  created_at timestamptz not null
);

create index consent_address on consent (organization_id, channel, address, created_at desc, id desc);

-- What came in for a conversation that is deleted is known no more, except that it came.
create or replace function conversation_deleted() returns trigger language plpgsql as $$
begin
  update inbound
  set body = null, headers = null, conversation_id = null, message_id = null
  where conversation_id = old.id;
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
