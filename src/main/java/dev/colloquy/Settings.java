package dev.colloquy;

import dev.colloquy.bootstrap.BootstrapConfig;
import dev.colloquy.channel.DeliveryConfig;
import dev.colloquy.channel.InboundConfig;
import dev.colloquy.channel.captured.DevConfig;
import dev.colloquy.closing.ClosingConfig;
import dev.colloquy.idempotency.IdempotencyConfig;
import dev.colloquy.knowledge.KnowledgeConfig;
import dev.colloquy.model.ModelConfig;
import dev.colloquy.platform.http.HttpConfig;
import dev.colloquy.platform.http.StreamConfig;
import dev.colloquy.platform.launch.Setting;
import dev.colloquy.skill.EmailConfig;
import dev.colloquy.skill.SmsConfig;
import dev.colloquy.skill.VoiceConfig;
import dev.colloquy.turn.TurnConfig;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/** All settings that are the server's own, {@code colloquy.*}: docs/configuration.md has them. */
final class Settings {
  private Settings() {}

  static List<Setting> all() {
    var mapped =
        Stream.of(
                BootstrapConfig.class,
                ClosingConfig.class,
                DeliveryConfig.class,
                DevConfig.class,
                EmailConfig.class,
                HttpConfig.class,
                IdempotencyConfig.class,
                InboundConfig.class,
                KnowledgeConfig.class,
                ModelConfig.class,
                SmsConfig.class,
                StreamConfig.class,
                TurnConfig.class,
                VoiceConfig.class)
            .flatMap(Setting::in);
    return Stream.concat(
            mapped,
            Stream.of(
                Setting.of("colloquy.banner", Boolean.class),
                Setting.of("colloquy.data-dir", String.class),
                Setting.of("colloquy.database.binaries-dir", String.class),
                Setting.of("colloquy.database.embedded", Boolean.class),
                Setting.of("colloquy.database.password", String.class),
                Setting.of("colloquy.database.url", String.class),
                Setting.of("colloquy.database.username", String.class),
                Setting.of("colloquy.public-url", URI.class),
                Setting.of("colloquy.secret-key", String.class)))
        .toList();
  }
}
