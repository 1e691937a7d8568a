/** What each company knows of its own past in each queue: how much it sent per round, and the prices it met. */
import { nextPeriodStart, periodStart, type RoundLength } from '../../../shared/kernel/time.ts';
import type { RequestView } from '../../../shared/request/request.ts';
import type { Arrival } from './arrival.ts';

/** Prices a company has met in a queue, and how its requests beyond the award fared. */
export type Met = { slotMicros: number | null; overflowMicros: number | null; beyond: number; unserved: number };

export type Past = {
  /** Notes a request that the company has sent. */
  sent(arrival: Arrival): void;
  /** Notes what the company was told of it. */
  told(company: string, queue: string, view: RequestView): void;
  /** The companies with a past in a queue, in order of name. */
  companies(queue: string): string[];
  /**
   * Requests of each round since the company's first, oldest first, with the round that holds `now` scaled to its whole
   * length when at least `PART_COUNTED` of it has passed, else left out.
   */
  volumes(queue: string, company: string, now: number): number[];
  met(queue: string, company: string): Met;
};

/** A round of which this share has passed tells enough to be counted. */
export const PART_COUNTED = 0.75;

export function newPast(roundLength: RoundLength): Past {
  const queues = new Map<string, Map<string, { rounds: Map<number, number>; met: Met }>>();
  const recordOf = (queue: string, company: string) => {
    const companies = queues.get(queue) ?? new Map<string, { rounds: Map<number, number>; met: Met }>();
    queues.set(queue, companies);
    const record = companies.get(company) ?? {
      rounds: new Map<number, number>(),
      met: { slotMicros: null, overflowMicros: null, beyond: 0, unserved: 0 },
    };
    companies.set(company, record);
    return record;
  };
  return {
    sent({ at, company, queue }) {
      const { rounds } = recordOf(queue, company);
      const round = periodStart(at, roundLength);
      rounds.set(round, (rounds.get(round) ?? 0) + 1);
    },
    told(company, queue, view) {
      const { met } = recordOf(queue, company);
      if (view.route === 'slot') met.slotMicros = view.priceMicros;
      else {
        met.beyond += 1;
        if (view.route === 'overflow') met.overflowMicros = view.priceMicros;
        else met.unserved += 1;
      }
    },
    companies: (queue) => [...(queues.get(queue)?.keys() ?? [])].sort(),
    volumes(queue, company, now) {
      const { rounds } = recordOf(queue, company);
      return volumesByRound(rounds, roundLength, now);
    },
    met: (queue, company) => recordOf(queue, company).met,
  };
}

/** Counts by start of round → a list without gaps up to `now`. */
export function volumesByRound(rounds: ReadonlyMap<number, number>, length: RoundLength, now: number): number[] {
  const first = Math.min(...rounds.keys());
  const current = periodStart(now, length);
  const volumes: number[] = [];
  for (let start = first; start < current; start = nextPeriodStart(start, length)) volumes.push(rounds.get(start) ?? 0);
  const passed = (now - current) / (nextPeriodStart(current, length) - current);
  if (first <= current && passed >= PART_COUNTED) volumes.push(Math.round((rounds.get(current) ?? 0) / passed));
  return volumes;
}
