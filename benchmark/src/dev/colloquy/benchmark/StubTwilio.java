package dev.colloquy.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.net.URLDecoder;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An account at Twilio: takes messages at {@code Messages.json} and signs webhooks. A message has
 * arrived when its request is read. Any thread.
 */
final class StubTwilio implements Closeable {
  private static final Pattern TO = Pattern.compile("(?:^|&)To=([^&]+)");

  private final String accountSid = "AC" + hex();
  private final String authToken = hex();
  private final Arrivals arrivals;
  private final StubHttp api;

  StubTwilio(Arrivals arrivals) throws IOException {
    this.arrivals = arrivals;
    api = new StubHttp(this::take);
  }

  String accountSid() {
    return accountSid;
  }

  /** The account as the settings of an agent have it, JSON. */
  String account() {
    return "{\"accountSid\":\"%s\",\"authToken\":\"%s\",\"baseUrl\":\"%s\"}"
        .formatted(accountSid, authToken, api.baseUrl());
  }

  private Optional<String> take(String path, String body) {
    var to = TO.matcher(body);
    if (!path.equals("/2010-04-01/Accounts/" + accountSid + "/Messages.json") || !to.find()) {
      return Optional.empty();
    }
    arrivals.arrived(URLDecoder.decode(to.group(1), UTF_8));
    return Optional.of("{\"sid\":\"SM%s\",\"status\":\"queued\"}".formatted(hex()));
  }

  /** The signature of a webhook, as "Validating signatures from Twilio" has it. */
  String sign(String url, Map<String, String> fields) {
    var text = new StringBuilder(url);
    new TreeMap<>(fields).forEach((name, value) -> text.append(name).append(value));
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(authToken.getBytes(UTF_8), "HmacSHA1"));
      return Base64.getEncoder().encodeToString(mac.doFinal(text.toString().getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA1", e);
    }
  }

  /** 32 random digits, as Twilio's ids end with. */
  static String hex() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  @Override
  public void close() throws IOException {
    api.close();
  }
}
