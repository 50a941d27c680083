package dev.colloquy.channel.captured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import dev.colloquy.testing.Api;
import dev.colloquy.testing.Expect;
import dev.colloquy.testing.ModelAnswer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.Unique;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ServerTest
class CapturedResourceTest extends CapturedScene {
  @Test
  void aMailIsShownAsAMailProgramShowsIt() {
    var address = Unique.email();
    var conversation = mail(address, "It was **sent**:\n\n- one\n- two\n");

    assertThat(html("/" + conversation))
        .contains("Ada of the shop", "Grace Hopper &lt;" + address + "&gt;", "Your order 4711")
        .contains("<strong>sent</strong>", "<li>one</li>")
        .contains("captured, not sent", "Captured: nothing left the building")
        .contains("the agent answers");
    assertThat(html("")).contains(address, "/dev/channels/" + conversation);
  }

  @Test
  void textsAreBubblesAndCallsATranscript() {
    var number = Unique.phone();
    assertThat(html("/" + sms(number)))
        .contains("block sms", "Text messages with " + number, "It was sent.", "Answer by text");
    assertThat(html("/" + call(Unique.phone())))
        .contains("block voice", "Call to +1", "Good day.", "Say it in the call");
  }

  @Test
  void whoWasWrittenToLastComesFirst() {
    var first = sms(Unique.phone());
    var second = sms(Unique.phone());
    assertThat(html("")).containsSubsequence("/dev/channels/" + second, "/dev/channels/" + first);
  }

  @Test
  void theListComesInPages() {
    for (var i = 0; i < 21; i++) {
      sms(Unique.phone());
    }
    var first = html("");
    var second = html("?page=2");
    assertThat(Pattern.compile("<li>").matcher(first).results()).hasSize(20);
    assertThat(first).contains("href=\"/dev/channels?page=2\"").doesNotContain("rel=\"prev\"");
    assertThat(second).contains("href=\"/dev/channels?page=1\"", "<li>");
    assertThat(links(first)).doesNotContainAnyElementsOf(links(second));
    Expect.badField(get("?page=0"), "page");
    Expect.badField(get("?page=x"), "page");
  }

  private static List<String> links(String html) {
    return Pattern.compile("<li><a href=\"([^\"]+)\"")
        .matcher(html)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void aLongConversationComesInPages() {
    var conversation = call(Unique.phone());
    database.useTransaction(tx ->
        tx.createUpdate(
                """
                insert into message (
                  conversation_id, seq, id, role, source, text, tokens, created_at, position, agent_id)
                select :conversation, 1000 + n, gen_random_uuid(), 'conversation_user', 'voice',
                       'words number ' || n || '.', 1, now(), 0, :agent
                from generate_series(1, 101) n
                """)
            .bind("conversation", UUID.fromString(conversation))
            .bind("agent", UUID.fromString(agentId))
            .execute());
    assertThat(html("/" + conversation))
        .contains("words number 101.", "words number 2.", "?before=1002")
        .doesNotContain("words number 1.");
    assertThat(html("/" + conversation + "?before=1002"))
        .contains("words number 1.", "Good day.")
        .doesNotContain("words number 2.", "hx-get=\"/dev/channels/" + conversation);
    Expect.badField(get("/" + conversation + "?before=x"), "before");
  }

  @Test
  void nothingThatSomebodyWroteIsMarkup() {
    var evil = "<script>alert(1)</script>";
    var conversation =
        start(
            Map.of(
                "channel",
                "email",
                "firstName",
                "<img src=x onerror=alert(2)>",
                "email",
                Unique.email(),
                "emailSubject",
                "</title><script>alert(3)</script>",
                "emailIntroduction",
                evil
                    + "\n\n[link](javascript:alert(4)) ![](https://tracker.example/p.png)"
                    + "\n\n<iframe src=https://evil.example></iframe> {evil} {#raw}"));
    answer(conversation, "email", evil).then().statusCode(303);
    for (var html : List.of(html("/" + conversation), html(""))) {
      assertThat(html)
          .doesNotContain("<script>", "<img", "<iframe", "=\"javascript:", "='javascript:", "<b>")
          .contains("&lt;img src=x onerror=alert(2)&gt;");
    }
    assertThat(html("/" + conversation))
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "{evil} {#raw}")
        .contains("href=\"https://tracker.example/p.png\"");

    var call = call(Unique.phone());
    answer(call, "voice", evil).then().statusCode(303);
    assertThat(html("/" + call)).contains("&lt;script&gt;alert(1)").doesNotContain("<script>");
  }

  @Test
  void everyPageForbidsWhatItDoesNotNeed() {
    for (var path : List.of("", "/" + sms(Unique.phone()), "/assets/style.css")) {
      get(path)
          .then()
          .statusCode(200)
          .header(
              "Content-Security-Policy", containsString("default-src 'none'; script-src 'self'"))
          .header("Content-Security-Policy", not(containsString("unsafe")))
          .header("X-Content-Type-Options", "nosniff")
          .header("X-Frame-Options", "DENY")
          .header("Cache-Control", "no-store");
    }
    assertThat(get("/assets/htmx.js").then().statusCode(200).extract().asString()).contains("htmx");
  }

