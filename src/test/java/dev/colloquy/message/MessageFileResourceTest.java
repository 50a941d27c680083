package dev.colloquy.message;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.colloquy.conversation.ConversationId;
import dev.colloquy.conversation.MessageId;
import dev.colloquy.platform.db.Database;
import dev.colloquy.testing.Api;
import dev.colloquy.testing.ServerTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@ServerTest
class MessageFileResourceTest {
  private static final String NAME = "Rechnung \"März\".html";
  private static final byte[] CONTENT =
      "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);

  @Inject Database database;
  private Api agent;
  private String conversation;
  private String file;

  @BeforeEach
  void keepAFile() {
    agent = Api.newAgent();
    conversation = agent.newConversation();
    var in = ConversationId.fromString(conversation);
    var question = agent.send(conversation, "Here it is").<String>path("conversationMessageId");
    file =
        database.inTransaction(tx -> {
          var id = MessageId.fromString(question);
          var files =
              MessageFiles.add(
                  tx,
                  in,
                  id,
                  List.of(new MessageFiles.NewFile(NAME, "text/html", CONTENT)),
                  Instant.now());
          Messages.complete(tx, in, id, null, files);
          return files.getFirst().id().toString();
        });
  }

  private String path(String fileId) {
    return "/external/conversations/" + conversation + "/message-files/" + fileId + "/signed-url";
  }

  private URI signed() {
    var answer = agent.get(path(file));
    answer.then().statusCode(200).body("fileId", equalTo(file));
    return URI.create(answer.path("signedUrl"));
  }

  private static String relative(URI url) {
    return url.getRawPath() + "?" + url.getRawQuery();
  }

  @Test
  void theMessageShowsItsFile() {
    var row = "messages[0].files[0].";
    agent
        .get("/external/conversations/" + conversation + "/messages")
        .then()
        .statusCode(200)
        .body(row + "id", equalTo(file))
        .body(row + "fileName", equalTo(NAME))
        .body(row + "contentType", equalTo("text/html"))
        .body(row + "size", equalTo(CONTENT.length));
  }

  @Test
  void aSignedAddressGivesTheFileAsAFileAndRunsNothing() {
    var fetched = given().urlEncodingEnabled(false).get(relative(signed()));
    fetched
        .then()
        .statusCode(200)
        .header("Content-Type", containsString("application/octet-stream"))
        .header("Content-Disposition", containsString("attachment"))
        .header("Content-Disposition", containsString("M%C3%A4rz%22.html"))
        .header("X-Content-Type-Options", equalTo("nosniff"))
        .header("Content-Security-Policy", containsString("sandbox"));
    assertThat(fetched.asByteArray()).isEqualTo(CONTENT);
  }

  @Test
  void anAddressThatWasChangedOrHasEndedOpensNothing() {
    var good = relative(signed());
    for (var bad :
        List.of(
            good.replaceAll("signature=.*", "signature=x"),
            good.replaceAll("&signature=.*", ""),
            good.replaceAll("expires=\\d+", "expires=99999999999"),
            good.replaceAll("expires=\\d+", "expires=1"),
            good.replace(file, UUID.randomUUID().toString()))) {
      given().urlEncodingEnabled(false).get(bad).then().statusCode(403);
    }
    given().urlEncodingEnabled(false).get(good.replace(file, "abc")).then().statusCode(404);
  }

  @Test
  void invariant8AnothersFileIsNotFound() {
    Api.newAgent().get(path(file)).then().statusCode(404);
    agent.get(path(UUID.randomUUID().toString())).then().statusCode(404);
    agent.get(path("abc")).then().statusCode(404);
  }
}
