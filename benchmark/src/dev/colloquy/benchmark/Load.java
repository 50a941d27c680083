package dev.colloquy.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The load generator as a process: reads plans (see {@link Plan#parse}) from standard input, one a
 * line, runs each and prints {@code result} and what came of it. One process for a whole benchmark,
 * so that its code is compiled when it counts.
 */
final class Load {
  private Load() {}

  /**
   * Runs plans until standard input ends.
   *
   * @param args port, path with {@code {id}}, a header line or "", body, file of conversation ids
   *     (one a line)
   */
  public static void main(String... args) throws IOException {
    if (args.length != 5) {
      System.err.println(
          "usage: load PORT PATH HEADER BODY FILE-OF-IDS, then plans on standard input");
      System.exit(2);
    }
    var ids = Files.readAllLines(Path.of(args[4]));
    var target = new Target(Integer.parseInt(args[0]), args[1], args[2], args[3], ids);
    var input = new BufferedReader(new InputStreamReader(System.in));
    for (var line = input.readLine(); line != null; line = input.readLine()) {
      try (var loop = new LoadLoop(target, Plan.parse(line))) {
        System.out.println("result " + loop.run());
      } catch (IOException | IllegalArgumentException e) {
        System.out.println("failed " + e);
      }
    }
  }
}
