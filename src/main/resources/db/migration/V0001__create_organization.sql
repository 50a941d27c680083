create table organization (
  id         uuid primary key,
  name       text        not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- People who work in the inbox.
create table platform_user (
  id              uuid primary key,
  organization_id uuid        not null references organization (id) on delete cascade,
  email           text        not null,
  first_name      text        not null,
  last_name       text        not null,
  phone_number    text,
  avatar_url      text,
  role            text        not null,
  created_at      timestamptz not null,
  unique (organization_id, email)
);

-- What an agent is for; a label that agents are created with.
create table agent_role (
  id              uuid primary key,
  organization_id uuid not null references organization (id) on delete cascade,
  name            text not null,
  description     text not null,
  unique (organization_id, name)
);

-- An organization's own labels for conversations. A life cycle is something else: "status".
create table conversation_state (
  id              uuid primary key,
  organization_id uuid        not null references organization (id) on delete cascade,
  name            text        not null,
  description     text,
  color           text,
  is_persistent   boolean     not null default false,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  unique (organization_id, name)
);
