/** The market's time: the machine's, except on one machine, where a clock may stand, or run ahead. */
import { useSyncExternalStore } from 'react';
import { useRead } from '../api/use-api.ts';
import { useConfig } from './config.ts';

const TICK_MS = 15_000;
const CLOCK_REFRESH_MS = 30_000;

let tick = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    tick = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Machine time in steps of fifteen seconds, the same for everything that is shown. */
const useTick = (): number => useSyncExternalStore(subscribe, currentTick, currentTick);
const currentTick = (): number => tick;

export type MarketClock = { mode: 'running' | 'standing' | null; now: number };

/** The clock of the market on this machine; undefined elsewhere. */
export function useMarketClock(): MarketClock | undefined {
  const machine = useTick();
  const isLocal = useConfig()?.isLocal === true;
  const { data, dataUpdatedAt } = useRead('/v1/test-clock', {}, { enabled: isLocal, refreshMs: CLOCK_REFRESH_MS });
  if (data === undefined) return undefined;
  const since = data.mode === 'standing' ? 0 : Math.max(0, machine - dataUpdatedAt);
  return { mode: data.mode, now: Date.parse(data.now) + since };
}

/** What time it is in the market, in milliseconds. */
export function useNow(): number {
  const clock = useMarketClock();
  const machine = useTick();
  return clock?.now ?? machine;
}
