package dev.colloquy.platform.launch;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Looks at what the operator has set before anything starts: a value that cannot be used, and a
 * name that is mistyped, are told at once, and all of them together.
 */
final class SettingsCheck {
  private static final String OURS = "colloquy.";

  /** What Kubernetes sets in each container for a service that is named colloquy. */
  private static final Pattern OF_KUBERNETES = Pattern.compile("COLLOQUY_(SERVICE|PORT)(_.*)?");

  private final SmallRyeConfig config;
  private final List<Setting> settings;
  private final List<SettingRule> rules;

  SettingsCheck(SmallRyeConfig config, List<Setting> settings, List<SettingRule> rules) {
    this.config = config;
    this.settings = settings;
    this.rules = rules;
  }

  /**
   * Looks at all of them.
   *
   * @throws LaunchException where the server cannot be run with them, a line for each
   */
  void check() {
    var problems = new ArrayList<String>();
    for (var setting : settings) {
      names(setting).forEach(name -> addProblem(problems, setting, name));
    }
    for (var source : config.getConfigSources()) {
      if (isDotEnv(source)) {
        unknown(source)
            .map(name -> name + " in .env is no setting: docs/configuration.md has them all")
            .forEach(problems::add);
      } else if (!(source instanceof EnvConfigSource)) {
        source.getPropertyNames().stream()
            .filter(name -> name.startsWith(OURS))
            .filter(name -> settings.stream().noneMatch(setting -> setting.isNamed(name)))
            .map(name -> name + " is no setting: docs/configuration.md has them all")
            .forEach(problems::add);
      }
    }
    if (problems.isEmpty()) { // so that every value can be read
      var values = new SettingValues(config, settings);
      rules.forEach(rule -> rule.problem(values).ifPresent(problems::add));
    }
    if (!problems.isEmpty()) {
      throw new LaunchException(String.join("\ncolloquy: ", problems));
    }
  }

  /**
   * What is set in the environment and means nothing. That is no reason not to start: others may
   * set names there too.
   */
  List<String> ignored() {
    return StreamSupport.stream(config.getConfigSources().spliterator(), false)
        .filter(EnvConfigSource.class::isInstance)
        .filter(source -> !isDotEnv(source))
        .flatMap(this::unknown)
        .distinct()
        .map(name -> name + " in the environment is no setting, and is ignored")
        .toList();
  }

  /** The file {@code .env} is read by a kind of source of the environment, and is ours. */
  private static boolean isDotEnv(ConfigSource source) {
    return source instanceof EnvConfigSource && source.getClass() != EnvConfigSource.class;
  }

  /** Names in the environment's form that look like ours and are not. */
  private Stream<String> unknown(ConfigSource environment) {
    return environment.getPropertyNames().stream()
        .filter(name -> name.startsWith("COLLOQUY_"))
        .filter(name -> !OF_KUBERNETES.matcher(name).matches())
        .filter(name -> settings.stream().noneMatch(setting -> setting.isNamedInEnvironment(name)))
        .sorted();
  }

  private Iterable<String> names(Setting setting) {
    return setting.name().contains("*")
        ? StreamSupport.stream(config.getPropertyNames().spliterator(), false)
            .filter(setting::isNamed)
            .toList()
        : List.of(setting.name());
  }

  private void addProblem(List<String> problems, Setting setting, String name) {
    var found = config.getConfigValue(name);
    var value = found.getValue();
    if (value == null) {
      if (found.getRawValue() != null) {
        problems.add(name + " names another setting or variable, in ${...}, that is not set");
      }
    } else if (!setting.accepts(config, value)) {
      // Text may be a secret.
      var hidden = setting.type() == String.class || setting.type() == Void.class;
      var shown = value.isBlank() ? ", not empty" : hidden ? "" : ", not \"%s\"".formatted(value);
      problems.add("%s must be %s%s".formatted(name, setting.wanted(), shown));
    }
  }
}
