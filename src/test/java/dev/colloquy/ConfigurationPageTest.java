package dev.colloquy;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.runtime.logging.LogRuntimeConfig;
import io.quarkus.runtime.shutdown.ShutdownConfig;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.validator.constraints.time.DurationMin;
import org.junit.jupiter.api.Test;

/** Keeps docs/configuration.md and the code equal: every property once, with its default. */
class ConfigurationPageTest {
  private static final String NONE = "none";

  /** A row of a table: the property, its default (in backticks, or "none"), what it means. */
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([a-z\"][^`]*)` \\| (?:`([^`]*)`|none) \\| \\S.*\\|$");

  /** How properties are read by hand, in whatever is not injected. */
  private static final Pattern READ_BY_HAND =
      Pattern.compile(
          "\\(\\s*(?:config,\\s*)?\"((?:colloquy|quarkus)\\.[a-z0-9.-]+)\"(?:,\\s*String\\.class)?\\)"
              + "(?:\\s*\\.map\\([^)]*\\))?(?:\\s*\\.orElse\\(\"([^\"]*)\"\\))?");

  @Test
  void everyPropertyOfOursIsOnThePageWithItsDefaultAndNoOther() throws IOException {
    var page = page();
    page.keySet().removeIf(name -> !name.startsWith("colloquy."));
    assertThat(page).containsExactlyInAnyOrderEntriesOf(ours());
  }

  @Test
  void whatThePageSaysOfQuarkusIsTrue() throws IOException {
    var page = page();
    page.keySet().removeIf(name -> name.startsWith("colloquy."));
    assertThat(page).isNotEmpty();
    var known = quarkus();
    page.forEach((name, value) ->
        assertThat(known).as("the default of %s", name).containsEntry(name, value));
  }

  @Test
  void everyPropertyOfOursIsCheckedBeforeTheStart() throws IOException {
    var checked = Settings.all().stream().map(setting -> setting.name().replace("*", "<name>"));
    assertThat(checked).containsExactlyInAnyOrderElementsOf(ours().keySet());
  }

  @Test
  void everyDurationHasAShortest() {
    assertThat(Settings.all())
        .filteredOn(setting -> setting.type() == Duration.class)
        .isNotEmpty()
        .allMatch(setting -> setting.limits().isAnnotationPresent(DurationMin.class));
  }

  @Test
  void everyPropertyIsOnThePageOnce() throws IOException {
    var rows = ROW.matcher(text()).results().map(row -> row.group(1)).toList();
    assertThat(rows).doesNotHaveDuplicates();
  }

  private static String text() throws IOException {
    return Files.readString(Path.of("docs/configuration.md"));
  }

  private static Map<String, String> page() throws IOException {
    var page = new TreeMap<String, String>();
    ROW.matcher(text())
        .results()
        .forEach(row -> page.put(row.group(1), row.group(2) == null ? NONE : row.group(2)));
    return page;
  }

  private static Map<String, String> ours() throws IOException {
    var properties = new TreeMap<String, String>();
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.colloquy");
    for (var type : classes) {
      if (type.isAnnotatedWith(ConfigMapping.class)) {
        var mapping = type.reflect();
        addMapping(properties, mapping.getAnnotation(ConfigMapping.class).prefix(), mapping);
      }
      addInjected(properties, type);
    }
    addReadByHand(properties);
    properties.keySet().removeIf(name -> name.startsWith("quarkus."));
    return properties;
  }

  private static void addInjected(Map<String, String> properties, JavaClass type) {
    type.getFields().stream()
        .flatMap(field -> field.tryGetAnnotationOfType(ConfigProperty.class).stream())
        .forEach(property -> add(properties, property));
    type.getCodeUnits().stream()
        .map(JavaCodeUnit::getParameters)
        .flatMap(java.util.List::stream)
        .flatMap(parameter -> parameter.tryGetAnnotationOfType(ConfigProperty.class).stream())
        .forEach(property -> add(properties, property));
  }

  private static void add(Map<String, String> properties, ConfigProperty property) {
    var isSet = !property.defaultValue().equals(ConfigProperty.UNCONFIGURED_VALUE);
    add(properties, property.name(), isSet ? property.defaultValue() : NONE);
  }

  /** A property that is read in two places must have one default. */
  private static void add(Map<String, String> properties, String name, String value) {
    var before = properties.put(name, value);
    if (before != null) {
      assertThat(value).as("the default of %s in the code", name).isEqualTo(before);
    }
  }

  private static void addReadByHand(Map<String, String> properties) throws IOException {
    try (var files = Files.walk(Path.of("src/main/java"))) {
      for (var file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        var source = Files.readString(file);
        if (!source.contains("getOptionalValue(") && !source.contains("ConfigProvider")) {
          continue;
        }
        READ_BY_HAND
            .matcher(source)
            .results()
            .forEach(read ->
                add(properties, read.group(1), read.group(2) == null ? NONE : read.group(2)));
      }
    }
  }

  /** Quarkus' own defaults, and above them those of our build. */
  private static Map<String, String> quarkus() throws IOException {
    var known = new TreeMap<String, String>();
    for (var mapping :
        java.util.List.of(VertxHttpConfig.class, LogRuntimeConfig.class, ShutdownConfig.class)) {
      addMapping(known, mapping.getAnnotation(ConfigMapping.class).prefix(), mapping);
    }
    var build = new Properties();
    try (Reader reader =
        Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
      build.load(reader);
    }
    build.stringPropertyNames().forEach(name -> known.put(name, build.getProperty(name)));
    return known;
  }

  /** What a mapping asks for (SmallRye Config's rules for names: kebab case, nested groups). */
  private static void addMapping(Map<String, String> properties, String prefix, Class<?> mapping) {
    for (var method : mapping.getMethods()) {
      if (method.getParameterCount() > 0 || method.isDefault()) {
        continue;
      }
      var name =
          method.isAnnotationPresent(WithParentName.class) ? prefix : prefix + "." + name(method);
      addMapped(properties, name, method, method.getGenericReturnType());
    }
  }

  private static void addMapped(
      Map<String, String> properties, String name, Method method, Type type) {
    if (type instanceof ParameterizedType generic) {
      var last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      if (generic.getRawType() == Map.class) {
        addMapped(properties, name + ".<name>", method, last);
      } else if (isGroup(last)) {
        addMapping(properties, name, (Class<?>) last);
      } else {
        properties.put(name, value(method));
      }
    } else if (isGroup(type)) {
      addMapping(properties, name, (Class<?>) type);
    } else {
      properties.put(name, value(method));
    }
  }

  private static boolean isGroup(Type type) {
    return type instanceof Class<?> group
        && group.isInterface()
        && !group.getName().startsWith("java.");
  }

  private static String value(Method method) {
    var value = method.getAnnotation(WithDefault.class);
    return value == null ? NONE : value.value();
  }

  private static String name(Method method) {
    var given = method.getAnnotation(WithName.class);
    return given != null
        ? given.value()
        : method
            .getName()
            .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
            .toLowerCase(java.util.Locale.ROOT);
  }
}
