package dev.colloquy.platform.launch;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;

/** For tests elsewhere: what a start with some settings says. */
public final class LaunchCheck {
  private LaunchCheck() {}

  /** What is wrong with the values, above those of the build; empty: nothing. */
  public static String said(
      Map<String, String> values, List<Setting> settings, List<SettingRule> rules) {
    var config =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .addDefaultInterceptors()
            .withSources(
                new PropertiesConfigSource(values, "test", 300),
                new PropertiesConfigSource(
                    Map.of(
                        "quarkus.datasource.jdbc.max-size", "16",
                        "quarkus.http.limits.max-header-size", "64K",
                        "quarkus.http.idle-timeout", "5M"),
                    "build",
                    100))
            .build();
    try {
      new SettingsCheck(config, settings, rules).check();
      return "";
    } catch (LaunchException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
