package dev.colloquy.channel.captured;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.RawString;
import io.quarkus.qute.TemplateInstance;
import org.jspecify.annotations.Nullable;

/** The page's templates, in {@code templates/captured}. */
@CheckedTemplate(basePath = "captured")
final class Templates {
  private Templates() {}

  /** The list alone, and how a conversation is started. */
  static native TemplateInstance index(RawString list, StartView start);

  /** The list, and a conversation beside it. */
  static native TemplateInstance conversation(
      RawString list, RawString thread, ConversationView conversation, @Nullable String error);

  /** What is within the list. */
  static native TemplateInstance list(ListView list);

  /** What is within a conversation. */
  static native TemplateInstance thread(ThreadView thread);

  /**
   * A part that asks for its successor by itself.
   *
   * @param url answers with the next version, or 204 while there is none
   */
  static native TemplateInstance live(String id, String url, RawString content);
}
