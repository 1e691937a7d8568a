/** What became of a round: figures per queue for operators and for the replay's report. */
import * as z from 'zod';
import { QueueId, RoundNumber } from '../kernel/id.ts';
import { RoundFigures, RoundState } from './round.ts';

const count = () => z.int().min(0);

/** One company's final figures in a round; written once, when all its requests are final. */
export const CompanyTotals = z.object({
  company: z.string(),
  accepted: count(),
  bySlot: count(),
  byOverflow: count(),
  unserved: count(),
  cancelled: count(),
  linked: count(),
  /** Accepted requests whatever became of them, without those the company cancelled or that were linked: what φ is measured on. */
  sent: count(),
  /** Requests that were charged or that a provider declined or failed. */
  attempted: count(),
  charged: count(),
  confirmed: count(),
  assumed: count(),
  reopened: count(),
  /** Requests of which the company rejected a resolution; 0 in totals that are older than this count. */
  rejected: count().default(0),
  withinSla: count(),
  chargedMicros: z.int(),
  fullPriceMicros: z.int(),
  poolMicros: z.int(),
});
export type CompanyTotals = z.infer<typeof CompanyTotals>;

export const RoundReport = z
  .object({
    queue: QueueId,
    round: RoundNumber,
    state: RoundState,
    figures: RoundFigures.nullable(),
    totals: CompanyTotals.omit({ company: true }),
    companiesFinal: count().meta({ description: 'Companies whose requests are all final' }),
    companiesOpen: count(),
    shortfallMicros: z.int(),
    releaseCreditMicros: z.int(),
    trueUpMicros: z.int().meta({ description: 'Surplus handed back; negative: a deficit borne by the market' }),
  })
  .meta({ id: 'RoundReport' });
export type RoundReport = z.infer<typeof RoundReport>;
