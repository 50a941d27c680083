-- Mailboxes that are read by IMAP, and how far. One node at a time reads each, by a lease.
create table mailbox (
  -- Server, user name and folder.
  key text primary key,
  -- UIDs mean something together with this one only (RFC 9051, section 2.3.1.1).
  uid_validity bigint,
  last_uid bigint not null default 0,
  holder uuid,
  leased_until timestamptz,
  -- What arrived before is left alone.
  created_at timestamptz not null
);

-- How many questions somebody asked lately.
create index inbound_sender on inbound (order_key, handled_at)
  where source = 'email' and status = 'handled';

-- How many replies somebody was sent lately.
create index delivery_correspondent on delivery (agent_id, lower(recipient), created_at)
  where kind = 'reply' and channel = 'email';