  @Test
  void anAnswerByMailComesInAsARealMail() throws Exception {
    var address = Unique.email();
    var conversation = mail(address, "It was sent.\nAda");

    var answered = answer(conversation, "email", "Grüße,\r\nwhere is it?");

    answered
        .then()
        .statusCode(303)
        .header("Location", containsString(PAGE + "/" + conversation + "?kept="));
    var mail =
        new MimeMessage(
            Session.getInstance(new Properties()), new ByteArrayInputStream(kept("email")));
    var from = (InternetAddress) mail.getFrom()[0];
    var to = (InternetAddress) mail.getRecipients(Message.RecipientType.TO)[0];
    assertThat(from.getAddress()).isEqualTo(address);
    assertThat(from.getPersonal()).isEqualTo("Grace Hopper");
    assertThat(to.getAddress()).isEqualTo("agent-" + agentId + "@captured.invalid");
    assertThat(mail.getSubject()).isEqualTo("Re: Your order 4711");
    assertThat(mail.getSentDate()).isNotNull();
    assertThat(mail.getMessageID()).matches("<[0-9a-f-]{36}@captured\\.invalid>");
    var delivery = delivery(conversation);
    assertThat(mail.getHeader("In-Reply-To", null))
        .isEqualTo("<" + delivery + "@captured.invalid>")
        .isEqualTo(mail.getHeader("References", null));
    assertThat(mail.getContent().toString().replace("\r\n", "\n"))
        .startsWith("Grüße,\nwhere is it?\n\nOn ")
        .endsWith(", Ada of the shop wrote:\n> It was sent.\n> Ada\n");
    assertThat(html(answered.header("Location").replaceFirst(".*" + PAGE, ""))).isNotBlank();
  }

  private String delivery(String conversation) {
    return database.read(tx ->
        tx.createQuery(
                "select cast(id as text) from delivery where conversation_id = :id"
                    + " and kind = 'start'")
            .bind("id", UUID.fromString(conversation))
            .mapTo(String.class)
            .one());
  }

  @Test
  void anAnswerByTextComesInAsFromTheGateway() {
    var number = Unique.phone();
    var conversation = sms(number);

    answer(conversation, "sms", "Where is it? 1+1=2 & so on").then().statusCode(303);

    var fields = new HashMap<String, String>();
    for (var field : new String(kept("twilio-sms"), StandardCharsets.UTF_8).split("&", -1)) {
      var parts = field.split("=", 2);
      fields.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    assertThat(fields)
        .containsEntry("From", number)
        .containsEntry("To", "")
        .containsEntry("Body", "Where is it? 1+1=2 & so on")
        .hasEntrySatisfying("MessageSid", sid -> assertThat(sid).matches("SMdev[0-9a-f]{32}"));
  }

  @Test
  void whatIsSaidInACallIsAnsweredInTheTranscript() {
    model.next(ModelAnswer.reply("It is on its way."));
    var conversation = call(Unique.phone());

    answer(conversation, "voice", "Where is my order?")
        .then()
        .statusCode(303)
        .header("Location", containsString(PAGE + "/" + conversation));

    await().atMost(SOON).until(() -> html("/" + conversation).contains("It is on its way."));
    assertThat(html("/" + conversation))
        .containsSubsequence("Good day.", "Where is my order?", "It is on its way.");
    assertThat(messages(conversation)).extracting("source").containsOnly("voice");
    assertThat(
            Api.superAdmin()
                .get("/admin/deliveries?conversationId=" + conversation)
                .<Integer>path("totalItems"))
        .isEqualTo(1);
  }

  @Test
  void aFormThatIsSentTwiceHasOneEffect() {
    var mail = mail(Unique.email(), "It was sent.");
    var call = call(Unique.phone());
    for (var conversation : List.of(mail, call)) {
      var html = html("/" + conversation);
      for (var i = 0; i < 2; i++) {
        form(html)
            .formParam("key", field(html, "key"))
            .formParam("channel", conversation.equals(mail) ? "email" : "voice")
            .formParam("text", "Only once.")
            .post(PAGE + "/" + conversation + "/answers")
            .then()
            .statusCode(303);
      }
    }
    assertThat(keptCount()).isEqualTo(1);
    assertThat(messages(call)).filteredOn("message", "Only once.").hasSize(1);
  }

  @Test
  void anAnswerThatCannotBeSentIsToldOnThePage() {
    var conversation = sms(Unique.phone());
    answer(conversation, "sms", "   ")
        .then()
        .statusCode(400)
        .contentType("text/html;charset=UTF-8")
        .body(containsString("text must not be empty"));
    answer(conversation, "sms", "x".repeat(1601))
        .then()
        .statusCode(400)
        .body(containsString("at most 1,600 characters"));
    answer(conversation, "sms", "a\0b").then().statusCode(400);
    Expect.badField(answer(conversation, "email", "Hello"), "channel");
    Expect.badField(answer(conversation, "api", "Hello"), "channel");
    assertThat(keptCount()).isZero();
  }

  @Test
  void aPersonWhoAnswersInTheAgentsPlaceIsSeen() {
    var conversation = mail(Unique.email(), "It was sent.");
    var path = "/external/conversations/" + conversation;
    agent.put(path + "/mode", Map.of("mode", "manual")).then().statusCode(200);
    agent
        .post(path + "/send-manual-message", Map.of("message", "This is Ada herself."))
        .then()
        .statusCode(200);

    assertThat(html("/" + conversation))
        .contains("This is Ada herself.", "entry staff", "a person answers")
        .doesNotContain("the agent answers");
  }

  @Test
  void anAgentThatIsAtWorkIsSeenAndAFailureToo() {
    model.latency(Duration.ofSeconds(2)).next(new ModelAnswer.Status(400, Map.of(), "{}"));
    var conversation = call(Unique.phone());
    answer(conversation, "voice", "Where is my order?").then().statusCode(303);
    assertThat(html("/" + conversation)).contains("Ada of the shop is answering");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(html("/" + conversation))
                .contains("No answer: ")
                .doesNotContain("is answering"));
  }

