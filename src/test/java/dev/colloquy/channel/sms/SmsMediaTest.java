package dev.colloquy.channel.sms;

import static dev.colloquy.channel.sms.SmsScene.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.colloquy.platform.db.Database;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.testing.FakeTwilio;
import dev.colloquy.testing.FakeTwilio.Answer;
import dev.colloquy.testing.ServerTest;
import dev.colloquy.testing.StubModelServer;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The files of MMS. */
@ServerTest
class SmsMediaTest {
  @Inject Database database;
  @Inject PublicUrl publicUrl;
  StubModelServer stub;
  private final FakeTwilio twilio = FakeTwilio.start();
  private SmsScene scene;

  @BeforeEach
  void begin() {
    scene = new SmsScene(twilio, database, publicUrl, Map.of(), Map.of());
  }

  @AfterEach
  void reset() {
    stub.reset();
    twilio.close();
  }

  private Map<String, String> mms(String body, String type, String... urls) {
    var fields = twilio.message(scene.person, scene.number, body);
    fields.put("NumMedia", Integer.toString(urls.length));
    for (var i = 0; i < urls.length; i++) {
      fields.put("MediaUrl" + i, urls[i]);
      fields.put("MediaContentType" + i, type);
    }
    return fields;
  }

  private static Answer.Raw jpeg(String content) {
    return new Answer.Raw(
        200, Map.of("Content-Type", "image/jpeg"), content.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> files() {
    return database.read(tx ->
        tx.createQuery(
                """
                select f.file_name || ' ' || f.content_type || ' '
                       || convert_from(f.content, 'UTF8')
                from message_file f
                join conversation c on c.id = f.conversation_id
                where c.agent_id = cast(:agent as uuid)
                order by f.file_name
                """)
            .bind("agent", scene.agentId)
            .mapTo(String.class)
            .list());
  }

  @Test
  void filesAreKeptWithTheirMessage() {
    var one = twilio.file(jpeg("one"));
    var two = twilio.file(jpeg("two"));

    scene.receive(mms("Is this yours?", "image/jpeg", one, two));

    soon(() -> assertThat(twilio.taken()).hasSize(1));
    assertThat(files()).containsExactly("media-1.jpg image/jpeg one", "media-2.jpg image/jpeg two");
    assertThat(scene.said().getFirst()).isEqualTo("conversation_user: Is this yours?");
    assertThat(stub.requests())
        .anyMatch(asked ->
            asked
                .body()
                .toString()
                .contains("2 files that you cannot see: image/jpeg, image/jpeg"));
    List<String> names =
        scene
            .agent
            .get("/external/conversations/" + scene.conversations().getFirst() + "/messages")
            .path("messages.findAll { it.files != null }.collectMany { it.files.fileName }");
    assertThat(names).containsExactly("media-1.jpg", "media-2.jpg");
  }

  @Test
  void filesWithoutAWordAreAMessageToo() {
    var fields = mms("", "image/jpeg", twilio.file(jpeg("one")));
    scene.receive(fields);

    soon(() -> assertThat(scene.outcome(fields)).isEqualTo("question"));
    assertThat(scene.said().getFirst()).contains("sent 1 files without a word");
  }

  @Test
  void aFileThatMovedIsFetchedFromWhereItIs() {
    var there = twilio.file(jpeg("one"));
    var moved = twilio.file(new Answer.Raw(307, Map.of("Location", there), new byte[0]));
    var fields = mms("Look", "image/jpeg", moved);
    scene.receive(fields);

    soon(() -> assertThat(scene.outcome(fields)).isEqualTo("question"));
    assertThat(files()).containsExactly("media-1.jpg image/jpeg one");
  }

  @Test
  void theTokenGoesNowhereElseAndPrivateAddressesAreNotAsked() {
    try (var elsewhere = FakeTwilio.start()) {
      var secret = elsewhere.file(jpeg("secret"));
      var moved = twilio.file(new Answer.Raw(302, Map.of("Location", secret), new byte[0]));
      var fields =
          mms(
              "Look",
              "image/jpeg",
              secret,
              moved,
              "http://169.254.169.254/latest/meta-data/",
              "file:///etc/passwd",
              "no address",
              twilio.file(jpeg("one")));
      scene.receive(fields);

      soon(() -> assertThat(scene.outcome(fields)).isEqualTo("question"));
      assertThat(files()).containsExactly("media-6.jpg image/jpeg one");
      assertThat(elsewhere.fileLogins()).isEmpty();
    }
  }

  @Test
  void whatIsTooLargeOrNotThereIsLeftOutAndTheMessageIsNot() {
    var large = twilio.file(new Answer.Raw(200, Map.of(), new byte[MediaFetch.MAX_FILE + 1]));
    var fields = mms("Look", "image/../../etc\n", large, twilio.baseUrl() + "/nothing");
    scene.receive(fields);

    soon(() -> assertThat(scene.outcome(fields)).isEqualTo("question"));
    assertThat(files()).isEmpty();
    assertThat(scene.said().getFirst()).isEqualTo("conversation_user: Look");
  }
}
