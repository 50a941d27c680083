-- The schema that the migrations make, for reading. SchemaTest writes this file and keeps it
-- true; the server itself runs src/main/resources/db/migration.

create extension pg_trgm;

create table agent (
  id uuid not null,
  organization_id uuid not null,
  role_id uuid not null,
  name text not null,
  public_name text not null,
  description text,
  status text not null default 'active'::text,
  tags text[] not null default '{}'::text[],
  avatar_url text,
  background_url text,
  instructions text not null default ''::text,
  model text,
  fallback_model text,
  temperature double precision,
  top_p double precision,
  reasoning_effort text,
  reasoning_mode text,
  is_file_search_enabled boolean not null default true,
  file_search_max_num_results integer not null default 10,
  is_code_interpreter_enabled boolean not null default false,
  is_output_json_schema_enabled boolean not null default false,
  output_json_schema text,
  is_api_skill_enabled boolean not null default true,
  restrict_documents_to_owner_only boolean not null default false,
  default_error_message text,
  scoring_prompt text,
  idle_time_seconds integer,
  turns_in_flight integer,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  when_busy text not null default 'enqueue'::text,
  burst_window_ms integer not null default 0,
  is_delivery_paused boolean not null default false,
  constraint agent_pkey PRIMARY KEY (id),
  constraint agent_burst_window_ms_check CHECK (((burst_window_ms >= 0) AND (burst_window_ms <= 60000))),
  constraint agent_idle_time_seconds_check CHECK ((idle_time_seconds > 0)),
  constraint agent_status_check CHECK ((status = ANY (ARRAY['active'::text, 'inactive'::text, 'draft'::text]))),
  constraint agent_turns_in_flight_check CHECK ((turns_in_flight > 0)),
  constraint agent_when_busy_check CHECK ((when_busy = ANY (ARRAY['enqueue'::text, 'reject'::text, 'interrupt'::text])))
);
CREATE INDEX agent_organization ON agent USING btree (organization_id);

create table agent_role (
  id uuid not null,
  organization_id uuid not null,
  name text not null,
  description text not null,
  constraint agent_role_pkey PRIMARY KEY (id),
  constraint agent_role_organization_id_name_key UNIQUE (organization_id, name)
);

create table api_key (
  id uuid not null,
  kind text not null,
  organization_id uuid,
  agent_id uuid,
  hash bytea not null,
  hint text not null,
  name text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  last_used_at timestamp with time zone,
  constraint api_key_pkey PRIMARY KEY (id),
  constraint api_key_hash_key UNIQUE (hash),
  constraint api_key_check CHECK (
CASE kind
    WHEN 'agent'::text THEN ((agent_id IS NOT NULL) AND (organization_id IS NOT NULL))
    WHEN 'organization'::text THEN ((agent_id IS NULL) AND (organization_id IS NOT NULL))
    ELSE ((agent_id IS NULL) AND (organization_id IS NULL))
END),
  constraint api_key_kind_check CHECK ((kind = ANY (ARRAY['agent'::text, 'organization'::text, 'super_admin'::text])))
);
CREATE INDEX api_key_agent ON api_key USING btree (agent_id, created_at);
CREATE INDEX api_key_organization ON api_key USING btree (organization_id, created_at);

create table consent (
  id uuid not null,
  organization_id uuid not null,
  agent_id uuid,
  channel text not null,
  address text not null,
  action text not null,
  keyword text,
  inbound_id uuid,
  created_at timestamp with time zone not null,
  constraint consent_pkey PRIMARY KEY (id),
  constraint consent_action_check CHECK ((action = ANY (ARRAY['opt_out'::text, 'opt_in'::text, 'help'::text, 'bounce'::text]))),
  constraint consent_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text, 'voice'::text])))
);
CREATE INDEX consent_address ON consent USING btree (organization_id, channel, address, created_at DESC, id DESC);

