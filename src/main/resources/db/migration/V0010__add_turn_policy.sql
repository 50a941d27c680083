-- What happens to a question that arrives while another one of its conversation is being answered,
-- and how long a question waits for more of its kind before it is answered.
alter table agent
  add column when_busy text not null default 'enqueue'
    check (when_busy in ('enqueue', 'reject', 'interrupt')),
  add column burst_window_ms integer not null default 0
    check (burst_window_ms between 0 and 60000);

alter table turn
  -- Of a merged turn: the question whose reply answers this one too.
  add column answered_by bigint,
  -- Of a pending turn that gathers a burst: when it may start, and when the burst began.
  add column starts_at timestamptz,
  add column gathers_since timestamptz,
  drop constraint turn_status_check,
  add constraint turn_status_check check (
    status in ('pending', 'running', 'completed', 'failed', 'superseded', 'merged'));

create index turn_merged on turn (conversation_id, answered_by) where status = 'merged';
