package dev.colloquy.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManualTest {
  @TempDir Path folder;

  @Test
  void theBuildHoldsTheGuideAsItStandsInTheSources() throws IOException {
    assertThat(Manual.documents())
        .contains(new Manual.Page("docs/guide.md", Files.readString(Path.of("docs/guide.md"))));
  }

  @Test
  void pagesAreFoundInAJarWhosePathHasSpaces() throws IOException {
    var jar = folder.resolve("the server.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      add(out, "manual/README.md", "# One\nTry: what is it?\n\n## Two\nIt is.");
      add(out, "manual/docs/guide.md", "# Two ü");
      add(out, "manual/docs/subsystems/turns.md", "# Three");
      add(out, "manual/picture.png", "no");
      add(out, "other/four.md", "# Four");
    }
    try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      assertThat(Manual.documents(loader))
          .containsExactly(
              new Manual.Page("README.md", "## Two\nIt is."),
              new Manual.Page("docs/guide.md", "# Two ü"),
              new Manual.Page("docs/subsystems/turns.md", "# Three"));
    }
  }

  private static void add(JarOutputStream jar, String name, String text) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(text.getBytes(StandardCharsets.UTF_8));
    jar.closeEntry();
  }
}
