/** What a process takes of time and memory in each part of its work. */
import { constants, type NodeGCPerformanceDetail, PerformanceObserver } from 'node:perf_hooks';
import { processMs } from '../support/stopwatch.ts';

const LOOK_MS = 10;

/** `seconds` by the clock; `processorSeconds` of this process alone, whatever else the machine does. */
export type Phase = { name: string; seconds: number; processorSeconds: number; peakMb: number };

/** What is left of the heap after its last full collections: what is really held, apart from what waits to be collected. */
function watchLive() {
  let peakMb = 0;
  const observer = new PerformanceObserver((list) => {
    const collections = list.getEntries() as unknown as { detail: NodeGCPerformanceDetail }[];
    for (const { detail } of collections)
      if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR)
        peakMb = Math.max(peakMb, process.memoryUsage().heapUsed / 1_048_576);
  });
  observer.observe({ entryTypes: ['gc'] });
  return {
    stop: () => {
      observer.disconnect();
      return peakMb;
    },
  };
}

/** Looks at the resident memory every 10 ms; `during` names what goes on, and adds to what went on under that name. */
export function openMeter() {
  const phases = new Map<string, Phase>();
  const beginMb = residentMb();
  const live = watchLive();
  let current: Phase | undefined;
  const look = (): void => {
    if (current !== undefined) current.peakMb = Math.max(current.peakMb, residentMb());
  };
  const timer = setInterval(look, LOOK_MS);
  return {
    during: async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      const phase = phases.get(name) ?? { name, seconds: 0, processorSeconds: 0, peakMb: 0 };
      phases.set(name, phase);
      current = phase;
      const [from, spent] = [performance.now(), processMs()];
      try {
        return await work();
      } finally {
        phase.seconds += (performance.now() - from) / 1_000;
        phase.processorSeconds += (processMs() - spent) / 1_000;
        look();
        current = undefined;
      }
    },
    /** All phases in the order in which they began, and the most that the process ever held. */
    stop: () => {
      clearInterval(timer);
      const peakMb = process.resourceUsage().maxRSS / 1_024;
      return { beginMb, peakMb, liveMb: live.stop(), phases: [...phases.values()] };
    },
  };
}

const residentMb = (): number => process.memoryUsage.rss() / 1_048_576;
