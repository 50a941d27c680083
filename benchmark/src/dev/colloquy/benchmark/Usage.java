package dev.colloquy.benchmark;

import java.util.List;

/**
 * CPU milliseconds spent by each part of the benchmark: a moment's totals, or, by {@link #since},
 * what a phase took.
 *
 * @param driver this process and the programs it ran to their end, pgbench among them
 * @param machine all that the machine was busy with
 * @param nanos the clock
 */
record Usage(
    long server, long postgres, long stub, long load, long driver, long machine, long nanos) {

  static Usage now(Server server, Postgres postgres, Child stub, Child load) {
    return new Usage(
        Proc.cpuMillis(server.pid()),
        Proc.familyMillis(postgres.pid()),
        Proc.cpuMillis(stub.pid()),
        Proc.cpuMillis(load.pid()),
        Proc.ownCpuMillis() + Proc.endedChildrenMillis(ProcessHandle.current().pid()),
        Proc.machineBusyMillis(),
        System.nanoTime());
  }

  /** The same where this process puts the load on. */
  static Usage now(Server server, Postgres postgres, Child stub) {
    return new Usage(
        Proc.cpuMillis(server.pid()),
        Proc.familyMillis(postgres.pid()),
        Proc.cpuMillis(stub.pid()),
        Proc.ownCpuMillis(),
        0,
        Proc.machineBusyMillis(),
        System.nanoTime());
  }

  /** What several phases took together. */
  static Usage sum(List<Usage> phases) {
    return phases.stream().reduce(new Usage(0, 0, 0, 0, 0, 0, 0), Usage::plus);
  }

  private Usage plus(Usage other) {
    return new Usage(
        server + other.server,
        postgres + other.postgres,
        stub + other.stub,
        load + other.load,
        driver + other.driver,
        machine + other.machine,
        nanos + other.nanos);
  }

  Usage since(Usage before) {
    return new Usage(
        server - before.server,
        postgres - before.postgres,
        stub - before.stub,
        load - before.load,
        driver - before.driver,
        machine - before.machine,
        nanos - before.nanos);
  }

  /**
   * The share of the machine's CPU, 0 to 1, that others took: high means that the figures of the
   * phase mean little.
   */
  double foreignShare() {
    var foreign = machine - server - postgres - stub - load - driver;
    return Math.max(0, foreign * 1e6 / nanos / Runtime.getRuntime().availableProcessors());
  }
}
