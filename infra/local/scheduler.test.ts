import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Due } from '../../shared/dispatch/due.ts';
import { timeKey } from '../../shared/kernel/id.ts';
import { ok, refuse } from '../../shared/kernel/result.ts';
import { MINUTE } from '../../shared/kernel/time.ts';
import type { ClockMode, MarketClock } from './clock.ts';
import { DueTimes } from './due-times.ts';
import { Gate } from './gate.ts';
import { Scheduler, STEP_MS, type Sweeps } from './scheduler.ts';

const lane = (provider: string): Due => ({ kind: 'lane', queue: 'q', round: 1, provider, shard: 0 });
const nameOf = (due: Due): string => (due.kind === 'lane' ? (due.provider ?? '-') : due.kind);

function clockAt(nowMs: number, mode: ClockMode | null = 'standing'): MarketClock {
  let now = nowMs;
  return {
    mode,
    now: () => now,
    set: () => ok(null),
    advance: (toMs) => {
      if (toMs < now) return refuse('clock_goes_forward', 'no');
      now = toMs;
      return ok(null);
    },
  };
}

type Setup = { due?: [string, number][]; run?: Sweeps['runDue']; clock?: MarketClock; machineMs?: () => number };

function schedulerWith({ due = [], run, clock = clockAt(0), machineMs }: Setup) {
  const ran: string[] = [];
  const logged: string[] = [];
  const gate = new Gate();
  const messages = { settled: vi.fn(async (_deadlineMs: number) => true) };
  const scheduler = new Scheduler({
    clock,
    gate,
    messages,
    log: (_level, message) => void logged.push(message),
    sweeps: {
      allDue: async () => due.map(([provider, at]) => ({ due: lane(provider), at })),
      runDue: async (one, now) => {
        ran.push(`${nameOf(one)}@${now}`);
        return (await run?.(one, now)) ?? { nextAt: null };
      },
    },
    ...(machineMs === undefined ? {} : { machineMs }),
  });
  return { scheduler, ran, logged, gate, messages, clock };
}

let running: Scheduler[] = [];
const started = async (setup: Setup) => {
  const all = schedulerWith(setup);
  running.push(all.scheduler);
  await all.scheduler.start();
  return all;
};
afterEach(async () => {
  for (const scheduler of running) await scheduler.stop();
  running = [];
});

describe('a step that the books follow', () => {
  const untilToldTo = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const run: Sweeps['runDue'] = async ({ kind }) => {
      if (kind === 'finance') await promise;
      return { nextAt: null };
    };
    return { run, go: resolve };
  };
  const withFinance = async () => {
    const finance = untilToldTo();
    const all = await started({ due: [['work', 10]], run: finance.run });
    all.scheduler.observe('ledger', { cpk: 'due', csk: `${timeKey(10)}#something` });
    return { ...all, go: finance.go };
  };

  it('answers while what is charged works on, and the next step waits for it', async () => {
    const { scheduler, ran, clock, go } = await withFinance();
    expect(await scheduler.advance(50, { booksFollow: true })).toEqual(ok({ complete: true }));
    expect(ran).toEqual(['work@50', 'finance@50']);
    const next = scheduler.advance(60);
    await new Promise((done) => setTimeout(done, 10));
    expect(clock.now()).toBe(50);
    go();
    expect(await next).toEqual(ok({ complete: true }));
    expect(clock.now()).toBe(60);
  });

  it('lets such a step follow within minutes beside it, and none that goes further', async () => {
    const { scheduler, ran, clock, go } = await withFinance();
    scheduler.observe('requests', { pk: 'R#1', sk: '-', wpk: 'W#q#1#later#0', wsk: 'x', moveAt: 4 * MINUTE });
    await scheduler.advance(50, { booksFollow: true });
    expect(await scheduler.advance(4 * MINUTE, { booksFollow: true })).toEqual(ok({ complete: true }));
    expect(ran).toEqual(['work@50', 'finance@50', `later@${4 * MINUTE}`]);
    const next = scheduler.advance(6 * MINUTE, { booksFollow: true });
    await new Promise((done) => setTimeout(done, 10));
    expect(clock.now()).toBe(4 * MINUTE);
    go();
    expect(await next).toEqual(ok({ complete: true }));
    expect(clock.now()).toBe(6 * MINUTE);
  });

  it('does not move on before what failed of it is done', async () => {
    let fails = 2;
    const { scheduler, clock, ran } = await started({
      run: async () => {
        if (fails-- > 0) throw new Error('not now');
        return { nextAt: null };
      },
    });
    scheduler.observe('ledger', { cpk: 'due', csk: `${timeKey(10)}#something` });
    expect(await scheduler.advance(50, { booksFollow: true })).toEqual(ok({ complete: true }));
    expect(await scheduler.advance(60)).toEqual(ok({ complete: false }));
    expect(clock.now()).toBe(50);
    expect(await scheduler.advance(60)).toEqual(ok({ complete: true }));
    expect([clock.now(), ran.length]).toEqual([60, 3]);
  });
});

