-- What is said of a conversation as a whole: written rarely, searched often.
create table conversation (
  id               uuid primary key,
  organization_id  uuid        not null references organization (id) on delete cascade,
  agent_id         uuid        not null references agent (id) on delete cascade,
  user_id          uuid        not null references conversation_user (id) on delete cascade,
  channel          text        not null check (channel in ('api', 'email', 'sms', 'voice', 'live_chat')),
  title            text,
  summary          text,
  score            smallint check (score between 0 and 10),
  context          text,
  metadata         jsonb,
  state_id         uuid references conversation_state (id) on delete set null,
  assigned_user_id uuid references platform_user (id) on delete set null,
  ai_call_id       text,
  is_anonymized    boolean     not null default false,
  created_at       timestamptz not null,
  search_text      text generated always as (
    lower(coalesce(title, '') || ' ' || coalesce(summary, ''))
  ) stored
);

create index conversation_agent_created on conversation (agent_id, created_at desc, id desc);
create index conversation_user_agent on conversation (user_id, agent_id, created_at);
create index conversation_search on conversation using gin (search_text gin_trgm_ops);

-- What changes with every message, apart from the rest so that a message touches few indexes. Its
-- row lock is what puts the messages of one conversation in order.
create table conversation_activity (
  conversation_id uuid primary key references conversation (id) on delete cascade,
  agent_id        uuid        not null,
  status          text        not null check (status in ('active', 'inactive', 'archived')),
  mode            text        not null check (mode in ('ai', 'manual')),
  -- Raised by every take-over and hand-back; a reply begun under an older one is not stored.
  mode_epoch      integer     not null default 0,
  last_seq        bigint      not null default 0,
  -- Turns that are pending or running; the first of them runs.
  open_turns      integer     not null default 0 check (open_turns >= 0),
  -- The fencing token: raised whenever a turn is claimed; only its holder can commit.
  fence           bigint      not null default 0,
  -- The last message that title, summary and score were made from.
  closed_seq      bigint      not null default 0,
  updated_at      timestamptz not null
) with (fillfactor = 70);

create index conversation_activity_agent_updated
  on conversation_activity (agent_id, updated_at desc, conversation_id desc);
create index conversation_activity_open
  on conversation_activity (agent_id, updated_at) where status = 'active';

-- Refers to the row that its transaction has locked anyway, not to conversation: checking the
-- reference then locks nothing more.
create table message (
  conversation_id uuid        not null references conversation_activity (conversation_id) on delete cascade,
  seq             bigint      not null,
  id              uuid        not null,
  -- The question that this message answers; null for questions and introductions.
  question_id     uuid,
  role            text        not null
    check (role in ('conversation_user', 'assistant', 'manual_assistant')),
  source          text        not null
    check (source in ('email', 'sms', 'live_chat', 'copilot', 'api', 'voice', 'ms_teams')),
  text            text        not null,
  raw_text        text,
  context         text,
  -- How many tokens the text is taken for when history is cut to a budget.
  tokens          integer     not null,
  author_id       uuid references platform_user (id) on delete set null,
  -- What the model said of its reply: reasoning and citations.
  ai_response     jsonb,
  is_anonymized   boolean     not null default false,
  created_at      timestamptz not null,
  primary key (conversation_id, seq)
);

create index message_id on message (id);
-- Invariant 2: one reply per question, whatever crashes or races.
create unique index message_one_reply on message (conversation_id, question_id)
  where role = 'assistant' and question_id is not null;

-- The work of answering one question.
create table turn (
  conversation_id uuid        not null references conversation_activity (conversation_id) on delete cascade,
  question_seq    bigint      not null,
  question_id     uuid        not null,
  agent_id        uuid        not null,
  status          text        not null
    check (status in ('pending', 'running', 'completed', 'failed', 'superseded')),
  -- The node that runs it; its lease is the node's.
  node_id         uuid,
  attempts        smallint    not null default 0,
  -- Why it failed: a code for programs, and what an operator may read. Never what was said.
  error_code      text,
  error           text,
  model           text,
  input_tokens    integer,
  output_tokens   integer,
  created_at      timestamptz not null,
  ended_at        timestamptz,
  primary key (conversation_id, question_seq)
);

create index turn_open on turn (node_id, conversation_id) where status in ('pending', 'running');

-- The servers on this database. A node holds its turns for as long as it renews its lease here.
create table node (
  id          uuid primary key,
  started_at  timestamptz not null,
  lease_until timestamptz not null
);

create table feedback (
  conversation_id uuid        not null references conversation (id) on delete cascade,
  id              uuid        not null,
  message_id      uuid        not null,
  user_id         uuid        not null references conversation_user (id) on delete cascade,
  vote_type       text        not null check (vote_type in ('up', 'down')),
  question        text,
  answer          text,
  comment         text,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  primary key (conversation_id, id),
  unique (conversation_id, message_id, user_id)
);

create index feedback_user on feedback (user_id);

-- What leaves the building: written with the message that caused it, sent from here.
create table delivery (
  conversation_id uuid        not null references conversation (id) on delete cascade,
  id              uuid        not null,
  organization_id uuid        not null,
  agent_id        uuid        not null,
  message_id      uuid        not null,
  channel         text        not null check (channel in ('email', 'sms', 'voice')),
  status          text        not null
    check (status in ('captured', 'queued', 'sent', 'delivered', 'failed', 'unknown')),
  recipient       text        not null,
  subject         text,
  body            text        not null,
  external_id     text,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  primary key (conversation_id, id)
);

create index delivery_created on delivery (created_at desc, id desc);
