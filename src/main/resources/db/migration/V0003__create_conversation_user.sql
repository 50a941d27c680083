-- Finds parts of names, addresses and titles through an index.
create extension if not exists pg_trgm;

-- The people whom agents serve. They belong to the organization and are shared by its agents.
create table conversation_user (
  id              uuid primary key,
  organization_id uuid        not null references organization (id) on delete cascade,
  first_name      text        not null,
  last_name       text        not null,
  context         text,
  source          text,
  email           text,
  -- The address with its case folded, by which it is unique.
  email_key       text,
  phone_number    text,
  fk_id           text,
  fk_user_id      text,
  metadata        jsonb,
  is_anonymized   boolean     not null default false,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  search_text     text generated always as (
    lower(first_name || ' ' || last_name || ' ' || coalesce(email, '') || ' ' || coalesce(phone_number, ''))
  ) stored
);

create unique index conversation_user_email on conversation_user (organization_id, email_key);
create unique index conversation_user_phone_number on conversation_user (organization_id, phone_number);
create unique index conversation_user_fk_id on conversation_user (organization_id, fk_id);
create index conversation_user_search on conversation_user using gin (search_text gin_trgm_ops);
