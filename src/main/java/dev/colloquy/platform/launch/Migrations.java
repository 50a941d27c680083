package dev.colloquy.platform.launch;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The migrations that were packed into this build. */
final class Migrations {
  private static final String FOLDER = "db/migration/";

  /** One that is always there, from which the others are found. */
  private static final String FIRST = FOLDER + "V0001__create_organization.sql";

  private static final Pattern NAME = Pattern.compile("V(\\d{1,9})__.*\\.sql");

  private Migrations() {}

  /** The number of the newest. */
  static int newest() {
    var first = Migrations.class.getClassLoader().getResource(FIRST);
    if (first == null) {
      throw new LaunchException("the migrations are missing from the build: build it again");
    }
    try {
      return names(first).stream()
          .map(NAME::matcher)
          .filter(name -> name.matches())
          .mapToInt(name -> Integer.parseInt(name.group(1)))
          .max()
          .orElseThrow();
    } catch (IOException e) {
      throw new LaunchException("the migrations of the build cannot be read: build it again", e);
    }
  }

  private static List<String> names(URL first) throws IOException {
    var address = first.toString();
    if (!first.getProtocol().equals("jar")) {
      try (var files = Files.list(Path.of(URI.create(address)).resolveSibling("."))) {
        return files.map(file -> file.getFileName().toString()).toList();
      }
    }
    var jar = Path.of(URI.create(address.substring("jar:".length(), address.indexOf("!/"))));
    try (var file = new JarFile(jar.toFile());
        Stream<String> names = file.stream().map(entry -> entry.getName())) {
      return names
          .filter(name -> name.startsWith(FOLDER))
          .map(name -> name.substring(FOLDER.length()))
          .toList();
    }
  }
}
