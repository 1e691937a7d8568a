/** What commands consumed since the start, summed per command: AWS's arithmetic, as the engine reports it. */
import type { Consumption } from '../../shared/kernel/table.ts';

export type CommandConsumption = Consumption & { command: string; runs: number };
export type ConsumptionReport = { commands: CommandConsumption[]; memoryMb: number };
export type Meter = {
  record: (command: string, consumed: Consumption) => void;
  report: () => ConsumptionReport;
};

/** A meter that starts at nothing. `memoryMb` is the most this process has held. */
export function newMeter(): Meter {
  const sums = new Map<string, CommandConsumption>();
  return {
    record(command, { writeUnits, readUnits, calls }) {
      let sum = sums.get(command);
      if (sum === undefined) {
        sum = { command, runs: 0, writeUnits: 0, readUnits: 0, calls: 0 };
        sums.set(command, sum);
      }
      sum.runs += 1;
      sum.writeUnits += writeUnits;
      sum.readUnits += readUnits;
      sum.calls += calls;
    },
    report: () => ({
      commands: [...sums.values()]
        .map((sum) => ({ ...sum }))
        .sort((a, b) => (a.command < b.command ? -1 : a.command > b.command ? 1 : 0)),
      memoryMb: Math.round(process.resourceUsage().maxRSS / 102.4) / 10,
    }),
  };
}
