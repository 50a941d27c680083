package dev.colloquy.channel.voice;

import dev.colloquy.channel.Form;
import dev.colloquy.channel.TwilioSignature;
import dev.colloquy.platform.db.Database;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Lets in only a WebSocket of a call of ours that is not over, signed by the agent's account over
 * its address (Twilio's documentation, "ConversationRelay: configure your WebSocket server"); 403
 * otherwise.
 */
@Singleton
final class RelayCheck implements HttpUpgradeCheck {
  private final Database database;
  private final CallTokens tokens;
  private final IncomingCalls incoming;
  private final RelayMarkup markup;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  RelayCheck(Database database, CallTokens tokens, IncomingCalls incoming, RelayMarkup markup) {
    this.database = database;
    this.tokens = tokens;
    this.incoming = incoming;
    this.markup = markup;
  }

  @PreDestroy
  void close() {
    threads.shutdownNow();
  }

  @Override
  public boolean appliesTo(String endpointId) {
    return endpointId.equals(RelayEndpoint.ID);
  }

  /** The one place where the server's own interface is not blocking: it is asked on its loop. */
  @Override
  public Uni<CheckResult> perform(HttpUpgradeContext context) {
    var token = context.pathParam("token");
    var signature = context.httpRequest().getHeader(TwilioVoiceResource.SIGNATURE);
    var loop = Vertx.currentContext();
    var result =
        Uni.createFrom()
            .item(() ->
                isOurs(token, signature)
                    ? CheckResult.permitUpgradeSync()
                    : CheckResult.rejectUpgradeSync(403))
            .runSubscriptionOn(threads);
    return loop == null ? result : result.emitOn(task -> loop.runOnContext(_ -> task.run()));
  }

  private boolean isOurs(@Nullable String token, @Nullable String signature) {
    if (token == null || signature == null) {
      return false;
    }
    return tokens
        .read(token)
        .flatMap(id -> database.read(tx -> Calls.find(tx, id)))
        .filter(call -> call.provider().equals(Call.TWILIO) && !call.isOver())
        .flatMap(call -> incoming.callee(call.agent().agent().toString()))
        .map(callee -> callee.skill().twilio())
        .map(account -> account.authToken())
        .filter(
            key -> TwilioSignature.isValid(key, markup.relayUrl(token), Form.parse(""), signature))
        .isPresent();
  }
}