create table conversation (
  id uuid not null,
  organization_id uuid not null,
  agent_id uuid not null,
  user_id uuid not null,
  channel text not null,
  title text,
  summary text,
  score smallint,
  context text,
  metadata jsonb,
  state_id uuid,
  assigned_user_id uuid,
  ai_call_id text,
  is_anonymized boolean not null default false,
  created_at timestamp with time zone not null,
  search_text text generated always as (lower(((COALESCE(title, ''::text) || ' '::text) || COALESCE(summary, ''::text)))) stored,
  constraint conversation_pkey PRIMARY KEY (id),
  constraint conversation_channel_check CHECK ((channel = ANY (ARRAY['api'::text, 'email'::text, 'sms'::text, 'voice'::text, 'live_chat'::text]))),
  constraint conversation_score_check CHECK (((score >= 0) AND (score <= 10)))
);
CREATE INDEX conversation_agent_created ON conversation USING btree (agent_id, created_at DESC, id DESC);
CREATE INDEX conversation_search ON conversation USING gin (search_text gin_trgm_ops);
CREATE INDEX conversation_user_agent ON conversation USING btree (user_id, agent_id, created_at);

create table conversation_activity (
  conversation_id uuid not null,
  agent_id uuid not null,
  status text not null,
  mode text not null,
  mode_epoch integer not null default 0,
  last_seq bigint not null default 0,
  open_turns integer not null default 0,
  fence bigint not null default 0,
  closed_seq bigint not null default 0,
  updated_at timestamp with time zone not null,
  position bigint not null default 0,
  constraint conversation_activity_pkey PRIMARY KEY (conversation_id),
  constraint conversation_activity_mode_check CHECK ((mode = ANY (ARRAY['ai'::text, 'manual'::text]))),
  constraint conversation_activity_open_turns_check CHECK ((open_turns >= 0)),
  constraint conversation_activity_status_check CHECK ((status = ANY (ARRAY['active'::text, 'inactive'::text, 'archived'::text])))
) with (fillfactor=70);
CREATE INDEX conversation_activity_agent_updated ON conversation_activity USING btree (agent_id, updated_at DESC, conversation_id DESC);
CREATE INDEX conversation_activity_open ON conversation_activity USING btree (agent_id, updated_at) WHERE (status = 'active'::text);

create table conversation_event (
  conversation_id uuid not null,
  seq bigint not null,
  agent_id uuid not null,
  position bigint not null,
  type text not null,
  data jsonb not null,
  created_at timestamp with time zone not null,
  constraint conversation_event_pkey PRIMARY KEY (conversation_id, seq)
);
CREATE INDEX conversation_event_feed ON conversation_event USING btree (agent_id, "position", conversation_id, seq);

create table conversation_state (
  id uuid not null,
  organization_id uuid not null,
  name text not null,
  description text,
  color text,
  is_persistent boolean not null default false,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint conversation_state_pkey PRIMARY KEY (id),
  constraint conversation_state_organization_id_name_key UNIQUE (organization_id, name)
);

