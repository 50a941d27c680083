package dev.colloquy.benchmark;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** Mails that the agent begins conversations with, and mails to it; each of another person. */
final class Mails {
  private static final String AGENT = "ada@agents.example";
  private static final String PERSON = "grace%d@people.example";
  private static final String TEXT =
      "Hello Ada,\r\n\r\nhow long does delivery take, and how do I track my parcel? My order is number %d.\r\n\r\n"
          + "Kind regards\r\nGrace\r\n";

  private final Server server;
  private int people;

  /** Gives the agent an address, and the mail server that takes its mails. */
  Mails(Server server, int smtpPort) throws IOException, InterruptedException {
    this.server = server;
    server.setSkill(
        "email",
        "{\"email\":\"%s\",\"senderName\":\"Ada\",\"smtp\":{\"host\":\"127.0.0.1\",\"port\":%d,\"security\":\"none\"}}"
            .formatted(AGENT, smtpPort));
  }

  /** Conversations that the agent begins: each is one mail to somebody new. */
  List<Posting> out(int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> {
          var person = PERSON.formatted(++people);
          var body =
              "{\"channel\":\"email\",\"firstName\":\"Grace\",\"lastName\":\"Number %d\",\"email\":\"%s\","
                  + "\"emailSubject\":\"Your order\",\"emailIntroduction\":\"Your order **was sent** this morning.\"}";
          return posting(
              person,
              "/external/conversations/start",
              "application/json",
              body.formatted(people, person));
        })
        .toList();
  }

  /** Mails to the agent, each of somebody new, whom the reply is to reach. */
  List<Posting> in(int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> {
          var person = PERSON.formatted(++people);
          return posting(person, "/channels/email/inbound", "message/rfc822", mail(person, people));
        })
        .toList();
  }

  private Posting posting(String person, String path, String type, String body) {
    var headers = List.of(String.join(": ", server.agentHeader()), "Content-Type: " + type);
    return new Posting(person, HttpLine.request(server.port(), path, headers, body));
  }

  /** As mail programs write them, in text and HTML: nearly 1 kB. */
  private static String mail(String person, int number) {
    var text = TEXT.formatted(number);
    return """
    Return-Path: <%1$s>
    Date: Mon, 23 Nov 2026 09:15:00 +0000
    From: Grace Number %2$d <%1$s>
    To: Ada <%3$s>
    Subject: My order %2$d
    Message-ID: <order-%2$d@people.example>
    MIME-Version: 1.0
    User-Agent: Mozilla Thunderbird
    Content-Type: multipart/alternative; boundary="the-boundary"

    This is a multi-part message in MIME format.
    --the-boundary
    Content-Type: text/plain; charset=UTF-8; format=flowed
    Content-Transfer-Encoding: quoted-printable

    %4$s
    --the-boundary
    Content-Type: text/html; charset=UTF-8
    Content-Transfer-Encoding: quoted-printable

    <!DOCTYPE html><html><head><meta http-equiv=3D"content-type" content=3D"text/html; charset=3DUTF-8"></head>
    <body><p>%5$s</p></body></html>
    --the-boundary--
    """
        .replace("\n", "\r\n")
        .formatted(person, number, AGENT, text, text.replace("\r\n", "<br>\r\n"));
  }
}
