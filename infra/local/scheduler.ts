/**
 * Runs what falls due. On AWS a schedule looks every minute; here the scheduler learns each due time from what the table
 * layer writes, so that a step of the market clock runs only what is due, and a step with nothing due costs nothing.
 */
import { type Due, dueFromWrite, dueName } from '../../shared/dispatch/due.ts';
import { mapConcurrent } from '../../shared/kernel/call.ts';
import type { Result } from '../../shared/kernel/result.ts';
import type { WriteObserver } from '../../shared/kernel/table.ts';
import { LONGEST_CALL_MS } from '../../shared/ledger/period.ts';
import { BusyQueues } from './busy-queues.ts';
import type { ClockMode, MarketClock } from './clock.ts';
import { DueTimes } from './due-times.ts';
import type { Gate } from './gate.ts';
import type { Log } from './log.ts';

/** The sweeps of the market, already bound to its tables and runtime. */
export type Sweeps = {
  /** Everything that has a due time, found by key: what the scheduler knows after a start. */
  allDue(now: number): Promise<readonly { due: Due; at: number }[]>;
  runDue(due: Due, now: number): Promise<{ nextAt: number | null }>;
};

/** What the scheduler needs of the message queues: whether anything sent is still on its way. */
export type Messages = {
  /** True at once where nothing was sent since the last time; false where messages are left at the deadline. */
  settled(deadlineMs: number): Promise<boolean>;
};

export type SchedulerParts = {
  clock: MarketClock;
  gate: Gate;
  sweeps: Sweeps;
  messages: Messages;
  log: Log;
  /** Machine time, monotonic, in ms. */
  machineMs?: () => number;
};

/** A step works this long at the most; the caller repeats it. */
export const STEP_MS = 5_000;
const TICK_MS = 1_000;
/** What follows a step may be at it while time moves on by so much: what no call takes longer than, here or on AWS. */
const FOLLOWS_WITHIN_MS = LONGEST_CALL_MS;
/** Due work that runs at the same time. */
const SIDE_BY_SIDE = 6;

type DueAt = { due: Due; at: number };
type ChainEnd = { failed: DueAt[]; isLate: boolean };
const LONGEST_TIMER_MS = 60_000;
const LONGEST_RETRY_MS = 10_000;

export class Scheduler {
  private readonly parts: SchedulerParts;
  private readonly machineMs: () => number;
  /** What is due of the market, and of its books: these alone may follow a step. */
  private readonly market = new DueTimes();
  private readonly books = new DueTimes();
  private readonly all = [this.market, this.books] as const;
  private readonly busy = new BusyQueues();
  private turn: Promise<unknown> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private timerAt = Number.POSITIVE_INFINITY;
  private failedTicks = 0;
  private stopped = true;
  private isStopping = false;
  /** What of a step works on, and whether it got through; until when the clock may move on meanwhile. */
  private following: Promise<boolean> = Promise.resolve(true);
  private followsUntil = Number.NEGATIVE_INFINITY;

  constructor(parts: SchedulerParts) {
    this.parts = parts;
    this.machineMs = parts.machineMs ?? (() => performance.now());
  }

  /** Whether something is due by now. */
  hasDue(among: readonly DueTimes[] = this.all): boolean {
    const at = nextOf(among);
    return at !== null && at <= this.parts.clock.now();
  }

  /** Sees every item that is about to be written; give it to the table layer. */
  readonly observe: WriteObserver = (table, attributes) => {
    for (const { due, at } of dueFromWrite(table, attributes)) {
      if (due.kind === 'watch' && !this.isWatched(due.queue, Number(attributes.acceptedAt))) continue;
      if (this.learn(due, at)) this.wakeBy(at);
    }
  };

  private isWatched(queue: string, acceptedAt: number): boolean {
    return this.hasWatchers() && this.busy.took(queue, acceptedAt);
  }

  /** Where time stands still until somebody moves it, as in the replay, nobody waits to be told of a spike. */
  private hasWatchers(): boolean {
    return this.parts.clock.mode !== 'standing';
  }

