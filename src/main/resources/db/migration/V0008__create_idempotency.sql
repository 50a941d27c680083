-- What was answered to requests with an Idempotency-Key, for as long as they may be repeated. Written
-- in the transaction of the effect.
create table idempotent_request (
  -- SHA-256 of key owner, method, path and Idempotency-Key.
  scope           bytea primary key,
  -- SHA-256 of query and body.
  fingerprint     bytea       not null,
  status          smallint,
  -- The answer, sealed with a key that is not in the database; null where the answer has no body.
  body            bytea,
  -- For a question that was sent, instead: its answer is read from its turn.
  conversation_id uuid,
  question_id     uuid,
  created_at      timestamptz not null,
  check ((status is null) = (question_id is not null)),
  check ((conversation_id is null) = (question_id is null))
);

create index idempotent_request_created on idempotent_request (created_at);
