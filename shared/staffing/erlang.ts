/**
 * Waiting for one of many: the formulas of Erlang B, C and A. Loads are in Erlang (arrivals times handling time); all
 * recursions run upward from small numbers, so that thousands of agents neither overflow nor cancel.
 */

/** Waiting times and patience are exponential; times are in units of the mean handling time. */
export type Waiting = {
  /** Share of all that wait at all. */
  waits: number;
  /** Share of all that are answered within the stated time. */
  within: number;
  /** Mean wait of all, in mean handling times. */
  meanWait: number;
  /** Share of all that give up waiting. */
  abandons: number;
  /** Share of the agents' time that is work. */
  occupancy: number;
};

/** Erlang B: the share that finds all `agents` busy where nobody waits. B(0) = 1, B(n) = aB(n−1)/(n + aB(n−1)). */
export function erlangB(load: number, agents: number): number {
  let blocked = 1;
  for (let n = 1; n <= agents; n++) blocked = (load * blocked) / (n + load * blocked);
  return blocked;
}

/** Erlang C: the share that waits where everybody waits as long as it takes; 1 where the load is more than the agents can do. */
export function erlangC(load: number, agents: number): number {
  if (load === 0) return 0;
  if (agents <= load) return 1;
  const blocked = erlangB(load, agents);
  return (agents * blocked) / (agents - load * (1 - blocked));
}

/** M/M/n: nobody gives up. A load that the agents cannot do answers nobody in time. */
export function waitingWithoutEnd(load: number, agents: number, withinTime: number): Waiting {
  const waits = erlangC(load, agents);
  if (load >= agents && load > 0) return { waits: 1, within: 0, meanWait: Infinity, abandons: 0, occupancy: 1 };
  const spare = agents - load;
  return {
    waits,
    within: 1 - waits * Math.exp(-spare * withinTime),
    meanWait: spare === 0 ? 0 : waits / spare,
    abandons: 0,
    occupancy: agents === 0 ? 0 : load / agents,
  };
}

/** Steps of the integrals over the 40 e-folds or 18 standard deviations that count. */
const STEPS = 400;
/** e⁻⁴⁰ is nothing beside the largest value. */
const NOTHING = 40;

/**
 * M/M/n+M, Erlang A: whoever waits gives up after an exponential time of mean `patience` (in handling times, above 0). The
 * offered wait has, beside an atom at 0, the density λ·e^{λH(x) − nμx}/(1/B(n − 1) + λJ), H(x) = (1 − e^{−θx})/θ, J its
 * integral without λ (Mandelbaum and Zeltyn, Service engineering in action: the Palm/Erlang-A queue, 2007). The exponent is
 * concave; it is taken relative to its peak, so it overflows nowhere.
 */
export function waitingWithPatience(load: number, agents: number, withinTime: number, patience: number): Waiting {
  if (load === 0) return { waits: 0, within: 1, meanWait: 0, abandons: 0, occupancy: 0 };
  if (agents === 0) return { waits: 1, within: 0, meanWait: patience, abandons: 1, occupancy: 0 };
  const rate = 1 / patience;
  const exponent = (x: number): number => load * patience * -Math.expm1(-rate * x) - agents * x;
  const peakAt = Math.max(0, Math.log(load / agents) * patience);
  const peak = exponent(peakAt);
  const start = Math.max(0, peakAt - reachOf((x) => exponent(peakAt - x), peak, peakAt));
  const end = peakAt + reachOf((x) => exponent(peakAt + x), peak);
  const density = (x: number): number => load * Math.exp(exponent(x) - peak);
  const stays = (x: number): number => Math.exp(-rate * x);
  const blocked = erlangB(load, agents - 1);
  // Everything is divided by e^{peak}: what waits against what does not.
  const all = integral(density, start, end);
  const whole = Math.exp(-peak) + blocked * all;
  const waits = (blocked * all) / whole;
  const answeredAfter = (x: number): number =>
    (blocked * integral((y) => density(y) * stays(y), Math.max(x, start), end)) / whole;
  const answered = 1 - waits + answeredAfter(0);
  const abandons = Math.max(0, 1 - answered);
  return {
    waits,
    within: Math.max(0, answered - answeredAfter(withinTime)),
    // Little's law on those who wait: each gives up at the rate θ.
    meanWait: abandons * patience,
    abandons,
    occupancy: Math.min(1, (load * answered) / agents),
  };
}

/** How far from its peak a concave exponent has fallen so much that the rest is nothing; looks no further than `most`. */
function reachOf(exponent: (x: number) => number, peak: number, most = Infinity): number {
  let [low, high] = [0, 1];
  while (high < most && exponent(high) > peak - NOTHING) high *= 2;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (exponent(middle) > peak - NOTHING) low = middle;
    else high = middle;
  }
  return high;
}

/** Simpson's rule. */
function integral(value: (x: number) => number, from: number, to: number): number {
  if (to <= from) return 0;
  const step = (to - from) / STEPS;
  let sum = value(from) + value(to);
  for (let i = 1; i < STEPS; i++) sum += value(from + i * step) * (i % 2 === 0 ? 2 : 4);
  return (sum * step) / 3;
}