  /** Learns all due times from what is stored, and begins to follow a running clock. */
  async start(): Promise<void> {
    const { sweeps, clock } = this.parts;
    for (const { due, at } of await sweeps.allDue(clock.now()))
      if (due.kind !== 'watch' || this.hasWatchers()) this.learn(due, at);
    this.stopped = false;
    this.arm();
  }

  /** Ends after the due work that runs right now. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.isStopping = true;
    clearTimeout(this.timer);
    await this.turn;
    await this.following;
  }

  /** Chooses the clock of a market in which nothing has a due time yet; later the choice stands. */
  async choose(mode: ClockMode, nowMs: number): Promise<Result<null, 'clock_mode_fixed'>> {
    return this.inTurn(async () => {
      await this.following;
      // What a start has looked at in vain, such as the rounds of a market without any, is then known to be nothing.
      if (this.parts.clock.mode === null) await this.runAllDue(this.machineMs() + STEP_MS);
      const chosen = this.parts.clock.set(mode, nowMs, this.market.size + this.books.size === 0);
      this.arm();
      return chosen;
    });
  }

  /**
   * Moves the market clock to `toMs` and runs what became due, messages included: 5 s of machine time at the most. The
   * same call again goes on. `complete` says whether nothing that is due by now is left. With `booksFollow` what falls due
   * of money works on after that, as it does on AWS beside the next calls, and beside further such steps within minutes; any
   * other step begins when it is through.
   */
  async advance(
    toMs: number,
    { booksFollow = false }: { booksFollow?: boolean } = {},
  ): Promise<Result<{ complete: boolean }, 'clock_goes_forward'>> {
    return this.inTurn(async () => {
      const deadlineMs = this.machineMs() + STEP_MS;
      const { clock, gate } = this.parts;
      if (!booksFollow || toMs > this.followsUntil) {
        if (!(await this.following) && !(await this.settle(deadlineMs)))
          return { ok: true, value: { complete: false } };
        this.following = Promise.resolve(true);
        this.followsUntil = Number.NEGATIVE_INFINITY;
      }
      if (!(await gate.close(STEP_MS))) return { ok: true, value: { complete: false } };
      try {
        const moved = clock.advance(toMs);
        if (!moved.ok) return moved;
      } finally {
        gate.open();
      }
      const complete = await this.settle(deadlineMs, booksFollow ? [this.market] : this.all);
      if (complete && booksFollow && this.hasDue([this.books])) this.follow();
      this.arm();
      return { ok: true, value: { complete } };
    });
  }

  /** Works what is due of the books from here on, after what of them is still worked. */
  private follow(): void {
    this.followsUntil = Math.max(this.followsUntil, this.parts.clock.now() + FOLLOWS_WITHIN_MS);
    this.following = this.following.then(async (isThrough) => {
      try {
        return (await this.settle(this.machineMs() + STEP_MS, [this.books])) && isThrough;
      } catch (error) {
        this.parts.log('error', 'what followed a step failed', { error });
        return false;
      }
    });
  }

  /** Due work and messages by turns, since each can make the other, until both are done or the time is up. */
  private async settle(deadlineMs: number, among: readonly DueTimes[] = this.all): Promise<boolean> {
    for (;;) {
      if (!(await this.runAllDue(deadlineMs, among))) return false;
      if (!(await this.parts.messages.settled(deadlineMs))) return false;
      if (!this.hasDue(among)) return true;
    }
  }

  /**
   * Runs what is due by now in order of due time; false where time ran out or a sweep failed. What failed stays due.
   * Partitions and lanes know nothing of each other, so they run side by side; rounds wait for all that was due before.
   */
  private async runAllDue(deadlineMs: number, among: readonly DueTimes[] = this.all): Promise<boolean> {
    const failed: DueAt[] = [];
    let isLate = false;
    while (!isLate && this.hasDue(among)) {
      const now = this.parts.clock.now();
      for (const stage of stagesOf(takeAll(among, now))) {
        const chains = await mapConcurrent(stage, SIDE_BY_SIDE, (chain) => this.runChain(chain, now, deadlineMs));
        failed.push(...chains.flatMap((chain) => chain.failed));
        isLate ||= chains.some((chain) => chain.isLate);
      }
    }
    for (const { due, at } of failed) this.learn(due, at);
    return !isLate && failed.length === 0;
  }

