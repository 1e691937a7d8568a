import { describe, expect, it } from 'vitest';
import { dice } from '../../tests/support/dice.ts';
import { erlangB, erlangC, waitingWithoutEnd, waitingWithPatience } from './erlang.ts';
import { type Staffing, StaffingInput, staffingOf } from './staffing.ts';

type Sent = Parameters<typeof StaffingInput.parse>[0];
function staff(input: Sent): Staffing {
  const computed = staffingOf(StaffingInput.parse(input));
  if (!computed.ok) throw new Error(computed.message);
  return computed.staffing;
}

describe('Erlang B', () => {
  it.each([
    [1, 0.0101],
    [2, 0.1526],
    [5, 1.361],
    [10, 4.461],
    [20, 12.03],
    [50, 37.9],
    [100, 84.06],
  ])('loses one call in a hundred of %d lines at the load of the published tables, %d Erlang', (lines, load) => {
    expect(erlangB(load, lines)).toBeCloseTo(0.01, 4);
  });

  it('stays a share with many thousand agents, where factorials have long overflowed', () => {
    expect(erlangB(10_000, 10_000)).toBeGreaterThan(0);
    // √(2/(π·n)) as n = a grows (Jagerman 1974).
    expect(erlangB(10_000, 10_000) / Math.sqrt(2 / (Math.PI * 10_000))).toBeCloseTo(1, 1);
  });
});

describe('Erlang C', () => {
  it('gives the textbook answer: 200 calls an hour of 180 s and 14 agents: 17.4 % wait, 88.8 % within 20 s, 7.8 s mean', () => {
    const { waits, within, meanWait, occupancy } = waitingWithoutEnd(10, 14, 20 / 180);
    expect(waits).toBeCloseTo(0.1741, 4);
    expect(within).toBeCloseTo(0.888, 3);
    expect(meanWait * 180).toBeCloseTo(7.8, 1);
    expect(occupancy).toBeCloseTo(0.714, 3);
  });

  it('with one agent is M/M/1: the share that waits is the load', () => {
    for (const load of [0, 0.2, 0.5, 0.9]) expect(erlangC(load, 1)).toBeCloseTo(load, 12);
    expect(erlangC(1, 1)).toBe(1);
    expect(waitingWithoutEnd(3, 2, 1)).toMatchObject({ within: 0, occupancy: 1, meanWait: Infinity });
  });
});

