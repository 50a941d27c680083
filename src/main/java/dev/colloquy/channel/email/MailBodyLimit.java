package dev.colloquy.channel.email;

import dev.colloquy.platform.http.BodyLimit;
import dev.colloquy.skill.EmailConfig;
import jakarta.inject.Singleton;
import java.util.Set;

/** Mails may be larger than other requests. */
@Singleton
final class MailBodyLimit implements BodyLimit {
  private final EmailConfig config;

  MailBodyLimit(EmailConfig config) {
    this.config = config;
  }

  @Override
  public Set<String> paths() {
    return Set.of(EmailInboundResource.PATH, AnyEmailInboundResource.PATH);
  }

  @Override
  public long maxBytes() {
    return config.maxSize();
  }
}