  /** Runs due work one after another; what there is no time for is learned again. */
  private async runChain(chain: readonly DueAt[], now: number, deadlineMs: number): Promise<ChainEnd> {
    const failed: DueAt[] = [];
    let isLate = false;
    for (const next of chain) {
      isLate ||= this.machineMs() > deadlineMs || this.isStopping;
      if (isLate) {
        this.learn(next.due, next.at);
        continue;
      }
      try {
        const { nextAt } = await this.parts.sweeps.runDue(next.due, now);
        if (nextAt !== null) this.learn(next.due, nextAt);
      } catch (error) {
        failed.push(next);
        this.parts.log('error', 'due work failed; it stays due', { due: dueName(next.due), error });
      }
    }
    return { failed, isLate };
  }

  private learn(due: Due, at: number): boolean {
    return (due.kind === 'finance' ? this.books : this.market).learn(due, at);
  }

  /** One at a time: steps of the clock, and the timer of a running one. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private wakeBy(at: number): void {
    if (at < this.timerAt && !this.stopped) this.arm();
  }

  /** Sets the timer to the earliest due time. A standing clock has none: it moves only when somebody moves it. */
  private arm(retryMs = 0): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.timerAt = Number.POSITIVE_INFINITY;
    const { clock } = this.parts;
    const at = nextOf(this.all);
    if (this.stopped || at === null || clock.mode === 'standing') return;
    const waitMs = Math.min(Math.max(at - clock.now(), retryMs, 20), LONGEST_TIMER_MS);
    this.timerAt = retryMs > 0 ? 0 : at;
    this.timer = setTimeout(() => {
      this.timerAt = Number.POSITIVE_INFINITY;
      this.inTurn(() => this.tick()).catch((error: unknown) =>
        this.parts.log('error', 'the scheduler failed', { error }),
      );
    }, waitMs);
  }

  private async tick(): Promise<void> {
    await this.following;
    if (this.stopped) return;
    const isDone = await this.runAllDue(this.machineMs() + TICK_MS);
    this.failedTicks = isDone ? 0 : this.failedTicks + 1;
    this.arm(isDone ? 0 : Math.min(1_000 * 2 ** Math.min(this.failedTicks, 10), LONGEST_RETRY_MS));
  }
}

/** The earliest due time among some; null where nothing is due at all. */
function nextOf(among: readonly DueTimes[]): number | null {
  const times = among.flatMap((one) => one.nextAt() ?? []);
  return times.length === 0 ? null : Math.min(...times);
}

/** All that is due by now among some, in order of due time. */
function takeAll(among: readonly DueTimes[], now: number): DueAt[] {
  const taken: DueAt[] = [];
  for (const times of among)
    for (let next = times.take(now); next !== undefined; next = times.take(now)) taken.push(next);
  return taken.sort((a, b) => a.at - b.at);
}

/** Due work in stages: within one, chains of the same partition in order; rounds are a stage of their own. */
function stagesOf(due: readonly DueAt[]): DueAt[][][] {
  const stages: DueAt[][][] = [];
  let chains = new Map<string, DueAt[]>();
  const close = (): void => {
    if (chains.size > 0) stages.push([...chains.values()]);
    chains = new Map();
  };
  for (const next of due) {
    if (next.due.kind === 'rounds') {
      close();
      stages.push([[next]]);
      continue;
    }
    const name = next.due.kind === 'leases' ? next.due.partition : dueName(next.due);
    const chain = chains.get(name);
    if (chain === undefined) chains.set(name, [next]);
    else chain.push(next);
  }
  close();
  return stages;
}
