package dev.colloquy.platform.postgres;

import com.sun.security.auth.module.UnixSystem;
import java.util.Locale;

/** The operating system and processor this program runs on. */
enum Platform {
  LINUX,
  MAC,
  WINDOWS;

  private static final Platform CURRENT = of(System.getProperty("os.name"));

  static Platform current() {
    return CURRENT;
  }

  /** Names that are unknown count as Linux: the other Unix systems behave alike. */
  static Platform of(String osName) {
    var name = osName.toLowerCase(Locale.ROOT);
    if (name.startsWith("windows")) {
      return WINDOWS;
    }
    return name.startsWith("mac") ? MAC : LINUX;
  }

  /** The name of the archive for this system and the processor, as the binaries' jars have it. */
  String archive(String osArch) {
    var system =
        switch (this) {
          case LINUX -> "linux";
          case MAC -> "darwin";
          case WINDOWS -> "windows";
        };
    var processor =
        switch (osArch) {
          case "aarch64" -> "arm_64";
          case "amd64", "x86_64" -> "x86_64";
          default -> osArch;
        };
    return "postgres-" + system + "-" + processor + ".txz";
  }

  /** A program's file name. */
  String program(String name) {
    return this == WINDOWS ? name + ".exe" : name;
  }

  /** Whether this process runs as root, which PostgreSQL refuses to. */
  boolean isRoot() {
    return this != WINDOWS && new UnixSystem().getUid() == 0;
  }
}
