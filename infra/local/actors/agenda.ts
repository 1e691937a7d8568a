/** What will happen when: a queue ordered by time and, within an instant, by the order in which it was noted. */
import { MINUTE } from '../../../shared/kernel/time.ts';

export type Agenda<Event> = {
  /** The instant at which something of that time happens: rounded up, so that neighbours share one. */
  instantOf(at: number): number;
  /** Notes an event for its instant. */
  note(at: number, event: Event): void;
  /** The earliest instant, or null when nothing is noted. */
  next(): number | null;
  /** Takes out everything up to and with an instant, in order. */
  take(until: number): Event[];
  size(): number;
};

type Entry<Event> = { at: number; order: number; event: Event };

/**
 * How far apart instants are where time stands between them: turns of 2 and of 4 minutes end together then, before the end of
 * any lease, and what happens together is worked side by side. A clock that runs on is past an instant when something begins,
 * which would then end an instant later, and its lease before.
 */
export const STANDING_INSTANTS_MS = 4 * MINUTE;

/** A binary heap; instants are so many milliseconds apart. */
export function newAgenda<Event>(everyMs = MINUTE): Agenda<Event> {
  const instantOf = (at: number): number => Math.ceil(at / everyMs) * everyMs;
  const heap: Entry<Event>[] = [];
  let order = 0;
  const isBefore = (a: Entry<Event>, b: Entry<Event>) => a.at < b.at || (a.at === b.at && a.order < b.order);
  const swap = (i: number, j: number) => {
    const held = heap[i]!;
    heap[i] = heap[j]!;
    heap[j] = held;
  };
  const rise = (from: number) => {
    for (let i = from; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!isBefore(heap[i]!, heap[parent]!)) return;
      swap(i, parent);
      i = parent;
    }
  };
  const sink = () => {
    for (let i = 0; ; ) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2])
        if (child < heap.length && isBefore(heap[child]!, heap[least]!)) least = child;
      if (least === i) return;
      swap(i, least);
      i = least;
    }
  };
  const takeFirst = (): Event => {
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      sink();
    }
    return first.event;
  };
  return {
    instantOf,
    note(at, event) {
      heap.push({ at: instantOf(at), order: order++, event });
      rise(heap.length - 1);
    },
    next: () => heap[0]?.at ?? null,
    take(until) {
      const taken: Event[] = [];
      while (heap[0] !== undefined && heap[0].at <= until) taken.push(takeFirst());
      return taken;
    },
    size: () => heap.length,
  };
}
