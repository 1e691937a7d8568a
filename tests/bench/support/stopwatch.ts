/**
 * Time as the processor spends it on one thread, in milliseconds: what else the machine does meanwhile does not count.
 * On an idle machine it is the time on the clock, less what the engine collects and compiles on threads of its own.
 */
export function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** The same of the whole process, all threads together. */
export function processMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

export async function timed(run: () => Promise<unknown>): Promise<number> {
  const begun = threadMs();
  await run();
  return threadMs() - begun;
}
