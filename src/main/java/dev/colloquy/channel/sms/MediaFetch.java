package dev.colloquy.channel.sms;

import dev.colloquy.message.MessageFiles.NewFile;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the files of an MMS from where the gateway says that they are. The account's token goes
 * to the account's own address only. Nothing is fetched from private addresses, which a forged
 * message could otherwise have this server read, nor over plain HTTP, except from the account's own
 * address. Twilio redirects to where its files are: each step is checked anew.
 */
@Singleton
final class MediaFetch {
  /** How many bytes a file may have: what Twilio takes at most. */
  static final int MAX_FILE = 5 * 1024 * 1024;

  private static final int MAX_REDIRECTS = 3;
  private static final int ATTEMPTS = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Pattern TYPE =
      Pattern.compile("([a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100})(\\s*;.*)?");
  private static final Map<String, String> ENDINGS =
      Map.ofEntries(
          Map.entry("image/jpeg", ".jpg"),
          Map.entry("image/png", ".png"),
          Map.entry("image/gif", ".gif"),
          Map.entry("image/webp", ".webp"),
          Map.entry("image/heic", ".heic"),
          Map.entry("video/mp4", ".mp4"),
          Map.entry("video/3gpp", ".3gp"),
          Map.entry("audio/mpeg", ".mp3"),
          Map.entry("audio/amr", ".amr"),
          Map.entry("text/vcard", ".vcf"),
          Map.entry("text/x-vcard", ".vcf"),
          Map.entry("text/plain", ".txt"),
          Map.entry("application/pdf", ".pdf"));

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /** What became of one step. */
  private sealed interface Step {
    @SuppressWarnings("ArrayRecordComponent") // answers are never compared
    record Found(byte[] content, String type) implements Step {}

    record Elsewhere(URI where) implements Step {}

    /** It may be there later. */
    record NotYet() implements Step {}

    /** It is too large, or nowhere, or nowhere where it may be fetched from. */
    record No() implements Step {}
  }

  /** The files that could be fetched, in their order; called outside of transactions. */
  List<NewFile> fetch(TwilioMessages.Login login, List<InboundSms.Media> media)
      throws InterruptedException {
    var files = new ArrayList<NewFile>();
    for (var i = 0; i < media.size(); i++) {
      var found = fetch(login, media.get(i));
      if (found.isPresent()) {
        var declared = type(media.get(i).contentType());
        var type = declared.orElse(type(found.get().type()).orElse("application/octet-stream"));
        var name = "media-" + (i + 1) + ENDINGS.getOrDefault(type, "");
        files.add(new NewFile(name, type, found.get().content()));
      }
    }
    return files;
  }

  private static Optional<String> type(String text) {
    var matcher = TYPE.matcher(text.strip().toLowerCase(Locale.ROOT));
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private Optional<Step.Found> fetch(TwilioMessages.Login login, InboundSms.Media media)
      throws InterruptedException {
    for (var attempt = 1; attempt <= ATTEMPTS; attempt++) {
      switch (follow(login, media.url())) {
        case Step.Found found -> {
          return Optional.of(found);
        }
        case Step.NotYet() -> {
          if (attempt < ATTEMPTS) {
            Thread.sleep(PAUSE.multipliedBy(attempt));
          }
        }
        case Step.Elsewhere _, Step.No _ -> {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private Step follow(TwilioMessages.Login login, String url) throws InterruptedException {
    try {
      var where = URI.create(url);
      for (var redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
        var step = step(login, where);
        if (!(step instanceof Step.Elsewhere(var next))) {
          return step;
        }
        where = next;
      }
      return new Step.No();
    } catch (IllegalArgumentException e) {
      return new Step.No(); // no address
    }
  }

  private Step step(TwilioMessages.Login login, URI where) throws InterruptedException {
    var isOwn = isSameOrigin(where, URI.create(login.baseUrl()));
    if (!isOwn && !isPublic(where)) {
      return new Step.No();
    }
    var request = HttpRequest.newBuilder(where).GET();
    if (isOwn) {
      request.header("Authorization", login.header());
    }
    var answer =
        client.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_FILE));
    try {
      return step(where, answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return new Step.NotYet();
    } catch (ExecutionException e) {
      return isTooLarge(e.getCause()) ? new Step.No() : new Step.NotYet();
    } finally {
      answer.cancel(true);
    }
  }

  private static Step step(URI where, HttpResponse<byte[]> answer) {
    var status = answer.statusCode();
    var location = answer.headers().firstValue("Location");
    if (status / 100 == 3 && location.isPresent()) {
      return new Step.Elsewhere(where.resolve(location.get()));
    }
    if (status == 200) {
      return new Step.Found(answer.body(), answer.headers().firstValue("Content-Type").orElse(""));
    }
    // Shortly after its message a file is sometimes not there yet.
    return status == 404 || status == 429 || status >= 500 ? new Step.NotYet() : new Step.No();
  }

  private static boolean isTooLarge(@Nullable Throwable cause) {
    return cause instanceof IOException && String.valueOf(cause.getMessage()).contains("capacity");
  }

  private static boolean isSameOrigin(URI one, URI other) {
    return one.getHost() != null
        && one.getHost().equalsIgnoreCase(other.getHost())
        && one.getScheme().equalsIgnoreCase(other.getScheme())
        && one.getPort() == other.getPort();
  }

  /**
   * Whether an address is HTTPS at a host that is on the public network by all of its addresses.
   * The JDK keeps a host's addresses for a while, so these are those that are connected to.
   */
  static boolean isPublic(URI where) {
    if (!"https".equalsIgnoreCase(where.getScheme()) || where.getHost() == null) {
      return false;
    }
    try {
      for (var address : InetAddress.getAllByName(where.getHost())) {
        if (!isPublic(address)) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Not of this machine, its network, or any of those that are no part of the internet. */
  private static boolean isPublic(InetAddress address) {
    var bytes = address.getAddress();
    var first = bytes[0] & 0xff;
    var second = bytes[1] & 0xff;
    if (address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    if (bytes.length == 4) {
      return first != 0
          && first < 240
          && !(first == 100 && second >= 64 && second < 128) // RFC 6598
          && !(first == 192 && second == 0 && bytes[2] == 0) // RFC 6890
          && !(first == 198 && (second == 18 || second == 19)); // RFC 2544
    }
    return (first & 0xe0) == 0x20 // RFC 4291: global unicast
        && !(first == 0x20 && second == 0x02) // 6to4 names an IPv4 address
        && !(first == 0x20 && second == 0x01 && bytes[2] == 0 && bytes[3] == 0); // Teredo
  }
}
