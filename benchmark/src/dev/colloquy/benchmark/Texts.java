package dev.colloquy.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Texts to the agent as Twilio posts them, each signed and from another number. */
final class Texts {
  private static final String AGENT = "+12125550100";

  private final Server server;
  private final StubTwilio twilio;
  private int people;

  /** Gives the agent a number and its account. */
  Texts(Server server, StubTwilio twilio) throws IOException, InterruptedException {
    this.server = server;
    this.twilio = twilio;
    server.setSkill(
        "sms", "{\"phoneNumber\":\"%s\",\"twilio\":%s}".formatted(AGENT, twilio.account()));
  }

  /** Texts to the agent, each of somebody new, whom the reply is to reach. */
  List<Posting> in(int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> posting("+1213%07d".formatted(2_000_000 + people++)))
        .toList();
  }

  private Posting posting(String person) {
    var path = "/channels/sms/twilio/" + server.agentId();
    // The server's own address, for colloquy.public-url is not set here.
    var url = "http://127.0.0.1:" + server.port() + path;
    var fields = fields(person);
    var headers =
        List.of(
            "Content-Type: application/x-www-form-urlencoded",
            "X-Twilio-Signature: " + twilio.sign(url, fields));
    return new Posting(person, HttpLine.request(server.port(), path, headers, form(fields)));
  }

  private Map<String, String> fields(String person) {
    var sid = "SM" + StubTwilio.hex();
    var fields = new LinkedHashMap<String, String>();
    fields.put("ToCountry", "US");
    fields.put("SmsMessageSid", sid);
    fields.put("NumMedia", "0");
    fields.put("SmsSid", sid);
    fields.put("SmsStatus", "received");
    fields.put("Body", "How long does delivery take, and how do I track my parcel?");
    fields.put("FromCountry", "US");
    fields.put("To", AGENT);
    fields.put("NumSegments", "1");
    fields.put("MessageSid", sid);
    fields.put("AccountSid", twilio.accountSid());
    fields.put("From", person);
    fields.put("ApiVersion", "2010-04-01");
    return fields;
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field ->
            URLEncoder.encode(field.getKey(), UTF_8)
                + "="
                + URLEncoder.encode(field.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }
}
