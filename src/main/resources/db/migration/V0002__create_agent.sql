create table agent (
  id                              uuid primary key,
  organization_id                 uuid        not null references organization (id) on delete cascade,
  role_id                         uuid        not null references agent_role (id),
  name                            text        not null,
  public_name                     text        not null,
  description                     text,
  status                          text        not null default 'active'
    check (status in ('active', 'inactive', 'draft')),
  tags                            text[]      not null default '{}',
  avatar_url                      text,
  background_url                  text,
  instructions                    text        not null default '',
  model                           text,
  fallback_model                  text,
  temperature                     double precision,
  top_p                           double precision,
  reasoning_effort                text,
  reasoning_mode                  text,
  is_file_search_enabled          boolean     not null default true,
  file_search_max_num_results     integer     not null default 10,
  is_code_interpreter_enabled     boolean     not null default false,
  is_output_json_schema_enabled   boolean     not null default false,
  output_json_schema              text,
  is_api_skill_enabled            boolean     not null default true,
  restrict_documents_to_owner_only boolean    not null default false,
  default_error_message           text,
  scoring_prompt                  text,
  -- Null: the installation's default.
  idle_time_seconds               integer check (idle_time_seconds > 0),
  turns_in_flight                 integer check (turns_in_flight > 0),
  created_at                      timestamptz not null,
  updated_at                      timestamptz not null
);

create index agent_organization on agent (organization_id);

-- A key is kept as its SHA-256 only; it has 256 random bits, so nothing slower is needed.
create table api_key (
  id              uuid primary key,
  kind            text        not null check (kind in ('agent', 'organization', 'super_admin')),
  organization_id uuid references organization (id) on delete cascade,
  agent_id        uuid references agent (id) on delete cascade,
  hash            bytea       not null unique,
  -- The last characters, so that people can tell their keys apart.
  hint            text        not null,
  name            text        not null,
  created_at      timestamptz not null,
  expires_at      timestamptz,
  revoked_at      timestamptz,
  last_used_at    timestamptz,
  check (case kind
           when 'agent' then agent_id is not null and organization_id is not null
           when 'organization' then agent_id is null and organization_id is not null
           else agent_id is null and organization_id is null
         end)
);

create index api_key_agent on api_key (agent_id, created_at);
create index api_key_organization on api_key (organization_id, created_at);
