-- What the first start made; one row.
create table installation (
  one                  boolean primary key default true check (one),
  demo_agent_id        uuid references agent (id) on delete set null,
  demo_conversation_id uuid references conversation (id) on delete set null,
  created_at           timestamptz not null
);