create table conversation_user (
  id uuid not null,
  organization_id uuid not null,
  first_name text not null,
  last_name text not null,
  context text,
  source text,
  email text,
  email_key text,
  phone_number text,
  fk_id text,
  fk_user_id text,
  metadata jsonb,
  is_anonymized boolean not null default false,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  search_text text generated always as (lower(((((((first_name || ' '::text) || last_name) || ' '::text) || COALESCE(email, ''::text)) || ' '::text) || COALESCE(phone_number, ''::text)))) stored,
  constraint conversation_user_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX conversation_user_email ON conversation_user USING btree (organization_id, email_key);
CREATE UNIQUE INDEX conversation_user_fk_id ON conversation_user USING btree (organization_id, fk_id);
CREATE UNIQUE INDEX conversation_user_phone_number ON conversation_user USING btree (organization_id, phone_number);
CREATE INDEX conversation_user_search ON conversation_user USING gin (search_text gin_trgm_ops);

create table delivery (
  conversation_id uuid not null,
  id uuid not null,
  organization_id uuid not null,
  agent_id uuid not null,
  message_id uuid not null,
  channel text not null,
  status text not null,
  recipient text not null,
  subject text,
  body text not null,
  external_id text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  kind text not null default 'start'::text,
  sender text,
  details jsonb,
  provider text,
  attempts integer not null default 0,
  attempt_started_at timestamp with time zone,
  next_attempt_at timestamp with time zone,
  reason text,
  sent_at timestamp with time zone,
  delivered_at timestamp with time zone,
  constraint delivery_pkey PRIMARY KEY (conversation_id, id),
  constraint delivery_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text, 'voice'::text]))),
  constraint delivery_kind_check CHECK ((kind = ANY (ARRAY['start'::text, 'reply'::text, 'manual'::text]))),
  constraint delivery_status_check CHECK ((status = ANY (ARRAY['captured'::text, 'queued'::text, 'sent'::text, 'delivered'::text, 'failed'::text, 'unknown'::text])))
);
CREATE INDEX delivery_agent ON delivery USING btree (agent_id, created_at DESC, id DESC);
CREATE INDEX delivery_correspondent ON delivery USING btree (agent_id, lower(recipient), created_at) WHERE ((kind = 'reply'::text) AND (channel = 'email'::text));
CREATE INDEX delivery_created ON delivery USING btree (created_at DESC, id DESC);
CREATE INDEX delivery_external ON delivery USING btree (provider, external_id) WHERE (external_id IS NOT NULL);
CREATE INDEX delivery_id ON delivery USING btree (id);
CREATE INDEX delivery_message ON delivery USING btree (conversation_id, message_id);
CREATE INDEX delivery_status ON delivery USING btree (status, created_at DESC, id DESC);

create table document (
  id uuid not null,
  agent_id uuid not null,
  name text not null,
  content_hash bytea not null,
  format smallint not null,
  created_at timestamp with time zone not null default now(),
  constraint document_pkey PRIMARY KEY (id),
  constraint document_agent_id_name_key UNIQUE (agent_id, name)
);

create table document_chunk (
  document_id uuid not null,
  ordinal integer not null,
  heading text not null,
  text text not null,
  embedding bytea not null,
  constraint document_chunk_pkey PRIMARY KEY (document_id, ordinal)
);

create table feed (
  one boolean not null default true,
  position_offset bigint not null,
  constraint feed_pkey PRIMARY KEY (one),
  constraint feed_one_check CHECK (one)
);

create table feedback (
  conversation_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  user_id uuid not null,
  vote_type text not null,
  question text,
  answer text,
  comment text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint feedback_pkey PRIMARY KEY (conversation_id, id),
  constraint feedback_conversation_id_message_id_user_id_key UNIQUE (conversation_id, message_id, user_id),
  constraint feedback_vote_type_check CHECK ((vote_type = ANY (ARRAY['up'::text, 'down'::text])))
);
CREATE INDEX feedback_user ON feedback USING btree (user_id);

create table idempotent_request (
  scope bytea not null,
  fingerprint bytea not null,
  status smallint,
  body bytea,
  conversation_id uuid,
  question_id uuid,
  created_at timestamp with time zone not null,
  constraint idempotent_request_pkey PRIMARY KEY (scope),
  constraint idempotent_request_check CHECK (((status IS NULL) = (question_id IS NOT NULL))),
  constraint idempotent_request_check1 CHECK (((conversation_id IS NULL) = (question_id IS NULL)))
);
CREATE INDEX idempotent_request_created ON idempotent_request USING btree (created_at);

