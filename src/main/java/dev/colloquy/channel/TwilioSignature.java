package dev.colloquy.channel;

import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What Twilio signs its requests with, header {@code X-Twilio-Signature}: HMAC-SHA1 (RFC 2104)
 * under the account's token over the address that is called, query included, and after it each
 * posted field, name and value, in the order of the names; in base 64. Twilio's documentation,
 * "Validating signatures from Twilio".
 */
public final class TwilioSignature {
  private static final String MAC = "HmacSHA1";

  private TwilioSignature() {}

  /** The path and query of a request, which belong to what is signed. */
  public static String pathOf(HttpServerRequest request) {
    var query = request.query();
    return query == null ? request.path() : request.path() + "?" + query;
  }

  /** The signature of a request. */
  public static String of(String token, String url, Form form) {
    var signed = new StringBuilder(url);
    // A field that comes more than once counts once for each of its values, in their order.
    form.fields()
        .forEach((name, values) ->
            new TreeSet<>(values).forEach(value -> signed.append(name).append(value)));
    try {
      var mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(bytes(token), MAC));
      return Base64.getEncoder().encodeToString(mac.doFinal(bytes(signed.toString())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA1", e);
    }
  }

  /** Whether the signature is the account's; takes the same time whatever is wrong. */
  public static boolean isValid(String token, String url, Form form, String signature) {
    return MessageDigest.isEqual(bytes(of(token, url, form)), bytes(signature));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