describe('Erlang A', () => {
  /**
   * The same by other means: the stationary shares of the birth-death chain; for what each who waits meets, a walk of the
   * places before them (uniformised).
   */
  function byChain(load: number, agents: number, withinTime: number, patience: number) {
    const [theta, most] = [1 / patience, 400];
    const weights = [1];
    for (let k = 1; k < most; k++) {
      const leaves = Math.min(k, agents) + Math.max(0, k - agents) * theta;
      weights.push((weights[k - 1]! * load) / leaves);
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const shares = weights.map((weight) => weight / total);
    const waits = shares.slice(agents).reduce((sum, share) => sum + share, 0);
    const queue = shares.reduce((sum, share, k) => sum + share * Math.max(0, k - agents), 0);
    const ahead = shares.slice(agents);
    const fast = agents + (ahead.length + 1) * theta;
    let inTime = 1 - waits;
    let poisson = Math.exp(-fast * withinTime);
    let places = ahead;
    let answered = 0;
    for (let step = 0; step < 4_000; step++) {
      inTime += poisson * answered;
      poisson = (poisson * fast * withinTime) / (step + 1);
      answered += (places[0]! * agents) / fast;
      places = places.map((share, j) => {
        const moves = agents + j * theta;
        const from = places[j + 1] ?? 0;
        return share * (1 - (moves + theta) / fast) + (from * (agents + (j + 1) * theta)) / fast;
      });
    }
    return { waits, abandons: (queue * theta) / load, within: inTime, meanWait: queue / load };
  }

  it.each([
    [4, 5, 0.1, 1],
    [10, 10, 0.2, 0.5],
    [10, 8, 0.3, 2],
    [25, 30, 0.05, 3],
    [40, 30, 0.1, 0.4],
    [0.5, 1, 0.5, 1],
  ])(
    'of load %d with %d agents, within %d, patience %d, is what the birth-death chain says',
    (load, agents, time, patience) => {
      const [formula, chain] = [
        waitingWithPatience(load, agents, time, patience),
        byChain(load, agents, time, patience),
      ];
      expect(formula.waits).toBeCloseTo(chain.waits, 6);
      expect(formula.abandons).toBeCloseTo(chain.abandons, 6);
      expect(formula.meanWait).toBeCloseTo(chain.meanWait, 6);
      expect(formula.within).toBeCloseTo(chain.within, 5);
    },
  );

  it('becomes Erlang C where nobody gives up, and loses what agents cannot do under great overload', () => {
    const [patient, endless] = [waitingWithPatience(10, 14, 0.1, 1e7), waitingWithoutEnd(10, 14, 0.1)];
    expect(patient.within).toBeCloseTo(endless.within, 4);
    expect(patient.waits).toBeCloseTo(endless.waits, 4);
    const overload = waitingWithPatience(10_000, 5_000, 0.1, 86_400);
    expect(overload.abandons).toBeCloseTo(0.5, 6);
    expect(overload.occupancy).toBeCloseTo(1, 6);
    expect(waitingWithPatience(5, 0, 1, 2)).toMatchObject({ abandons: 1, within: 0, meanWait: 2 });
  });
});

describe('staff for those who wait', () => {
  const calls = { answer: 'at_once', handleSeconds: 180, occupancyBps: 10_000 } as const;

  it('is the fewest agents that reach the level: 14 of 10 Erlang for 80 % within 20 s, since 13 reach 79.1 %', () => {
    expect(waitingWithoutEnd(10, 13, 20 / 180).within).toBeLessThan(0.8);
    const { pooled } = staff({ ...calls, companies: [{ name: 'A', requestsPerHour: 200 }] });
    expect(pooled).toMatchObject({ agents: 14, scheduled: 14, levelBps: 8_883, waitSeconds: 7.8, occupancyBps: 7_143 });
  });

  it('plans more for shrinkage (14 / 0.7 = 20), keeps the occupancy below its cap, and lets a chat agent do several', () => {
    const companies = [{ name: 'A', requestsPerHour: 200 }];
    expect(staff({ ...calls, companies, shrinkageBps: 3_000 }).pooled.scheduled).toBe(20);
    expect(staff({ ...calls, companies, occupancyBps: 6_000 }).pooled.agents).toBe(17);
    expect(staff({ ...calls, companies, concurrency: 3 }).pooled.agents).toBe(5);
  });

  it('is less in one pool than alone, and never more, whatever the companies', () => {
    const random = dice(11);
    for (let trial = 0; trial < 40; trial++) {
      const companies = Array.from({ length: 2 + Math.floor(random() * 4) }, (_, i) => ({
        name: `C${i}`,
        requestsPerHour: Math.round(random() * 300),
      }));
      const patience = trial % 2 === 0 ? {} : { patienceSeconds: 30 + Math.round(random() * 600) };
      const result = staff({ ...calls, companies, ...patience, occupancyBps: 8_500 });
      expect(result.pooled.agents, `seed 11, trial ${trial}`).toBeLessThanOrEqual(result.aloneAgents);
      expect(result.savedScheduled).toBe(result.aloneScheduled - result.pooled.scheduled);
    }
    const ten = Array.from({ length: 10 }, (_, i) => ({ name: `C${i}`, requestsPerHour: 20 }));
    // Each alone: 1 Erlang, of which 3 agents answer 1 − 0.0909·e^{−2/9} = 92.7 % within 20 s and 2 only 70.2 %.
    expect(staff({ ...calls, companies: ten })).toMatchObject({
      aloneAgents: 30,
      pooled: { agents: 14 },
      savedBps: 5_333,
    });
  });

  it('of no requests is nobody', () => {
    expect(staff({ ...calls, companies: [{ name: 'A', requestsPerHour: 0 }] })).toMatchObject({
      pooled: { agents: 0, scheduled: 0 },
      savedBps: 0,
    });
  });
});

describe('staff for work with a deadline', () => {
  const mail = { answer: 'by_deadline', handleSeconds: 600, deadlineHours: 2, occupancyBps: 10_000 } as const;
  /** Twelve busy hours, twelve quiet ones. */
  const day = (busy: number, quiet: number) => Array.from({ length: 24 }, (_, hour) => (hour < 12 ? busy : quiet));
  const agentsFor = (requestsByHour: number[], more: object = {}) =>
    staff({ ...mail, ...more, companies: [{ name: 'A', requestsByHour }] }).pooled.agents;

  it('smooths busy hours into quiet ones as far as the deadline reaches', () => {
    // 60 an hour of 10 minutes for 12 hours are 120 agent-hours: in 12 + 1 hours 9.23 agents, in 12 + 8 six. The mean
    // is 5 Erlang, and five agents would leave nothing for chance.
    expect(agentsFor(day(60, 0), { deadlineHours: 1 })).toBe(10);
    expect(agentsFor(day(60, 0), { deadlineHours: 3 })).toBe(8);
    expect(agentsFor(day(60, 0), { deadlineHours: 8 })).toBe(6);
    expect(agentsFor(day(60, 0), { deadlineHours: 100 })).toBe(6);
    expect(agentsFor(day(60, 0), { deadlineHours: 100, occupancyBps: 5_000 })).toBe(10);
  });

  it('with nothing to wait for is Erlang C’s: a deadline of one handling time leaves no time to wait', () => {
    const [load, level] = [4, 0.9];
    const agents = agentsFor([24], { deadlineHours: 1 / 3, handleSeconds: 600, levelBps: 9_000 });
    const within = (n: number) => waitingWithoutEnd(load, n, 1).within;
    expect(within(agents)).toBeGreaterThanOrEqual(level);
    expect(within(agents - 1)).toBeLessThan(level);
  });

  it('is in time as surely as stated, on seeded queues worked in order, with a steady and a swinging flow', () => {
    for (const [hours, byHour] of [
      [1, [23]],
      [2, day(40, 6)],
      [8, day(60, 0)],
    ] as const) {
      const agents = agentsFor([...byHour], { deadlineHours: hours, occupancyBps: 8_500 });
      const random = dice(5);
      const free = Array<number>(agents).fill(0);
      const most = Math.max(...byHour);
      let [at, late, requests] = [0, 0, 0];
      while (requests < 50_000) {
        at -= Math.log(1 - random()) / most;
        if (random() * most > byHour[Math.floor(at) % byHour.length]!) continue;
        requests += 1;
        const next = free.indexOf(Math.min(...free));
        const begun = Math.max(at, free[next]!);
        free[next] = begun - (Math.log(1 - random()) * mail.handleSeconds) / 3_600;
        // Begun so that the mean handling time ends by the deadline.
        if (begun > at + hours - mail.handleSeconds / 3_600) late += 1;
      }
      console.log(
        `${agents} agents, deadline ${hours} h, seed 5: ${((100 * late) / requests).toFixed(2)} % of ${requests} late`,
      );
      expect(late / requests).toBeLessThan(0.05);
    }
  });

  it('in a pool is less where the companies are busy at different hours', () => {
    const companies = [
      { name: 'A', requestsByHour: day(60, 0) },
      { name: 'B', requestsByHour: day(0, 60) },
    ];
    expect(staff({ ...mail, companies })).toMatchObject({ aloneAgents: 18, pooled: { agents: 11 } });
  });

  it('is refused where work takes longer than the deadline, for unlike lists of hours, and above ten thousand agents', () => {
    const refusalOf = (more: object) =>
      staffingOf(StaffingInput.parse({ ...mail, companies: [{ name: 'A', requestsByHour: [10] }], ...more }));
    expect(refusalOf({ handleSeconds: 7_201 })).toMatchObject({ ok: false, field: 'deadlineHours' });
    expect(refusalOf({ companies: [{ name: 'A', requestsByHour: [1_000_000] }] })).toMatchObject({
      field: 'companies',
    });
    const unlike = [
      { name: 'A', requestsByHour: [1] },
      { name: 'B', requestsByHour: [1, 2] },
    ];
    expect(refusalOf({ companies: unlike })).toMatchObject({ field: 'companies' });
  });
});
