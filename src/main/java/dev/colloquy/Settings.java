package dev.colloquy;

import dev.colloquy.bootstrap.BootstrapConfig;
import dev.colloquy.channel.DeliveryConfig;
import dev.colloquy.channel.InboundConfig;
import dev.colloquy.channel.captured.CapturedChannels;
import dev.colloquy.channel.captured.DevConfig;
import dev.colloquy.closing.ClosingConfig;
import dev.colloquy.idempotency.IdempotencyConfig;
import dev.colloquy.knowledge.KnowledgeConfig;
import dev.colloquy.model.ModelConfig;
import dev.colloquy.model.ModelNames;
import dev.colloquy.platform.http.HttpConfig;
import dev.colloquy.platform.http.StreamConfig;
import dev.colloquy.platform.launch.Setting;
import dev.colloquy.platform.launch.SettingRule;
import dev.colloquy.platform.launch.SettingValues;
import dev.colloquy.platform.secret.Secrets;
import dev.colloquy.skill.EmailConfig;
import dev.colloquy.skill.SmsConfig;
import dev.colloquy.skill.VoiceConfig;
import dev.colloquy.turn.TurnConfig;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All settings that are the server's own, {@code colloquy.*}: docs/configuration.md has them. */
final class Settings {
  private static final String AGENT_KEY = "colloquy.bootstrap.agent-key";
  private static final String ORGANIZATION_KEY = "colloquy.bootstrap.organization-key";
  private static final String SUPER_ADMIN_KEY = "colloquy.bootstrap.super-admin-key";
  private static final Pattern PROVIDER_ADDRESS =
      Pattern.compile("colloquy\\.model\\.(.+)\\.base-url");

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
                Setting.needed("colloquy.banner", Boolean.class),
                Setting.needed("colloquy.data-dir", Path.class),
                Setting.of("colloquy.database.binaries-dir", String.class),
                Setting.ours("colloquy.database.embedded"),
                Setting.of("colloquy.database.password", String.class),
                Setting.of("colloquy.database.url", String.class),
                Setting.of("colloquy.database.username", String.class),
                Setting.of("colloquy.public-url", URI.class),
                Setting.of("colloquy.secret-key", String.class)))
        .toList();
  }

  /** What must hold between them. */
  static List<SettingRule> rules() {
    return List.of(
        SettingRule.below(
            "colloquy.turn.starting", "quarkus.datasource.jdbc.max-size", Integer.class, 0),
        SettingRule.below(
            "colloquy.http.max-head-size",
            "quarkus.http.limits.max-header-size",
            BigInteger.class,
            BigInteger.ZERO),
        SettingRule.below(
            "colloquy.stream.heartbeat",
            "quarkus.http.idle-timeout",
            Duration.class,
            Duration.ZERO),
        SettingRule.different(AGENT_KEY, ORGANIZATION_KEY),
        SettingRule.different(AGENT_KEY, SUPER_ADMIN_KEY),
        SettingRule.different(ORGANIZATION_KEY, SUPER_ADMIN_KEY),
        Settings::models,
        Settings::channelsPage,
        values -> values.text("colloquy.secret-key").flatMap(Secrets::problem));
  }

  private static Optional<String> channelsPage(SettingValues values) {
    return CapturedChannels.problem(
        values.text("colloquy.dev.channels").orElse("auto"),
        values.text("quarkus.http.host").orElse("0.0.0.0"));
  }

  private static Optional<String> models(SettingValues values) {
    var withAddress =
        values
            .names()
            .map(PROVIDER_ADDRESS::matcher)
            .filter(Matcher::matches)
            .map(address -> address.group(1).replace("\"", ""))
            .collect(Collectors.toSet());
    return ModelNames.problem(
        values.text("colloquy.model.default").orElseThrow(),
        values.text("colloquy.model.default-provider").orElseThrow(),
        withAddress);
  }
}
