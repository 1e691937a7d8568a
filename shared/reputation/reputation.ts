/**
 * The measured record of a provider, and of a company as its providers see it. Quality is the expected share of requests
 * that are resolved and stay so, shrunk towards what the market assumed where there is little to go by.
 */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { BPS, mulDivFloor } from '../kernel/money.ts';
import { DAY, Instant } from '../kernel/time.ts';

const count = () => z.int().min(0).default(0);

/** What became of a provider's turns at requests that are final. */
export const Evidence = z
  .object({
    confirmed: count(),
    assumed: count(),
    reopened: count().meta({ description: 'Not solved, said the customer' }),
    rejected: count().meta({ description: 'Not solved, said the company' }),
    lost: count().meta({ description: 'Turns that ran out' }),
    escalated: count().meta({ description: 'Turns handed on' }),
    ratings: count(),
    stars: count().meta({ description: 'Their sum, 1 to 5 each' }),
  })
  .meta({ id: 'Evidence' });
export type Evidence = z.infer<typeof Evidence>;
export const noEvidence = (): Evidence => Evidence.parse({});

export const Audits = z.object({ pass: count(), fail: count() }).meta({ id: 'Audits' });
export type Audits = z.infer<typeof Audits>;

/** The published rule. A change of it gets a new version. */
export const QUALITY_RULE = {
  version: 1,
  /** What the market assumed weighs as much as so many requests. */
  priorWeight: 50,
  /** Rounds and audits older than this no longer count. */
  windowMs: 365 * DAY,
  text: 'q = (50·prior + Σ successes) / (50 + Σ trials) over the last 365 days. One trial each: a resolution confirmed (success 1), assumed (success w), reopened or rejected (0), a turn lost (0). Half a trial: a turn handed on (0). A quarter of a trial: a rating (success (stars − 1)/4). w = (9 + audits passed) / (10 + audits).',
} as const;

/** w in basis points: how far an assumed resolution is believed, from the audits of such; 9,000 without any. */
export const assumedWeightBps = ({ pass, fail }: Audits): number => mulDivFloor((9 + pass) * BPS, 1, 10 + pass + fail);

/**
 * Quality in basis points: the mean of the Beta distribution that the prior becomes by the evidence, as in Jøsang and
 * Ismail, The Beta Reputation System (15th Bled Electronic Commerce Conference, 2002), with a base rate and partial
 * trials. Whole numbers throughout; rounded down.
 */
export function qualityBps(priorBps: number, evidence: Evidence, audits: Audits): number {
  const { confirmed, assumed, reopened, rejected, lost, escalated, ratings, stars } = evidence;
  // Successes in basis points of a request, trials in quarters of one.
  const successes =
    QUALITY_RULE.priorWeight * priorBps +
    confirmed * BPS +
    assumed * assumedWeightBps(audits) +
    (stars - ratings) * (BPS / 16);
  const quarters =
    4 * (QUALITY_RULE.priorWeight + confirmed + assumed + reopened + rejected + lost) + 2 * escalated + ratings;
  return mulDivFloor(successes, 4, quarters);
}

/** The sum of what rounds brought. */
export function sumEvidence(all: readonly Evidence[]): Evidence {
  const sum = noEvidence();
  for (const one of all) for (const name of Object.keys(sum) as (keyof Evidence)[]) sum[name] += one[name];
  return sum;
}

/** What a final request says of each provider that had a turn at it, added to `by`. */
export function addEvidence(
  by: Map<string, Evidence>,
  history: readonly (readonly [string, number, string])[],
  charge: { provider: string; outcome: string; stars: number | null } | null,
): void {
  const of = (provider: string): Evidence => {
    const known = by.get(provider) ?? noEvidence();
    by.set(provider, known);
    return known;
  };
  let holder: string | undefined;
  for (const [event, , actor] of history) {
    if (event === 'leased') holder = actor;
    else if (holder === undefined) continue;
    else if (event === 'lost' || event === 'escalated') of(holder)[event] += 1;
    else if (event === 'reopened') of(holder)[actor === 'company' ? 'rejected' : 'reopened'] += 1;
  }
  if (charge === null) return;
  const finisher = of(charge.provider);
  finisher[charge.outcome === 'confirmed' ? 'confirmed' : 'assumed'] += 1;
  if (charge.stars === null) return;
  finisher.ratings += 1;
  finisher.stars += charge.stars;
}

/** What a company's rounds say of how it judges. */
export const Judging = z.object({ charged: count(), rejected: count() }).meta({ id: 'Judging' });
export type Judging = z.infer<typeof Judging>;

/** Below so many requests a share would say more about chance, and about whose requests they were, than about anybody. */
export const FEWEST_TO_TELL = 20;

/** Of a company's judged requests the share that it rejected at least once, in basis points; null where there are few. */
export function rejectedBps({ charged, rejected }: Judging): number | null {
  return charged < FEWEST_TO_TELL ? null : Math.min(BPS, mulDivFloor(rejected, BPS, charged));
}

/** How much a record rests on; coarse, since volumes are nobody else's business. */
export const sampleOf = (requests: number): 'none' | 'few' | 'some' | 'many' => {
  if (requests === 0) return 'none';
  if (requests < FEWEST_TO_TELL) return 'few';
  return requests < 500 ? 'some' : 'many';
};

/** An organisation's record as every member of the market sees it. */
export const Reputation = z
  .object({
    organisation: OrganisationId,
    kind: z.enum(['company', 'provider']),
    qualityBps: z.int().nullable().meta({ description: 'Providers: the quality that its next bid is weighed with' }),
    rejectedBps: z.int().nullable().meta({ description: 'Companies: share of requests it rejected; null below 20' }),
    sample: z.enum(['none', 'few', 'some', 'many']).meta({ description: 'Requests it rests on: below 20, 500, more' }),
  })
  .meta({ id: 'Reputation' });
export type Reputation = z.infer<typeof Reputation>;

export const ReputationRound = z
  .object({
    queue: z.string(),
    round: z.int(),
    closedAt: Instant,
    evidence: Evidence.nullable(),
    judging: Judging.nullable(),
    qualityBps: z.int().nullable().meta({ description: 'Quality by this round and those before it' }),
  })
  .meta({ id: 'ReputationRound' });
export type ReputationRound = z.infer<typeof ReputationRound>;

/** One's own record, with all it is made of. */
export const OwnReputation = z
  .object({
    ...Reputation.shape,
    rule: z.object({ version: z.int(), text: z.string() }),
    priorBps: z.int().nullable().meta({ description: 'What the market assumed at approval' }),
    audits: Audits,
    rounds: z.array(ReputationRound).meta({ description: 'Newest first' }),
  })
  .meta({ id: 'OwnReputation' });
export type OwnReputation = z.infer<typeof OwnReputation>;
