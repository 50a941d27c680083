package dev.colloquy.knowledge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * ONNX Runtime's native library, unpacked for as long as it takes to load it.
 *
 * <p>ONNX Runtime would unpack it by itself, but removes the 16 MB only when the process ends in
 * good order; a process that is killed leaves them. Ours are removed as soon as they are loaded (on
 * Windows, where a loaded file cannot be removed, at the end of the process). An operator who names
 * a folder with the library's own property {@code onnxruntime.native.path} keeps that.
 */
final class NativeLibrary implements AutoCloseable {
  private static final String PROPERTY = "onnxruntime.native.path";
  private static final String RESOURCES = "/ai/onnxruntime/native/";
  private final List<Path> unpacked;

  private NativeLibrary(List<Path> unpacked) {
    this.unpacked = unpacked;
  }

  /** Unpacks to a private folder under {@code java.io.tmpdir} and makes ONNX Runtime load it. */
  static NativeLibrary unpack() throws IOException {
    if (System.getProperty(PROPERTY) != null) {
      return new NativeLibrary(List.of());
    }
    var folder = Files.createTempDirectory("colloquy-onnxruntime");
    var files =
        Stream.of("onnxruntime", "onnxruntime4j_jni")
            .map(name -> folder.resolve(System.mapLibraryName(name)))
            .toList();
    var library = new NativeLibrary(Stream.concat(files.stream(), Stream.of(folder)).toList());
    try {
      for (var file : files) {
        copy(file);
      }
    } catch (IOException e) {
      library.close();
      throw e;
    }
    System.setProperty(PROPERTY, folder.toString());
    return library;
  }

  /** A platform that ONNX Runtime has no library for gets ONNX Runtime's own message. */
  private static void copy(Path file) throws IOException {
    var name = RESOURCES + platform() + "/" + file.getFileName();
    try (var resource = NativeLibrary.class.getResourceAsStream(name)) {
      if (resource != null) {
        Files.copy(resource, file);
      }
    }
  }

  /** The platform as ONNX Runtime names its folders. */
  private static String platform() {
    var system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    var machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    var name = system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux";
    return name + (machine.equals("aarch64") ? "-aarch64" : "-x64");
  }

  @Override
  public void close() {
    if (!unpacked.isEmpty()) {
      System.clearProperty(PROPERTY);
    }
    for (var path : unpacked) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        path.toFile().deleteOnExit();
      }
    }
  }
}
