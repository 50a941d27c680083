package dev.colloquy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noConstructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.colloquy.platform.http.Idempotent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rules of CONTRIBUTING.md that a machine can check. */
class ArchitectureTest {
  private static final String ROOT = "dev.colloquy";
  private static final JavaClasses CLASSES = classes();

  private static final List<String> FEATURES =
      List.of(
          "platform",
          "organization",
          "apikey",
          "user",
          "skill",
          "knowledge",
          "model",
          "agent",
          "conversation",
          "consent",
          "idempotency",
          "delivery",
          "message",
          "event",
          "prompt",
          "turn",
          "channel",
          "closing",
          "bootstrap");

  /** What each feature may use besides itself; a new one needs a line here. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry("", below()), // the program itself
          entry("platform", Set.of()),
          entry("organization", Set.of("platform")),
          entry("apikey", Set.of("organization", "platform")),
          entry("user", Set.of("apikey", "organization", "platform")),
          entry("knowledge", Set.of("organization", "platform")),
          entry("model", Set.of("knowledge", "organization", "platform")),
          entry("skill", Set.of("apikey", "organization", "platform")),
          entry("agent", Set.of("skill", "model", "apikey", "organization", "platform")),
          entry("consent", Set.of("conversation", "apikey", "organization", "platform")),
          entry("conversation", Set.of("user", "agent", "apikey", "organization", "platform")),
          entry("idempotency", Set.of("conversation", "apikey", "organization", "platform")),
          entry("delivery", Set.of("skill", "conversation", "apikey", "organization", "platform")),
          entry(
              "message",
              Set.of(
                  "delivery",
                  "consent",
                  "skill",
                  "conversation",
                  "user",
                  "agent",
                  "apikey",
                  "organization",
                  "platform")),
          entry(
              "event",
              Set.of("message", "delivery", "conversation", "apikey", "organization", "platform")),
          entry(
              "prompt",
              Set.of("message", "conversation", "knowledge", "model", "organization", "platform")),
          entry("turn", below("turn", "channel", "bootstrap", "closing")),
          entry("channel", below("channel", "bootstrap", "closing")),
          entry("closing", below("closing", "channel", "bootstrap")),
          entry("bootstrap", below("bootstrap", "closing")),
          entry("openapi", Set.of("idempotency", "apikey", "organization", "platform")));

  /** What the parts of the platform may use of each other. */
  private static final Map<String, Set<String>> PLATFORM_MAY_USE =
      Map.of(
          "db", Set.of(),
          "json", Set.of(),
          "postgres", Set.of(),
          "http", Set.of("json", "db"),
          "job", Set.of("db"),
          "signal", Set.of("db", "json"),
          "launch", Set.of("postgres"),
          "secret", Set.of("http"));

  private static JavaClasses classes() {
    // What lies in libraries is judged by its name, which is enough and much faster.
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    ArchConfiguration.get().setProperty("cycles.maxNumberToDetect", "5");
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages(ROOT);
  }

  private static Set<String> below(String... without) {
    var features = new TreeSet<>(FEATURES);
    features.removeAll(List.of(without));
    return features;
  }