create table inbound (
  id uuid not null,
  source text not null,
  agent_id uuid,
  external_id text not null,
  order_key text not null,
  content_type text,
  headers jsonb,
  body bytea,
  status text not null,
  outcome text,
  attempts integer not null default 0,
  conversation_id uuid,
  message_id uuid,
  received_at timestamp with time zone not null,
  handled_at timestamp with time zone,
  constraint inbound_pkey PRIMARY KEY (id),
  constraint inbound_status_check CHECK ((status = ANY (ARRAY['received'::text, 'handled'::text, 'ignored'::text, 'failed'::text])))
);
CREATE INDEX inbound_conversation ON inbound USING btree (conversation_id) WHERE (conversation_id IS NOT NULL);
CREATE UNIQUE INDEX inbound_external ON inbound USING btree (source, agent_id, external_id) NULLS NOT DISTINCT;
CREATE INDEX inbound_order ON inbound USING btree (order_key, id) WHERE (status = 'received'::text);
CREATE INDEX inbound_received ON inbound USING btree (received_at DESC, id DESC);
CREATE INDEX inbound_sender ON inbound USING btree (order_key, handled_at) WHERE ((source = 'email'::text) AND (status = 'handled'::text));

create table installation (
  one boolean not null default true,
  demo_agent_id uuid,
  demo_conversation_id uuid,
  created_at timestamp with time zone not null,
  constraint installation_pkey PRIMARY KEY (one),
  constraint installation_one_check CHECK (one)
);

create table knowledge (
  agent_id uuid not null,
  version bigint not null,
  document_count integer not null,
  constraint knowledge_pkey PRIMARY KEY (agent_id)
);

create table mailbox (
  key text not null,
  uid_validity bigint,
  last_uid bigint not null default 0,
  holder uuid,
  leased_until timestamp with time zone,
  created_at timestamp with time zone not null,
  constraint mailbox_pkey PRIMARY KEY (key)
);

create table message (
  conversation_id uuid not null,
  seq bigint not null,
  id uuid not null,
  question_id uuid,
  role text not null,
  source text not null,
  text text not null,
  raw_text text,
  context text,
  tokens integer not null,
  author_id uuid,
  ai_response jsonb,
  is_anonymized boolean not null default false,
  created_at timestamp with time zone not null,
  position bigint not null,
  agent_id uuid not null,
  files jsonb,
  has_failed boolean not null default false,
  constraint message_pkey PRIMARY KEY (conversation_id, seq),
  constraint message_role_check CHECK ((role = ANY (ARRAY['conversation_user'::text, 'assistant'::text, 'manual_assistant'::text]))),
  constraint message_source_check CHECK ((source = ANY (ARRAY['email'::text, 'sms'::text, 'live_chat'::text, 'copilot'::text, 'api'::text, 'voice'::text, 'ms_teams'::text])))
);
CREATE INDEX message_feed ON message USING btree (agent_id, "position", conversation_id, seq);
CREATE INDEX message_id ON message USING btree (id);
CREATE UNIQUE INDEX message_one_reply ON message USING btree (conversation_id, question_id) WHERE ((role = 'assistant'::text) AND (question_id IS NOT NULL));

create table message_file (
  conversation_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  file_name text not null,
  content_type text not null,
  content bytea not null,
  created_at timestamp with time zone not null,
  constraint message_file_pkey PRIMARY KEY (conversation_id, id)
);

create table message_origin (
  conversation_id uuid not null,
  message_id uuid not null,
  sender text not null,
  recipient text not null,
  external_id text,
  details jsonb,
  constraint message_origin_pkey PRIMARY KEY (conversation_id, message_id)
);
CREATE INDEX message_origin_external ON message_origin USING btree (external_id) WHERE (external_id IS NOT NULL);

create table node (
  id uuid not null,
  started_at timestamp with time zone not null,
  lease_until timestamp with time zone not null,
  constraint node_pkey PRIMARY KEY (id)
);

create table organization (
  id uuid not null,
  name text not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint organization_pkey PRIMARY KEY (id)
);

create table platform_user (
  id uuid not null,
  organization_id uuid not null,
  email text not null,
  first_name text not null,
  last_name text not null,
  phone_number text,
  avatar_url text,
  role text not null,
  created_at timestamp with time zone not null,
  constraint platform_user_pkey PRIMARY KEY (id),
  constraint platform_user_organization_id_email_key UNIQUE (organization_id, email)
);

