/** A provider's book: what it earned, month by month and company by company, and what of it has gone into payouts. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { asMicros, Currency } from '../kernel/money.ts';
import { EntryKind } from '../ledger/ledger.ts';
import { EarningKind, type Movement, type Release, ReleaseReason, roleOf } from './payable.ts';

/** What a provider earned with one company in a closed month. It no longer changes; what is paid of it does. */
export const Earning = z.object({
  provider: OrganisationId,
  currency: Currency,
  period: z.string(),
  company: z.string(),
  kind: EarningKind,
  earnedMicros: z.int(),
  entries: z.int().min(1),
  /** For how long after its invoice is final any of it can be disputed: the longest of its rounds' terms. */
  disputeDays: z.int().min(1).default(30),
  /** Posted up to which instant it has gone into payouts (`all` of it, or null: none), and what that came to. */
  settledThrough: z.union([z.literal('all'), z.number(), z.null()]),
  settledMicros: z.int(),
  settledEntries: z.int(),
});
export type Earning = z.infer<typeof Earning>;

/** An entry that changes what was earned or paid before: a dispute, a payout that failed, a reversal, tax, a correction. */
export const Adjustment = z.object({
  provider: OrganisationId,
  currency: Currency,
  event: z.string(),
  entryKind: EntryKind,
  occurredAt: z.number(),
  company: z.string().nullable(),
  request: z.string().nullable(),
  /** The month of the charge that it is about; null where it is about none. */
  period: z.string().nullable(),
  micros: z.int(),
  settledIn: z.string().nullable(),
});
export type Adjustment = z.infer<typeof Adjustment>;

/** What a payout pays for: charges of a month with a company, the fees for its shortfall, or one adjustment. */
export const PayLine = z
  .object({
    line: z.int().min(1),
    kind: z.enum(['charges', 'shortfall', 'adjustment']),
    period: z.string().nullable(),
    company: z.string().nullable(),
    because: ReleaseReason.nullable().meta({ description: 'Why its charges are payable' }),
    after: z.number().nullable().meta({ description: 'Its charges were posted after this instant, in milliseconds' }),
    through: z
      .union([z.literal('all'), z.number()])
      .nullable()
      .meta({ description: 'and up to this one, inclusive; all others of the month' }),
    entries: z.int().min(0),
    event: z.string().nullable(),
    entryKind: EntryKind.nullable(),
    request: z.string().nullable(),
    micros: z.int(),
  })
  .meta({ id: 'PayLine' });
export type PayLine = z.infer<typeof PayLine>;

/** Sums of a month's earnings; as many as there are companies, however many charges. */
export type Sums = Map<
  string,
  {
    currency: Currency;
    company: string;
    kind: EarningKind;
    micros: number;
    entries: number;
    rounds: Map<string, { queue: string; round: number }>;
  }
>;

/** Adds a movement to its company's sum; what is no earning is left out. */
export function addEarning(sums: Sums, movement: Movement): void {
  const kind = roleOf(movement.event);
  if (kind !== 'charges' && kind !== 'shortfall') return;
  if (movement.company === null) throw new Error(`${movement.event} names no company`);
  const key = `${movement.currency}#${movement.company}#${kind}`;
  const { currency, company, round } = movement;
  const sum = sums.get(key) ?? { currency, company, kind, micros: 0, entries: 0, rounds: new Map() };
  if (round !== null) sum.rounds.set(`${round.queue}#${round.round}`, round);
  sum.micros = asMicros(sum.micros + movement.micros);
  sum.entries += 1;
  sums.set(key, sum);
}

/** What part of a month goes into a payout now; null where none does that has not already. */
export function earningLine(
  earning: Earning,
  release: Release,
  covered: { through: 'all' | number | null; micros: number; entries: number },
): Omit<PayLine, 'line'> | null {
  if (release.releases === 'none' || covered.through === null || earning.settledThrough === 'all') return null;
  if (covered.through !== 'all' && covered.through <= (earning.settledThrough ?? 0)) return null;
  return {
    kind: earning.kind,
    period: earning.period,
    company: earning.company,
    because: release.because,
    after: earning.settledThrough,
    through: covered.through,
    entries: covered.entries - earning.settledEntries,
    event: null,
    entryKind: null,
    request: null,
    micros: asMicros(covered.micros - earning.settledMicros),
  };
}

export const adjustmentLine = (adjustment: Adjustment): Omit<PayLine, 'line'> => ({
  kind: 'adjustment',
  period: adjustment.period,
  company: adjustment.company,
  because: null,
  after: null,
  through: null,
  entries: 1,
  event: adjustment.event,
  entryKind: adjustment.entryKind,
  request: adjustment.request,
  micros: adjustment.micros,
});

/** Whether an entry is one of those that a month with a company sums up. */
export const belongs = (
  movement: Movement,
  earning: Pick<Earning, 'company' | 'currency' | 'kind' | 'period'>,
): boolean =>
  movement.company === earning.company &&
  movement.currency === earning.currency &&
  movement.period === earning.period &&
  roleOf(movement.event) === earning.kind;
