/** The next due time of every due name: a binary heap in which a name that became due earlier simply stands twice. */
import { type Due, dueName } from '../../shared/dispatch/due.ts';

type Entry = { name: string; due: Due; at: number };

export class DueTimes {
  private readonly known = new Map<string, number>();
  private heap: Entry[] = [];

  get size(): number {
    return this.known.size;
  }

  /** Takes note that `due` has work at `at`; the earliest time known counts. Answers whether it is news. */
  learn(due: Due, at: number): boolean {
    const name = dueName(due);
    const before = this.known.get(name);
    if (before !== undefined && before <= at) return false;
    this.known.set(name, at);
    this.push({ name, due, at });
    return true;
  }

  /** The earliest due time, or null where nothing is due at all. */
  nextAt(): number | null {
    this.dropStale();
    return this.heap[0]?.at ?? null;
  }

  /** Takes out the earliest of what is due by `now`; ties by name. */
  take(now: number): { due: Due; at: number } | undefined {
    this.dropStale();
    const first = this.heap[0];
    if (first === undefined || first.at > now) return undefined;
    this.pop();
    this.known.delete(first.name);
    return { due: first.due, at: first.at };
  }

  clear(): void {
    this.known.clear();
    this.heap = [];
  }

  private dropStale(): void {
    for (let top = this.heap[0]; top !== undefined && this.known.get(top.name) !== top.at; top = this.heap[0])
      this.pop();
  }

  private push(entry: Entry): void {
    const heap = this.heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(heap[at]!, heap[parent]!)) return;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  private pop(): void {
    const heap = this.heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      let least = at;
      if (left < heap.length && before(heap[left]!, heap[least]!)) least = left;
      if (left + 1 < heap.length && before(heap[left + 1]!, heap[least]!)) least = left + 1;
      if (least === at) return;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  }
}

const before = (a: Entry, b: Entry): boolean => (a.at === b.at ? a.name < b.name : a.at < b.at);
