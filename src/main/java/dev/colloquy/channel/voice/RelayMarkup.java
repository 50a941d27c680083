package dev.colloquy.channel.voice;

import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.skill.VoiceSkill;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Twilio is told to do in a call, in its markup: to connect it with us by ConversationRelay
 * (Twilio's documentation, "TwiML Voice: ConversationRelay").
 */
@Singleton
final class RelayMarkup {
  /** The path below which everything of Twilio's calls is. */
  static final String PATH = "/channels/voice/twilio";

  /** The path below which is what belongs to a call. */
  static final String CALLS = PATH + "/calls";

  /** Where the conversation itself is. */
  static final String RELAY = PATH + "/relay";

  /** What Twilio's ids look like. */
  static final Pattern SID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

  /** There is nothing more to do: the call ends. */
  static final String NOTHING = HEAD + "<Response/>";

  /** The call is not taken. */
  static final String REJECT = HEAD + "<Response><Reject/></Response>";

  private final CallTokens tokens;
  private final PublicUrl publicUrl;

  RelayMarkup(CallTokens tokens, PublicUrl publicUrl) {
    this.tokens = tokens;
    this.publicUrl = publicUrl;
  }

  /**
   * Connects the call.
   *
   * @param greeting what is said first; null: the agent waits until it is spoken to
   */
  String connect(Call call, VoiceSkill skill, @Nullable String greeting) {
    var token = tokens.of(call.id());
    var xml = new StringBuilder(HEAD).append("<Response><Connect");
    attribute(xml, "action", publicUrl.of(CALLS + "/" + token + "/action"));
    xml.append("><ConversationRelay");
    attribute(xml, "url", relayUrl(token));
    attribute(xml, "welcomeGreeting", greeting);
    attribute(xml, "dtmfDetection", "true");
    attribute(xml, "language", skill.language());
    attribute(xml, "voice", skill.voice());
    return xml.append("/></Connect></Response>").toString();
  }

  /** Where Twilio opens the WebSocket of the call; its signature is made over it. */
  String relayUrl(String token) {
    return publicUrl.of(RELAY + "/" + token).replaceFirst("^http", "ws");
  }

  private static void attribute(StringBuilder xml, String name, @Nullable String value) {
    if (value != null) {
      xml.append(' ').append(name).append("=\"").append(escape(value)).append('"');
    }
  }

  /** Text as it may stand in an attribute (XML 1.0, sections 2.2 and 2.4). */
  private static String escape(String text) {
    var xml = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> xml.append("&amp;");
            case '<' -> xml.append("&lt;");
            case '>' -> xml.append("&gt;");
            case '"' -> xml.append("&quot;");
            case '\'' -> xml.append("&apos;");
            case '\t', '\n', '\r' -> xml.append("&#").append(c).append(';');
            default -> {
              var isAllowed =
                  c >= 0x20 && c != 0xfffe && c != 0xffff && !(c >= 0xd800 && c <= 0xdfff);
              if (isAllowed) {
                xml.appendCodePoint(c);
              }
            }
          }
        });
    return xml.toString();
  }
}
