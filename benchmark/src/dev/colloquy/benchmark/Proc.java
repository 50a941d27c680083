package dev.colloquy.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Linux tells about processes and the machine (proc(5)). Times in milliseconds, from ticks of
 * 10 ms.
 */
final class Proc {
  private static final Path ROOT = Path.of("/proc");
  private static final int MILLIS_PER_TICK = 10; // USER_HZ is 100 wherever Linux runs a JDK
  // Places in /proc/<pid>/stat after the closing bracket of the name, counted from 0.
  private static final int PARENT = 1;
  private static final int USER = 11;
  private static final int SYSTEM = 12;
  private static final int CHILDREN_USER = 13;
  private static final int CHILDREN_SYSTEM = 14;

  private Proc() {}

  /** CPU time of one living process. */
  static long cpuMillis(long pid) {
    var stat = stat(ROOT.resolve(Long.toString(pid)));
    return (number(stat, USER) + number(stat, SYSTEM)) * MILLIS_PER_TICK;
  }

  /** CPU time of the children of a process that have ended and been waited for. */
  static long endedChildrenMillis(long pid) {
    var stat = stat(ROOT.resolve(Long.toString(pid)));
    return (number(stat, CHILDREN_USER) + number(stat, CHILDREN_SYSTEM)) * MILLIS_PER_TICK;
  }

  /**
   * CPU time of a process and its children, living and ended: PostgreSQL is a postmaster with its
   * backends.
   */
  static long familyMillis(long pid) {
    var living = 0L;
    try (var processes = Files.newDirectoryStream(ROOT, "[0-9]*")) {
      for (var process : processes) {
        var stat = stat(process);
        if (!stat.isEmpty() && number(stat, PARENT) == pid) {
          living += number(stat, USER) + number(stat, SYSTEM);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cpuMillis(pid) + endedChildrenMillis(pid) + living * MILLIS_PER_TICK;
  }

  /** CPU time of this process, without its children. */
  static long ownCpuMillis() {
    return cpuMillis(ProcessHandle.current().pid());
  }

  /** CPU time that the whole machine was busy, stolen time included, since it was started. */
  static long machineBusyMillis() {
    var cpu = lines(ROOT.resolve("stat")).getFirst().split("\\s+");
    // cpu user nice system idle iowait irq softirq steal; guest time is part of user
    return Stream.of(1, 2, 3, 6, 7, 8).mapToLong(i -> Long.parseLong(cpu[i])).sum()
        * MILLIS_PER_TICK;
  }

  /** The memory that a process holds now, in MiB. */
  static long memoryMib(long pid) {
    return kibibytes(ROOT.resolve(pid + "/status"), "VmRSS:") / 1_024;
  }

  /** The most memory that a process has held since {@link #resetPeakMemory}, in MiB. */
  static long peakMemoryMib(long pid) {
    return kibibytes(ROOT.resolve(pid + "/status"), "VmHWM:") / 1_024;
  }

  /** Starts the peak of {@link #peakMemoryMib} anew. */
  static void resetPeakMemory(long pid) throws IOException {
    Files.writeString(ROOT.resolve(pid + "/clear_refs"), "5");
  }

  /** The machine's memory in MiB. */
  static long machineMemoryMib() {
    return kibibytes(ROOT.resolve("meminfo"), "MemTotal:") / 1_024;
  }

  /** The processor's name as the kernel gives it, or "unknown". */
  static String processor() {
    return lines(ROOT.resolve("cpuinfo")).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  private static long kibibytes(Path file, String name) {
    return lines(file).stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(file + " has no " + name));
  }

  /**
   * The fields after the name, which may itself hold spaces and brackets; none when the process has
   * ended.
   */
  private static List<String> stat(Path process) {
    try {
      var text = Files.readString(process.resolve("stat"));
      return List.of(text.substring(text.lastIndexOf(')') + 2).strip().split(" "));
    } catch (IOException e) {
      return List.of(); // processes end at any time
    }
  }

  private static long number(List<String> stat, int place) {
    if (stat.isEmpty()) {
      throw new IllegalStateException("a measured process has ended");
    }
    return Long.parseLong(stat.get(place));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