  @Test
  void featuresPointOneWay() {
    var wrong = new TreeSet<String>();
    for (var dependency : dependencies()) {
      var from = feature(dependency.getOriginClass());
      var to = feature(dependency.getTargetClass());
      if (!from.equals(to) && !MAY_USE.getOrDefault(from, Set.of()).contains(to)) {
        wrong.add("%s must not use %s: %s".formatted(from, to, dependency.getDescription()));
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyFeatureHasAPlaceInTheOrder() {
    var features = new TreeSet<String>();
    CLASSES.forEach(c -> features.add(feature(c)));
    assertThat(features).isSubsetOf(MAY_USE.keySet());
  }

  @Test
  void noTwoPackagesUseEachOther() {
    SlicesRuleDefinition.slices()
        .matching(ROOT + ".(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
    SlicesRuleDefinition.slices()
        .matching(ROOT + ".platform.(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  @Test
  void thePlatformKnowsNoFeature() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".platform..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..").and(resideOutsideOfPackage(ROOT + ".platform..")))
        .check(CLASSES);
    var wrong = new TreeSet<String>();
    for (var dependency : dependencies()) {
      var from = part(dependency.getOriginClass());
      var to = part(dependency.getTargetClass());
      if (!from.isEmpty()
          && !to.isEmpty()
          && !from.equals(to)
          && !PLATFORM_MAY_USE.getOrDefault(from, Set.of()).contains(to)) {
        wrong.add(
            "platform.%s must not use platform.%s: %s"
                .formatted(from, to, dependency.getDescription()));
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void agentsKnowModelsByNameOnly() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".agent..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + ".model..")
                .and(
                    DescribedPredicate.describe(
                        "are no names",
                        c ->
                            !Set.of("ModelName", "ModelNames", "UnknownModelException")
                                .contains(c.getSimpleName()))))
        .check(CLASSES);
  }

  @Test
  void onlyTheLauncherAndTheProgramUseThePackagesThatStartIt() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT, ROOT + ".platform..", ROOT + ".bootstrap..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".platform.launch..", ROOT + ".platform.postgres..")
        .check(CLASSES);
  }

  /**
   * TurnResource claims its Idempotency-Key in the transaction that stores a question; webhooks are
   * known by their provider's id; and what is unsubscribed twice is unsubscribed.
   */
  private static final Set<String> CLAIM_IT_THEMSELVES =
      Set.of(
          "AnyEmailInboundResource",
          "CapturedResource",
          "EmailInboundResource",
          "TurnResource",
          "TwilioSmsResource",
          "TwilioVoiceResource",
          "UnsubscribeResource",
          "VapiResource");

  @Test
  void everyWriteCanBeRepeatedSafely() {
    var writes =
        CLASSES.stream()
            .flatMap(type -> type.getMethods().stream())
            .filter(method ->
                method.isAnnotatedWith(POST.class)
                    || method.isAnnotatedWith(PUT.class)
                    || method.isAnnotatedWith(PATCH.class)
                    || method.isAnnotatedWith(DELETE.class))
            .toList();
    assertThat(writes).hasSizeGreaterThan(10);
    assertThat(writes)
        .filteredOn(method ->
            !method.getOwner().isAnnotatedWith(Idempotent.class)
                && !CLAIM_IT_THEMSELVES.contains(method.getOwner().getSimpleName()))
        .isEmpty();
  }

  @Test
  void whatABeanNeedsComesThroughItsConstructor() {
    noFields().should().beAnnotatedWith(Inject.class).check(CLASSES);
    noFields().should().beAnnotatedWith(ConfigProperty.class).check(CLASSES);
    noMethods().should().beAnnotatedWith(Inject.class).check(CLASSES);
  }

  @Test
  void noBeanTakesMoreThanSevenThings() {
    noConstructors()
        .that(
            DescribedPredicate.describe(
                "belong to beans", constructor -> isBean(constructor.getOwner())))
        .should()
        .haveRawParameterTypes(
            DescribedPredicate.describe("more than seven", types -> types.size() > 7))
        .check(CLASSES);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses()
        .should()
        .haveNameMatching(".*(Impl|Manager|Helper|Utils?|DTO|Dto)(\\$.*)?")
        .orShould()
        .haveNameMatching(".*[.$]Abstract[A-Z]\\w*")
        .check(CLASSES);
  }

  @Test
  void onlyWhatRunsBeforeTheLogPrints() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".platform.launch..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
    noClasses().should().accessClassesThat().resideInAPackage("java.util.logging..").check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarkedAndSaysWhatItIsFor() throws IOException {
    var wrong = new TreeSet<String>();
    for (var type : CLASSES) {
      var name = type.getPackageName();
      var file = Path.of("src/main/java", name.replace('.', '/'), "package-info.java");
      var text = Files.exists(file) ? Files.readString(file).replaceAll("[\\s*]+", " ") : "";
      if (!type.getPackage().isAnnotatedWith(NullMarked.class)
          || !text.contains("May use")
          || !text.contains("Start reading at")) {
        wrong.add(name);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everythingIsCaughtByNameOfWhatItIs() throws IOException {
    // One mapper answers for bugs; nothing else may hide them.
    assertThat(linesWith(Pattern.compile("catch \\((final )?(Exception|Throwable)\\b")))
        .isSubsetOf("platform/http/ErrorMappers.java");
  }

  @Test
  void noFileIsLongerThanFourHundredLinesOrFiveHundredOfCases() throws IOException {
    var wrong = new ArrayList<String>();
    for (var root : List.of("src/main/java", "src/test/java")) {
      for (var file : sources(Path.of(root))) {
        var lines = Files.readAllLines(file).size();
        if (lines > (root.contains("test") ? 500 : 400)) {
          wrong.add(file + " has " + lines + " lines");
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static Set<String> linesWith(Pattern pattern) throws IOException {
    var root = Path.of("src/main/java/dev/colloquy");
    var found = new TreeSet<String>();
    for (var file : sources(root)) {
      if (pattern.matcher(Files.readString(file)).find()) {
        found.add(root.relativize(file).toString().replace('\\', '/'));
      }
    }
    return found;
  }

  private static List<Path> sources(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static List<Dependency> dependencies() {
    return CLASSES.stream()
        .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
        .filter(d -> d.getTargetClass().getPackageName().startsWith(ROOT))
        .toList();
  }

  private static boolean isBean(JavaClass type) {
    return type.isAnnotatedWith(Singleton.class)
        || type.isAnnotatedWith(ApplicationScoped.class)
        || type.isAnnotatedWith(RequestScoped.class)
        || type.isAnnotatedWith(jakarta.ws.rs.Path.class)
        || type.isAnnotatedWith(jakarta.ws.rs.ext.Provider.class)
        || type.getConstructors().stream().anyMatch(ArchitectureTest::isInjected);
  }

  private static boolean isInjected(JavaConstructor constructor) {
    return constructor.isAnnotatedWith(Inject.class);
  }

  /** The first name below the root; empty for the root itself. */
  private static String feature(JavaClass type) {
    var names = type.getPackageName().split("\\.", -1);
    return names.length > 2 ? names[2] : "";
  }

  /** The part of the platform; empty outside of it. */
  private static String part(JavaClass type) {
    var names = type.getPackageName().split("\\.", -1);
    return names.length > 3 && names[2].equals("platform") ? names[3] : "";
  }
}
