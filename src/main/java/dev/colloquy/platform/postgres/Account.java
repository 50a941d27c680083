package dev.colloquy.platform.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The account PostgreSQL's programs run under. They refuse to run as root, so root lends them
 * another: in a user namespace of their own (files stay root's), or, where those are switched off
 * as in many containers, an unprivileged account. A cluster that has another owner runs as that
 * owner.
 */
sealed interface Account {
  Duration LIMIT = Duration.ofSeconds(10);
  int NOBODY = 65534;

  /** What goes before a command. */
  List<String> prefix();

  /** This program's own account. */
  record Own() implements Account {
    @Override
    public List<String> prefix() {
      return List.of();
    }
  }

  /** Root without its powers, seen as nobody from inside. */
  record Namespace() implements Account {
    @Override
    public List<String> prefix() {
      return List.of("unshare", "-U");
    }
  }

  /** Another account, reached from root. */
  record Other(int uid, int gid) implements Account {
    @Override
    public List<String> prefix() {
      return List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups");
    }
  }

  /** The account for a cluster, which may not be there yet. */
  static Account choose(Path cluster) throws IOException {
    if (!Platform.current().isRoot()) {
      return new Own();
    }
    if (Platform.current() != Platform.LINUX) {
      throw new PostgresException(
          "PostgreSQL does not run as root: start the server as another user, or set"
              + " colloquy.database.url");
    }
    if (Files.exists(cluster) && PrivateFiles.owner(cluster) != 0) {
      return new Other(PrivateFiles.owner(cluster), PrivateFiles.group(cluster));
    }
    var namespace = new Namespace();
    if (Command.run(with(namespace, "true"), LIMIT, null).succeeded()) {
      return namespace;
    }
    return new Other(NOBODY, NOBODY);
  }

  /** The command, run as the account. */
  static List<String> with(Account account, String... command) {
    return Stream.concat(account.prefix().stream(), Arrays.stream(command)).toList();
  }

  /** Gives the account the files that exist and are not its own. */
  default void own(Path... files) throws IOException {
    if (this instanceof Other(int uid, int gid)) {
      for (var file : files) {
        if (Files.exists(file)) {
          PrivateFiles.giveTo(uid, gid, file);
        }
      }
    }
  }

  /**
   * Makes sure that the account gets at the programs and at the last folder, and says what to do
   * where it cannot.
   *
   * @param folders folders on the way that are this server's own, outermost first, which may be
   *     opened
   */
  default void reach(Bundle bundle, List<Path> folders) throws IOException {
    if (!(this instanceof Other(int uid, int gid))) {
      return;
    }
    for (var folder : folders) {
      var open = Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE);
      if (!open && PrivateFiles.owner(folder) != uid) {
        PrivateFiles.openTo(gid, folder);
      }
    }
    var folder = folders.getLast().toString();
    var enter = "cd \"$1\" && \"$2\" --version";
    var tried =
        Command.run(
            with(this, "sh", "-c", enter, "sh", folder, bundle.program("postgres")), LIMIT, null);
    if (!tried.succeeded()) {
      throw new PostgresException(
          "PostgreSQL does not run as root, and account %d cannot reach %s (%s): "
                  .formatted(uid, folder, tried.output().lines().findFirst().orElse("no answer"))
              + "start the server as a plain user, or choose a colloquy.data-dir that others may"
              + " reach, as /var/lib/colloquy, or set colloquy.database.url");
    }
  }
}
