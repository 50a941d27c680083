package dev.colloquy.channel.email;

import dev.colloquy.apikey.KeyOwner;
import dev.colloquy.platform.db.Rows;
import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** How many mails the agent wrote to somebody lately, and is about to write. */
final class MailRate {
  private static final Duration HOUR = Duration.ofHours(1);

  private MailRate() {}

  static int within(Handle tx, KeyOwner.OfAgent agent, MailAddress to, Instant now) {
    var sql =
        """
        select
          (select count(*)
           from delivery
           where agent_id = :agent and created_at > :since and kind = 'reply' and channel = 'email'
             and lower(recipient) = :address)
          + (select count(*)
             from inbound i
             join turn t on t.conversation_id = i.conversation_id
               and t.question_id = i.message_id and t.agent_id = :agent
             where i.source = 'email' and i.status = 'handled' and i.order_key = :address
               and i.handled_at > :since and t.status in ('pending', 'running'))
        """;
    return tx.createQuery(sql)
        .bind("agent", agent.agent().value())
        .bind("since", Rows.time(now.minus(HOUR)))
        .bind("address", to.key())
        .mapTo(Integer.class)
        .one();
  }
}