  @Test
  void whatChangedIsGivenAnewAndWhatDidNotIsNot() {
    var conversation = call(Unique.phone());
    var part = html("/" + conversation + "/thread");
    var url = Pattern.compile("hx-get=\"([^\"]+)\"").matcher(part);
    assertThat(url.find()).isTrue();
    var next = url.group(1).replace("&amp;", "&").replaceFirst(PAGE, "");

    get(next).then().statusCode(204);
    answer(conversation, "voice", "Hello?").then().statusCode(303);
    assertThat(html(next)).contains("Hello?");

    var list2 = new AtomicReference<>("");
    // The reply, and what happens in conversations of other tests, changes the list too.
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          var list = Pattern.compile("hx-get=\"([^\"]+)\"").matcher(html("/list?current=x"));
          assertThat(list.find()).isTrue();
          list2.set(list.group(1).replace("&amp;", "&").replaceFirst(PAGE, ""));
          get(list2.get()).then().statusCode(204);
        });
    var other = sms(Unique.phone());
    assertThat(html(list2.get())).contains(other);
  }

  @ParameterizedTest
  @ValueSource(strings = {"queued", "sent", "delivered", "failed", "unknown"})
  void whatReallyLeftTheBuildingIsNotShown(String status) {
    var conversation = sms(Unique.phone());
    assertThat(html("/" + conversation)).contains("It was sent.");
    database.useTransaction(tx ->
        tx.createUpdate(
                """
                insert into delivery (
                  conversation_id, id, organization_id, agent_id, message_id, kind, channel, status,
                  recipient, body, created_at, updated_at)
                select conversation_id, gen_random_uuid(), organization_id, agent_id, message_id, kind,
                       channel, :status, recipient, 'Really sent', created_at, updated_at
                from delivery
                where conversation_id = :id
                """)
            .bind("status", status)
            .bind("id", UUID.fromString(conversation))
            .execute());

    Expect.notFound(get("/" + conversation));
    Expect.notFound(get("/" + conversation + "/thread"));
    assertThat(html("")).doesNotContain(conversation);
    form(html(""))
        .formParam("key", UUID.randomUUID().toString())
        .formParam("channel", "sms")
        .formParam("text", "Hello")
        .post(PAGE + "/" + conversation + "/answers")
        .then()
        .statusCode(404);
    assertThat(keptCount()).isZero();
  }

  @Test
  void aConversationOverTheApiIsNoneOfThem() {
    var conversation = agent.newConversation();
    Expect.notFound(get("/" + conversation));
    Expect.notFound(get("/" + UUID.randomUUID()));
    Expect.notFound(get("/nothing"));
  }

  @Test
  void aConversationIsStartedFromThePage() {
    var address = Unique.email();
    var started =
        form(html(""))
            .formParam("channel", "email")
            .formParam("firstName", "Grace")
            .formParam("lastName", "Hopper")
            .formParam("email", address)
            .formParam("subject", "Welcome")
            .formParam("text", "Hello Grace.")
            .post(PAGE + "/conversations");
    started.then().statusCode(303);
    assertThat(html(started.header("Location").replaceFirst(".*" + PAGE, "")))
        .contains("Hello Grace.", address, "Welcome");

    form(html(""))
        .formParam("channel", "sms")
        .formParam("firstName", "Grace")
        .formParam("lastName", "Hopper")
        .formParam("phoneNumber", "no number")
        .formParam("text", "Hello Grace.")
        .post(PAGE + "/conversations")
        .then()
        .statusCode(400)
        .contentType("text/html;charset=UTF-8")
        .body(containsString("phoneNumber"), containsString("no number"));
  }
}
