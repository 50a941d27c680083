package dev.colloquy.channel.email;

import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.delivery.Outgoing;
import dev.colloquy.message.MessageOrigins;
import dev.colloquy.platform.db.Wire;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Which mails a mail continues (RFC 5322, section 3.6.4), so that mail programs show them together.
 *
 * @param parent the Message-ID of the mail that it answers or follows; null for the first
 * @param references the Message-IDs of the mails before it, oldest first
 */
record MailThread(@Nullable String parent, List<String> references) {
  // What others wrote goes into our headers: only what surely is a Message-ID, on a short line.
  private static final Pattern MESSAGE_ID =
      Pattern.compile("<[\\x21-\\x7e&&[^<>@]]{1,200}@[\\x21-\\x7e&&[^<>@]]{1,200}>");
  private static final int NEWEST = 10;

  private static final String EARLIER =
      """
      select external_id
      from (
        select o.external_id, m.created_at, m.id
        from message_origin o
        join message m on m.conversation_id = o.conversation_id and m.id = o.message_id
        where o.conversation_id = :conversation and m.source = 'email'
        union all
        select external_id, created_at, id
        from delivery
        where conversation_id = :conversation and channel = 'email' and id < :delivery
          and status in ('sent', 'delivered')
      ) mail
      where external_id is not null
      order by created_at desc, id desc
      limit 200
      """;

  MailThread {
    references = List.copyOf(references);
  }

  /** What the mail continues; runs in the caller's transaction. */
  static MailThread of(Handle tx, Outgoing outgoing) {
    var answered = answered(tx, outgoing);
    var earlier = earlier(tx, outgoing);
    var parent =
        answered
            .map(MessageOrigins.Origin::externalId)
            .orElse(earlier.isEmpty() ? null : earlier.getLast());
    if (parent == null) {
      return new MailThread(null, List.of());
    }
    var before = new LinkedHashSet<String>();
    answered.flatMap(of -> of.detail("references")).ifPresent(r -> before.addAll(ids(r)));
    var known = earlier.indexOf(parent);
    before.addAll(known < 0 ? earlier : earlier.subList(0, known));
    before.remove(parent);
    before.add(parent);
    return new MailThread(parent, shortened(new ArrayList<>(before)));
  }

  /** The mail whose question is answered, or else the newest that came in. */
  private static Optional<MessageOrigins.Origin> answered(Handle tx, Outgoing outgoing) {
    var conversation = outgoing.conversation();
    return tx.createQuery(
            "select question_id from message"
                + " where conversation_id = :conversation and id = :message")
        .bind("conversation", conversation.value())
        .bind("message", outgoing.message().value())
        .mapTo(UUID.class)
        .findOne()
        .flatMap(question -> MessageOrigins.find(tx, conversation, new MessageId(question)))
        .filter(MailThread::isMail)
        .or(() -> MessageOrigins.newest(tx, conversation, Wire.name(Channel.EMAIL)))
        .filter(MailThread::isMail);
  }

  private static boolean isMail(MessageOrigins.Origin origin) {
    var id = origin.externalId();
    return id != null && MESSAGE_ID.matcher(id).matches();
  }

  private static List<String> earlier(Handle tx, Outgoing outgoing) {
    return tx
        .createQuery(EARLIER)
        .bind("conversation", outgoing.conversation().value())
        .bind("delivery", outgoing.id().value())
        .mapTo(String.class)
        .list()
        .reversed()
        .stream()
        .filter(id -> MESSAGE_ID.matcher(id).matches())
        .toList();
  }

  private static List<String> ids(String references) {
    return MESSAGE_ID.matcher(references).results().map(MatchResult::group).toList();
  }

  /** The first says which thread it is, the newest where in it: the others can be spared. */
  private static List<String> shortened(List<String> ids) {
    if (ids.size() <= NEWEST + 1) {
      return ids;
    }
    var kept = new ArrayList<>(ids.subList(ids.size() - NEWEST, ids.size()));
    kept.addFirst(ids.getFirst());
    return kept;
  }
}