describe('a step of the market clock', () => {
  it('runs what became due, in order of due time, and nothing else', async () => {
    const { scheduler, ran } = await started({
      due: [
        ['late', 30],
        ['first', 10],
        ['second', 20],
        ['far', 1_000],
      ],
    });
    expect(await scheduler.advance(50)).toEqual(ok({ complete: true }));
    expect(ran).toEqual(['first@50', 'second@50', 'late@50']);
    await scheduler.advance(999);
    expect(ran).toHaveLength(3);
    await scheduler.advance(1_000);
    expect(ran.at(-1)).toBe('far@1000');
  });

  it('runs a due name once, and again only where its next time has come already', async () => {
    const times = [40, 5_000];
    const { scheduler, ran } = await started({
      due: [['a', 10]],
      run: async () => ({ nextAt: times.shift() ?? null }),
    });
    expect(await scheduler.advance(50)).toEqual(ok({ complete: true }));
    expect(ran).toEqual(['a@50', 'a@50']);
    expect(scheduler.hasDue()).toBe(false);
  });

  it('learns due times from writes, the earliest known time counting', async () => {
    const { scheduler, ran } = await started({});
    const item = (moveAt: number) => ({ pk: 'R#1', sk: '-', wpk: 'W#q#1#p#0', wsk: 'x', moveAt });
    scheduler.observe('requests', item(500));
    scheduler.observe('requests', item(300));
    scheduler.observe('requests', item(400));
    await scheduler.advance(299);
    expect(ran).toEqual([]);
    await scheduler.advance(300);
    expect(ran).toEqual(['p@300']);
  });

  it('refuses to go back and runs nothing', async () => {
    const { scheduler, ran } = await started({ due: [['a', 10]], clock: clockAt(100) });
    expect(await scheduler.advance(99)).toMatchObject({ ok: false, code: 'clock_goes_forward' });
    expect(ran).toEqual([]);
  });

  it('works five seconds at the most, says so, and the same call goes on', async () => {
    let machine = 0;
    const slow = async () => {
      machine += 2_000;
      return { nextAt: null };
    };
    const due: [string, number][] = [
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['d', 4],
    ];
    const { scheduler, ran } = await started({ due, run: slow, machineMs: () => machine });
    expect(await scheduler.advance(10)).toEqual(ok({ complete: false }));
    expect(ran).toEqual(['a@10', 'b@10', 'c@10']);
    expect(machine).toBeLessThan(STEP_MS + 2_000);
    expect(await scheduler.advance(10)).toEqual(ok({ complete: true }));
    expect(ran.at(-1)).toBe('d@10');
  });

  it('keeps due what failed, goes on with the rest, and is not complete', async () => {
    let fails = true;
    const { scheduler, ran, logged } = await started({
      due: [
        ['bad', 1],
        ['good', 2],
      ],
      run: async (due) => {
        if (nameOf(due) === 'bad' && fails) throw new Error('no answer');
        return { nextAt: null };
      },
    });
    expect(await scheduler.advance(10)).toEqual(ok({ complete: false }));
    expect(ran).toEqual(['bad@10', 'good@10']);
    expect(logged).toContain('due work failed; it stays due');
    fails = false;
    expect(await scheduler.advance(10)).toEqual(ok({ complete: true }));
    expect(ran.at(-1)).toBe('bad@10');
  });

  it('waits for messages, and runs what these made due before it is complete', async () => {
    const { scheduler, ran, messages } = await started({});
    messages.settled.mockImplementationOnce(async () => {
      scheduler.observe('requests', { wpk: 'W#q#1#made#0', moveAt: 5 });
      return true;
    });
    expect(await scheduler.advance(10)).toEqual(ok({ complete: true }));
    expect(ran).toEqual(['made@10']);
    expect(messages.settled).toHaveBeenCalledTimes(2);
    messages.settled.mockImplementationOnce(async () => false);
    expect(await scheduler.advance(11)).toEqual(ok({ complete: false }));
  });

  it('lets running calls end before the value changes and new ones in after it', async () => {
    const { scheduler, gate, clock } = await started({});
    expect(gate.enter()).toBeUndefined();
    const step = scheduler.advance(10);
    await new Promise((done) => setImmediate(done));
    const seen: number[] = [];
    const late = (async () => {
      await gate.enter();
      seen.push(clock.now());
      gate.leave();
    })();
    expect(clock.now()).toBe(0);
    gate.leave();
    await Promise.all([step, late]);
    expect(seen).toEqual([10]);
  });

  it('with nothing due costs well under a millisecond', async () => {
    const { scheduler } = await started({ due: [['far', 1e9]] });
    const begun = performance.now();
    for (let at = 1; at <= 2_000; at++) await scheduler.advance(at);
    expect((performance.now() - begun) / 2_000).toBeLessThan(0.3);
  });
});

