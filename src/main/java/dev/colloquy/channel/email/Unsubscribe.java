package dev.colloquy.channel.email;

import dev.colloquy.delivery.Outgoing;
import dev.colloquy.organization.AgentId;
import dev.colloquy.organization.OrganizationId;
import dev.colloquy.platform.db.Ids;
import dev.colloquy.platform.http.PublicUrl;
import dev.colloquy.platform.secret.Secrets;
import jakarta.inject.Singleton;
import java.util.Base64;
import java.util.Optional;

/**
 * The addresses by which recipients say that they want no more mails (RFC 2369, section 3.2; RFC
 * 8058). All that is needed is in the token, sealed: it works when the conversation is long
 * deleted, nobody can make one, and no log on its way shows whose it is.
 */
@Singleton
final class Unsubscribe {
  static final String PATH = "/unsubscribe/";
  private static final String SCOPE = "unsubscribe";

  private final Secrets secrets;
  private final PublicUrl publicUrl;

  Unsubscribe(Secrets secrets, PublicUrl publicUrl) {
    this.secrets = secrets;
    this.publicUrl = publicUrl;
  }

  /** Who wants no more mails, and whose. */
  record Subscription(OrganizationId organization, AgentId agent, String address) {}

  /** Where the recipient of a mail says it. */
  String url(Outgoing outgoing) {
    var agent = outgoing.agent();
    var text = agent.organization() + " " + agent.agent() + " " + outgoing.recipient();
    var token = Base64.getUrlEncoder().withoutPadding().encodeToString(secrets.seal(SCOPE, text));
    return publicUrl.of(PATH + token);
  }

  /** Whose token it is; nothing where it is not this installation's. */
  Optional<Subscription> read(String token) {
    byte[] sealed;
    try {
      sealed = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return secrets.open(SCOPE, sealed).map(text -> text.split(" ", 3)).flatMap(Unsubscribe::of);
  }

  private static Optional<Subscription> of(String[] parts) {
    return Ids.parse(parts[0])
        .flatMap(organization ->
            Ids.parse(parts[1])
                .map(agent ->
                    new Subscription(
                        new OrganizationId(organization), new AgentId(agent), parts[2])));
  }
}
