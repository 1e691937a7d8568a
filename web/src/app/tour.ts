/** A guided walk through the market: which one, and how far one is. It lives in this tab and survives moves and a sign-in. */
import { useSyncExternalStore } from 'react';

export type Door = 'buy' | 'provide' | 'review';
export const DOORS: readonly Door[] = ['buy', 'provide', 'review'];
export type Walk = { door: Door; step: number };

const KEPT = 'parley.tour';
const listeners = new Set<() => void>();
let walk = read();

function read(): Walk | null {
  const [door, step] = (sessionStorage.getItem(KEPT) ?? '').split(' ');
  const known = DOORS.find((one) => one === door);
  return known === undefined ? null : { door: known, step: Number(step) || 0 };
}

function become(next: Walk | null): void {
  walk = next;
  if (next === null) sessionStorage.removeItem(KEPT);
  else sessionStorage.setItem(KEPT, `${next.door} ${next.step}`);
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const currentWalk = (): Walk | null => walk;

/** Where one is on a walk; null where one is on none. */
export const useWalk = (): Walk | null => useSyncExternalStore(subscribe, currentWalk, currentWalk);
export const walkTo = (door: Door, step: number): void => become({ door, step });
export const endWalk = (): void => become(null);