create table scheduled_tasks (
  task_name text not null,
  task_instance text not null,
  task_data bytea,
  execution_time timestamp with time zone not null,
  picked boolean not null,
  picked_by text,
  last_success timestamp with time zone,
  last_failure timestamp with time zone,
  consecutive_failures integer,
  last_heartbeat timestamp with time zone,
  version bigint not null,
  priority smallint,
  constraint scheduled_tasks_pkey PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_execution_time ON scheduled_tasks USING btree (execution_time);
CREATE INDEX scheduled_tasks_last_heartbeat ON scheduled_tasks USING btree (last_heartbeat);
CREATE INDEX scheduled_tasks_priority ON scheduled_tasks USING btree (priority DESC, execution_time);

create table skill (
  agent_id uuid not null,
  name text not null,
  status text not null,
  address text,
  settings jsonb not null,
  secrets bytea,
  updated_at timestamp with time zone not null,
  constraint skill_pkey PRIMARY KEY (agent_id, name),
  constraint skill_name_check CHECK ((name = ANY (ARRAY['EMAIL'::text, 'SMS'::text, 'VOICE'::text]))),
  constraint skill_status_check CHECK ((status = ANY (ARRAY['active'::text, 'inactive'::text])))
);
CREATE UNIQUE INDEX skill_address ON skill USING btree (name, address) WHERE (address IS NOT NULL);

create table turn (
  conversation_id uuid not null,
  question_seq bigint not null,
  question_id uuid not null,
  agent_id uuid not null,
  status text not null,
  node_id uuid,
  attempts smallint not null default 0,
  error_code text,
  error text,
  model text,
  input_tokens integer,
  output_tokens integer,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  answered_by bigint,
  starts_at timestamp with time zone,
  gathers_since timestamp with time zone,
  constraint turn_pkey PRIMARY KEY (conversation_id, question_seq),
  constraint turn_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'running'::text, 'completed'::text, 'failed'::text, 'superseded'::text, 'merged'::text])))
);
CREATE INDEX turn_merged ON turn USING btree (conversation_id, answered_by) WHERE (status = 'merged'::text);
CREATE INDEX turn_open ON turn USING btree (node_id, conversation_id) WHERE (status = ANY (ARRAY['pending'::text, 'running'::text]));

create table voice_call (
  conversation_id uuid not null,
  id uuid not null,
  organization_id uuid not null,
  agent_id uuid not null,
  provider text not null,
  external_id text,
  direction text not null,
  caller text,
  callee text,
  delivery_id uuid,
  attempt integer,
  opening_id uuid,
  status text not null,
  ended_reason text,
  recording_url text,
  seconds integer,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint voice_call_pkey PRIMARY KEY (conversation_id, id),
  constraint voice_call_direction_check CHECK ((direction = ANY (ARRAY['inbound'::text, 'outbound'::text]))),
  constraint voice_call_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'ringing'::text, 'in_progress'::text, 'ended'::text, 'failed'::text])))
);
CREATE INDEX voice_call_created ON voice_call USING btree (created_at DESC, id DESC);
CREATE UNIQUE INDEX voice_call_external ON voice_call USING btree (agent_id, provider, external_id) WHERE (external_id IS NOT NULL);
CREATE UNIQUE INDEX voice_call_id ON voice_call USING btree (id);

create table voice_utterance (
  conversation_id uuid not null,
  call_id uuid not null,
  utterance text not null,
  message_id uuid not null,
  heard text,
  created_at timestamp with time zone not null,
  constraint voice_utterance_pkey PRIMARY KEY (conversation_id, call_id, utterance)
);

