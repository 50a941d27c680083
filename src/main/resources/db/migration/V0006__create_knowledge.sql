-- What agents can look up. A document's chunks are written once and never changed; a document that
-- changes gets new chunks in the transaction that replaces it.

create table knowledge (
  agent_id uuid primary key references agent (id) on delete cascade,
  -- Grows with every change to the agent's documents, so that a node sees with one small read
  -- whether what it holds in memory is still right.
  version bigint not null,
  document_count integer not null
);

create table document (
  id uuid primary key,
  agent_id uuid not null references agent (id) on delete cascade,
  name text not null,
  content_hash bytea not null,
  -- How the text was cut and embedded; a newer server makes documents of an older format anew.
  format smallint not null,
  created_at timestamptz not null default now(),
  unique (agent_id, name)
);

create table document_chunk (
  document_id uuid not null references document (id) on delete cascade,
  ordinal integer not null,
  heading text not null,
  text text not null,
  -- 384 signed bytes: the direction of the chunk's vector, its length does not matter.
  embedding bytea not null,
  primary key (document_id, ordinal)
);