describe('choosing the clock', () => {
  it('is open as long as nothing has a due time, whatever a start had to look at', async () => {
    const set = vi.fn(() => ok(null));
    const { scheduler, ran } = await started({ due: [['looked at', 5]], clock: { ...clockAt(5), mode: null, set } });
    await scheduler.choose('standing', 1);
    expect(ran).toEqual(['looked at@5']);
    expect(set).toHaveBeenLastCalledWith('standing', 1, true);
    scheduler.observe('requests', { wpk: 'W#q#1#p#0', moveAt: 900 });
    await scheduler.choose('standing', 1);
    expect(set).toHaveBeenLastCalledWith('standing', 1, false);
  });
});

describe('a running clock', () => {
  it('runs due work by itself when its time comes', async () => {
    const begun = Date.now();
    const clock: MarketClock = { ...clockAt(0, 'running'), mode: 'running', now: () => Date.now() - begun };
    const { ran } = await started({
      due: [
        ['soon', 60],
        ['later', 600_000],
      ],
      clock,
    });
    expect(ran).toEqual([]);
    await vi.waitFor(() => expect(ran).toHaveLength(1), { timeout: 2_000 });
    expect(ran[0]).toMatch(/^soon@/);
  });

  it('wakes earlier for what is written meanwhile', async () => {
    const begun = Date.now();
    const clock: MarketClock = { ...clockAt(0, null), mode: null, now: () => Date.now() - begun };
    const { scheduler, ran } = await started({ due: [['later', 600_000]], clock });
    scheduler.observe('requests', { wpk: 'W#q#1#urgent#0', moveAt: 40 });
    await vi.waitFor(() => expect(ran).toHaveLength(1), { timeout: 2_000 });
  });
});

describe('due times', () => {
  it('come out in order however they were learned', () => {
    const times = new DueTimes();
    const at = [5, 3, 9, 1, 7, 3, 8, 2, 6, 4];
    for (const [i, time] of at.entries()) times.learn(lane(`p${i}`), time);
    times.learn(lane('p2'), 0);
    times.learn(lane('p2'), 20);
    const out: number[] = [];
    for (let next = times.take(100); next !== undefined; next = times.take(100)) out.push(next.at);
    expect(out).toEqual([0, 1, 2, 3, 3, 4, 5, 6, 7, 8]);
    expect(times.size).toBe(0);
    expect(times.nextAt()).toBeNull();
  });
});
