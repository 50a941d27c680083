package dev.colloquy.channel.captured;

import dev.colloquy.conversation.Channel;
import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.ConversationMode;
import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.db.Wire;
import dev.colloquy.platform.http.ApiException;
import dev.colloquy.platform.http.PageRequest;
import dev.colloquy.platform.http.QueryText;
import io.quarkus.qute.RawString;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes the pages, from what is stored at this moment. */
@Singleton
final class CapturedPages {
  private static final int CONVERSATIONS = 20;
  private static final int MESSAGES = 100;

  private final Database database;
  private final FormToken token;
  private final Clock clock;

  CapturedPages(Database database, FormToken token, Clock clock) {
    this.database = database;
    this.token = token;
    this.clock = clock;
  }

  /**
   * A part of a page that asks for its next version by itself.
   *
   * @param version another one whenever anything in it is another
   */
  record Live(String version, RawString html) {}

  /** The list of conversations, and how one is started. */
  String index(@Nullable String page, String host, StartForm form, @Nullable String error) {
    var list = list(page, null);
    var start =
        database.read(tx ->
            new StartView(
                StartForm.EXAMPLE.curl("http://" + host),
                CapturedRows.list(tx, 1, 0).isEmpty(),
                CapturedRows.demoAgent(tx).isPresent(),
                token.text(),
                form,
                error));
    return Templates.index(list.html(), start).render();
  }

  /** A conversation, with the list beside it. */
  String conversation(
      ConversationId id,
      @Nullable String before,
      @Nullable String kept,
      @Nullable String error,
      @Nullable String text) {
    var row = require(id);
    var view =
        new ConversationView(
            id.toString(),
            row.personName(),
            row.recipient(),
            row.agentName(),
            row.mode() == ConversationMode.MANUAL,
            choices(row),
            token.text(),
            Ids.next().toString(),
            text == null ? "" : text);
    return Templates.conversation(
            list(null, id).html(), thread(id, before, kept).html(), view, error)
        .render();
  }

  private static List<ConversationView.Choice> choices(CapturedRows.Row row) {
    return row.channels().stream()
        .map(channel ->
            new ConversationView.Choice(
                Wire.name(channel),
                verb(channel),
                Answers.longest(channel),
                channel == row.channels().getFirst()))
        .toList();
  }

  private static String verb(Channel channel) {
    return switch (channel) {
      case EMAIL -> "Answer by e-mail";
      case SMS -> "Answer by text";
      case VOICE -> "Say it in the call";
      case API, LIVE_CHAT -> throw new IllegalArgumentException("nothing is delivered over it");
    };
  }

  /** The list of conversations. */
  Live list(@Nullable String page, @Nullable ConversationId current) {
    var asked = PageRequest.of(page, Integer.toString(CONVERSATIONS), null);
    var rows = database.read(tx -> CapturedRows.list(tx, CONVERSATIONS + 1, asked.offset()));
    var times = Times.of(clock);
    var view =
        new ListView(
            rows.stream()
                .limit(CONVERSATIONS)
                .map(row -> ListView.item(row, current, times))
                .toList(),
            asked.page() > 1 ? asked.page() - 1 : null,
            rows.size() > CONVERSATIONS ? asked.page() + 1 : null);
    var url = CapturedChannels.PATH + "/list?page=" + asked.page();
    return live(
        "list", current == null ? url : url + "&current=" + current, Templates.list(view).render());
  }

  /** What was said in a conversation. */
  Live thread(ConversationId id, @Nullable String before, @Nullable String kept) {
    var limit = QueryText.number("before", before, 1, Long.MAX_VALUE, Long.MAX_VALUE);
    var inbound = Ids.parse(kept).orElse(null);
    var view =
        database.inTransaction(tx -> {
          var row = CapturedRows.find(tx, id).orElseThrow(ApiException::notFound);
          var said = CapturedRows.messages(tx, id, limit, MESSAGES + 1);
          var shown = said.subList(0, Math.min(MESSAGES, said.size()));
          var notice =
              inbound == null
                  ? null
                  : CapturedRows.kept(tx, inbound).map(k -> notice(k, id)).orElse(null);
          return new ThreadView(
              id.toString(),
              row.agentName(),
              ThreadView.blocks(row, shown, Times.of(clock)),
              said.size() > MESSAGES ? shown.getLast().seq() : null,
              row.isAnswering(),
              notice);
        });
    var html = Templates.thread(view).render();
    if (before != null) {
      return new Live("", new RawString(html)); // what is older changes no more
    }
    var url = CapturedChannels.PATH + "/" + id + "/thread";
    return live("thread", inbound == null ? url : url + "?kept=" + inbound, html);
  }

  private static Live live(String id, String url, String html) {
    var version = UUID.nameUUIDFromBytes(html.getBytes(StandardCharsets.UTF_8)).toString();
    var next = url + (url.contains("?") ? "&" : "?") + "known=" + version;
    var live = Templates.live(id, next, new RawString(html));
    return new Live(version, new RawString(live.render()));
  }

  private static ThreadView.@Nullable Notice notice(CapturedRows.Kept kept, ConversationId here) {
    var outcome = kept.outcome() == null ? "" : ": " + kept.outcome().replace('_', ' ');
    var to = kept.conversation();
    return switch (kept.status()) {
      case "received" ->
          new ThreadView.Notice("waiting", "Your answer came in and is being read.", null);
      case "ignored" -> new ThreadView.Notice("aside", "Your answer was put aside" + outcome, null);
      case "failed" ->
          new ThreadView.Notice("failed", "Your answer could not be read" + outcome, null);
      default -> {
        if (to == null) {
          yield new ThreadView.Notice("aside", "Your answer was taken" + outcome, null);
        }
        yield to.equals(here)
            ? null
            : new ThreadView.Notice(
                "aside", "Your answer went into another conversation.", to.toString());
      }
    };
  }

  private CapturedRows.Row require(ConversationId id) {
    return database.read(tx -> CapturedRows.find(tx, id)).orElseThrow(ApiException::notFound);
  }
}
