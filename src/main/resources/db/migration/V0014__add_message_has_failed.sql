-- Questions whose turns failed or were cancelled: models are not told of them again.
alter table message add column has_failed boolean not null default false;

update message m
set has_failed = true
from turn t
where t.conversation_id = m.conversation_id
  and t.question_seq = m.seq
  and (t.status = 'failed'
       or t.status = 'merged'
         and exists (
           select from turn r
           where r.conversation_id = t.conversation_id
             and r.question_seq = t.answered_by
             and r.status = 'failed'));
