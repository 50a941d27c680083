package dev.colloquy.knowledge;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarFile;

/**
 * This server's own manual, as it was packed into the build under {@code manual/}: the documents of
 * the demo agent. Of the README the quick start is left out.
 */
public final class Manual {
  private static final String FOLDER = "manual/";

  /** A page that is always there, from which the others are found. */
  private static final String KNOWN_PAGE = FOLDER + "docs/guide.md";

  private static final String README = "README.md";

  private Manual() {}

  /**
   * A page of the manual.
   *
   * @param name its path in the project, such as {@code docs/guide.md}
   * @param text Markdown
   */
  public record Page(String name, String text) {}

  /** All pages, by name. */
  public static List<Page> documents() throws IOException {
    return documents(Manual.class.getClassLoader());
  }

  static List<Page> documents(ClassLoader loader) throws IOException {
    var known = loader.getResource(KNOWN_PAGE);
    if (known == null) {
      throw new IOException("the manual is missing from the build");
    }
    var pages = known.getProtocol().equals("jar") ? inJar(known) : inFolder(known);
    pages.sort(Comparator.comparing(Page::name));
    return pages;
  }

  private static List<Page> inJar(URL known) throws IOException {
    var address = known.toString();
    var jar = Path.of(URI.create(address.substring("jar:".length(), address.indexOf("!/"))));
    var pages = new ArrayList<Page>();
    try (var file = new JarFile(jar.toFile())) {
      for (var entry : file.stream().toList()) {
        if (entry.getName().startsWith(FOLDER) && entry.getName().endsWith(".md")) {
          try (var content = file.getInputStream(entry)) {
            pages.add(page(entry.getName().substring(FOLDER.length()), content.readAllBytes()));
          }
        }
      }
    }
    return pages;
  }

  private static List<Page> inFolder(URL known) throws IOException {
    var page = Path.of(URI.create(known.toString()));
    var folder = page.resolve("../..").normalize();
    var pages = new ArrayList<Page>();
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(path -> path.toString().endsWith(".md")).toList()) {
        var name = folder.relativize(file).toString().replace('\\', '/');
        pages.add(page(name, Files.readAllBytes(file)));
      }
    }
    return pages;
  }

  private static Page page(String name, byte[] content) {
    var text = new String(content, StandardCharsets.UTF_8);
    return new Page(name, name.equals(README) ? afterQuickStart(text) : text);
  }

  /** The quick start holds questions to try, which would be found before what answers them. */
  private static String afterQuickStart(String readme) {
    var begun = readme.indexOf("\n## ");
    return begun < 0 ? readme : readme.substring(begun + 1);
  }
}