alter table agent add constraint agent_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE;
alter table agent add constraint agent_role_id_fkey FOREIGN KEY (role_id) REFERENCES agent_role(id);
alter table agent_role add constraint agent_role_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE;
alter table api_key add constraint api_key_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES agent(id) ON DELETE CASCADE;
alter table api_key add constraint api_key_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE;
alter table consent add constraint consent_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES agent(id) ON DELETE SET NULL;
alter table consent add constraint consent_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE;
alter table conversation add constraint conversation_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES agent(id) ON DELETE CASCADE;
alter table conversation add constraint conversation_assigned_user_id_fkey FOREIGN KEY (assigned_user_id) REFERENCES platform_user(id) ON DELETE SET NULL;
alter table conversation add constraint conversation_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE;
alter table conversation add constraint conversation_state_id_fkey FOREIGN KEY (state_id) REFERENCES conversation_state(id) ON DELETE SET NULL;
alter table conversation add constraint conversation_user_id_fkey FOREIGN KEY (user_id) REFERENCES conversation_user(id) ON DELETE CASCADE;
alter table conversation_activity add constraint conversation_activity_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation(id) ON DELETE CASCADE;
alter table conversation_event add constraint conversation_event_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES agent(id) ON DELETE CASCADE;
alter table conversation_state add constraint conversation_state_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE;
alter table conversation_user add constraint conversation_user_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE;
alter table delivery add constraint delivery_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation(id) ON DELETE CASCADE;
alter table document add constraint document_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES agent(id) ON DELETE CASCADE;
alter table document_chunk add constraint document_chunk_document_id_fkey FOREIGN KEY (document_id) REFERENCES document(id) ON DELETE CASCADE;
alter table feedback add constraint feedback_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation(id) ON DELETE CASCADE;
alter table feedback add constraint feedback_user_id_fkey FOREIGN KEY (user_id) REFERENCES conversation_user(id) ON DELETE CASCADE;
alter table inbound add constraint inbound_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES agent(id) ON DELETE CASCADE;
alter table installation add constraint installation_demo_agent_id_fkey FOREIGN KEY (demo_agent_id) REFERENCES agent(id) ON DELETE SET NULL;
alter table installation add constraint installation_demo_conversation_id_fkey FOREIGN KEY (demo_conversation_id) REFERENCES conversation(id) ON DELETE SET NULL;
alter table knowledge add constraint knowledge_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES agent(id) ON DELETE CASCADE;
alter table message add constraint message_author_id_fkey FOREIGN KEY (author_id) REFERENCES platform_user(id) ON DELETE SET NULL;
alter table message add constraint message_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation_activity(conversation_id) ON DELETE CASCADE;
alter table message_file add constraint message_file_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation(id) ON DELETE CASCADE;
alter table message_origin add constraint message_origin_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation(id) ON DELETE CASCADE;
alter table platform_user add constraint platform_user_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE;
alter table skill add constraint skill_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES agent(id) ON DELETE CASCADE;
alter table turn add constraint turn_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation_activity(conversation_id) ON DELETE CASCADE;
alter table voice_call add constraint voice_call_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES agent(id) ON DELETE CASCADE;
alter table voice_call add constraint voice_call_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation(id) ON DELETE CASCADE;
alter table voice_call add constraint voice_call_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organization(id) ON DELETE CASCADE;
alter table voice_utterance add constraint voice_utterance_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation(id) ON DELETE CASCADE;

create view feed_limit as
 SELECT position_offset + pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS "position"
   FROM feed;

create view feed_position as
 SELECT position_offset + pg_current_xact_id()::text::bigint AS next
   FROM feed;

CREATE OR REPLACE FUNCTION conversation_deleted()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION feedback_deleted()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
$function$
;

CREATE TRIGGER conversation_deleted BEFORE DELETE ON conversation FOR EACH ROW EXECUTE FUNCTION conversation_deleted();
CREATE TRIGGER feedback_deleted AFTER DELETE ON feedback FOR EACH ROW EXECUTE FUNCTION feedback_deleted();
