package dev.colloquy.channel.captured;

import dev.colloquy.message.SenderRole;
import io.quarkus.qute.RawString;
import io.quarkus.qute.TemplateData;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was said in a conversation, as the page shows it.
 *
 * @param blocks what was said over one channel without a break, the oldest first
 * @param older from which number on older messages can be had; null where there are none
 * @param notice what became of the answer that was just given; null for nothing to say
 */
@TemplateData
record ThreadView(
    String id,
    String agent,
    List<Block> blocks,
    @Nullable Long older,
    boolean isAnswering,
    @Nullable Notice notice) {
  ThreadView {
    blocks = List.copyOf(blocks);
  }

  /**
   * What was said over one channel.
   *
   * @param channel a channel's name, or another source's
   * @param title with whom
   */
  @TemplateData
  record Block(String channel, String title, List<Entry> entries) {}

  /**
   * A message.
   *
   * @param who {@code person}, {@code agent}, or {@code staff}: a person in the agent's place
   * @param html what was said
   * @param subject of a mail
   * @param raw the whole of what came in, where that differs
   * @param isCaptured whether it is kept in the place of being sent
   * @param failure why it has no answer
   */
  @TemplateData
  record Entry(
      String id,
      String who,
      String name,
      String at,
      String when,
      RawString html,
      @Nullable String from,
      @Nullable String to,
      @Nullable String subject,
      @Nullable String raw,
      boolean isCaptured,
      @Nullable String failure) {}

  /**
   * Something to say of an answer.
   *
   * @param tone {@code waiting}, {@code aside} or {@code failed}
   * @param conversation where it went, if that is another conversation
   */
  @TemplateData
  record Notice(String tone, String text, @Nullable String conversation) {}

  /** The messages, given newest first, in the blocks that they make. */
  static List<Block> blocks(
      CapturedRows.Row conversation, List<CapturedRows.Said> newestFirst, Times times) {
    var blocks = new ArrayList<Block>();
    for (var said : newestFirst.reversed()) {
      if (blocks.isEmpty() || !blocks.getLast().channel().equals(said.source())) {
        blocks.add(new Block(said.source(), title(conversation, said), new ArrayList<>()));
      }
      blocks.getLast().entries().add(entry(conversation, said, times));
    }
    return blocks;
  }

  private static String title(CapturedRows.Row conversation, CapturedRows.Said said) {
    var address = said.address() == null ? conversation.personName() : said.address();
    return switch (said.source()) {
      case "email" -> "E-mail";
      case "sms" -> "Text messages with " + address;
      case "voice" -> "Call to " + address;
      case "api" -> "Over the API";
      default -> "Over " + said.source().replace('_', ' ');
    };
  }

  private static Entry entry(CapturedRows.Row conversation, CapturedRows.Said said, Times times) {
    var isMail = said.source().equals("email");
    var isPerson = said.role() == SenderRole.CONVERSATION_USER;
    var person = mailbox(conversation.personName(), said.address());
    var agent = mailbox(conversation.agentName(), said.agentAddress());
    var text = said.body() == null ? said.text() : said.body();
    return new Entry(
        said.id().toString(),
        who(said.role()),
        name(conversation, said.role()),
        said.at().toString(),
        times.text(said.at()),
        isPerson || !isMail ? PlainText.html(text) : SafeMarkdown.html(text),
        isMail ? (isPerson ? person : agent) : null,
        isMail ? (isPerson ? agent : person) : null,
        isMail ? said.subject() : null,
        said.rawText(),
        said.body() != null,
        said.failure() == null ? null : said.failure().replace('_', ' '));
  }

  private static String mailbox(String name, @Nullable String address) {
    return address == null ? name : name + " <" + address + ">";
  }

  private static String who(SenderRole role) {
    return switch (role) {
      case CONVERSATION_USER -> "person";
      case ASSISTANT -> "agent";
      case MANUAL_ASSISTANT -> "staff";
    };
  }

  private static String name(CapturedRows.Row conversation, SenderRole role) {
    return switch (role) {
      case CONVERSATION_USER -> conversation.personName();
      case ASSISTANT -> conversation.agentName();
      case MANUAL_ASSISTANT -> "A person, for " + conversation.agentName();
    };
  }
}
