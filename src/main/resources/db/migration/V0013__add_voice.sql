-- Calls, made and taken. The id is in the addresses that the call's provider is given for it.
create table voice_call (
  conversation_id uuid not null references conversation on delete cascade,
  id uuid not null,
  organization_id uuid not null references organization on delete cascade,
  agent_id uuid not null references agent on delete cascade,
  provider text not null,
  -- The provider's id of it; null until that is known.
  external_id text,
  direction text not null check (direction in ('inbound', 'outbound')),
  -- Numbers in E.164 where they are known: who calls, and who is called.
  caller text,
  callee text,
  -- What it carries out, and at which of that one's attempts; null for a call that came in.
  delivery_id uuid,
  attempt integer,
  -- The message that it opens with; null where the agent says nothing first.
  opening_id uuid,
  status text not null
    check (status in ('queued', 'ringing', 'in_progress', 'ended', 'failed')),
  ended_reason text,
  recording_url text,
  -- How long it lasted, as its provider counts.
  seconds integer,
  started_at timestamptz,
  ended_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (conversation_id, id)
);

create unique index voice_call_id on voice_call (id);
create unique index voice_call_external on voice_call (agent_id, provider, external_id)
  where external_id is not null;
create index voice_call_created on voice_call (created_at desc, id desc);

-- What was said in a call and asked the agent: a provider that asks again for the same gets the
-- same question's reply.
create table voice_utterance (
  conversation_id uuid not null references conversation on delete cascade,
  call_id uuid not null,
  -- Which one of the call it is, with a hash of what was said.
  utterance text not null,
  message_id uuid not null,
  -- How much of the reply was spoken before the caller interrupted it; null for all of it.
  heard text,
  created_at timestamptz not null,
  primary key (conversation_id, call_id, utterance)
);
