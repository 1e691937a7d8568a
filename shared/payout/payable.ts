/** Which charges are payable, and since when: pure decisions over a month of one company and one provider. */
import * as z from 'zod';
import { type Currency, mulDivFloor } from '../kernel/money.ts';
import { DAY, fromIso } from '../kernel/time.ts';
import type { EntryKind, EntryView } from '../ledger/ledger.ts';
import { endOf } from '../ledger/period.ts';

/** The rules of pay, with their version. */
export const PAYOUT_RULES = {
  version: 2,
  /** So long after its month's end, a charge is paid from the market's own funds at the latest. */
  latestDays: 45,
} as const;

/** What a provider earns, apart from fees for shortfalls, which are paid only when they are collected. */
export const EarningKind = z.enum(['charges', 'shortfall']).meta({ id: 'EarningKind' });
export type EarningKind = z.infer<typeof EarningKind>;

/** What an entry of this event does to account 2100: earn, pay, or change what was earned or paid before. */
export function roleOf(event: string): EarningKind | 'payout' | 'adjustment' {
  if (/^(?:charge|split|sla)#/.test(event)) return 'charges';
  if (/^round#.*#shortfall#/.test(event)) return 'shortfall';
  return event.startsWith('payout#') ? 'payout' : 'adjustment';
}

/** One entry as a provider's account 2100 sees it. */
export type Movement = {
  event: string;
  kind: EntryKind;
  currency: Currency;
  occurredAt: number;
  /** The month in which it stands, and its place there. */
  period: string;
  postedAt: number;
  company: string | null;
  request: string | null;
  /** The turn that it pays for, of a charge. */
  lease: string | null;
  /** Of what its charge or fee is. */
  round: { queue: string; round: number } | null;
  /** Positive where the provider is owed more by it. */
  micros: number;
};

/** What an entry does to a provider's account 2100. Null where it leaves it as it is. `postedAt` is its place in the lists. */
export function movementOf(entry: EntryView, provider: string, postedAt: number): Movement | null {
  const micros = entry.legs.reduce(
    (sum, leg) => (leg.account === '2100' && leg.of === provider ? sum - leg.micros : sum),
    0,
  );
  if (micros === 0) return null;
  const { company, request, lease, queue, round } = entry.facts;
  const billed = entry.legs.find((leg) => leg.account === '1100' || leg.account === '1110');
  return {
    event: entry.event,
    kind: entry.kind,
    currency: entry.currency,
    occurredAt: fromIso(entry.occurredAt),
    period: entry.period,
    postedAt,
    company: typeof company === 'string' ? company : (billed?.of ?? null),
    request: typeof request === 'string' ? request : null,
    lease: typeof lease === 'string' ? lease : null,
    round: typeof queue === 'string' && typeof round === 'number' ? { queue, round } : null,
    micros,
  };
}

/** A company's month, as far as pay depends on it. All amounts in micro-units. */
export type Billing = {
  /** The invoice that bills the month; null while none is final. */
  invoice: {
    finalizedAt: number;
    /** Without tax, and with it. */
    subtotalMicros: number;
    totalMicros: number;
    /** Covered by cash that is available, by the company's credit and by credit notes. */
    coveredMicros: number;
    isWrittenOff: boolean;
  } | null;
  standing: 'good' | 'overdue' | 'under_review';
};

export const ReleaseReason = z
  .enum(['collected', 'part_collected', 'advanced', 'written_off'])
  .meta({ id: 'ReleaseReason' });
export const WaitReason = z
  .enum(['month_open', 'not_invoiced', 'window_open', 'not_collected', 'overdue', 'under_review'])
  .meta({ id: 'PayWaitReason' });
export type WaitReason = z.infer<typeof WaitReason>;

export type Release =
  | { releases: 'all'; because: 'collected' | 'advanced' | 'written_off' }
  /** The oldest charges of the company that this much of its invoice, without tax, pays for. */
  | { releases: 'part'; because: 'part_collected'; collectedMicros: number }
  | { releases: 'none'; because: WaitReason; expectedAt: number | null };

/** When charges of a month are paid at the latest, unless their company is overdue or under review. */
export const latestAt = (period: string): number => endOf(period) + PAYOUT_RULES.latestDays * DAY;

/** What is known of an earning before anything is read of its company. */
type Earned = { kind: EarningKind; period: string; disputeDays: number };

/**
 * Before this instant nothing that was earned in a month is payable, unless its company has defaulted: an invoice becomes final
 * after the end of all months that it bills, and the dispute window begins then.
 */
export function earliestAt({ kind, period, disputeDays }: Earned): number {
  const windowEnd = endOf(period) + disputeDays * DAY;
  return kind === 'charges' ? Math.min(windowEnd, latestAt(period)) : windowEnd;
}

/**
 * Whether what a provider earned with a company in a month is payable. Charges are when their invoice's cash is available
 * and the longest dispute window of its rounds has passed; from the market's own funds when the latest time has come, unless the company is
 * overdue or under review; and when the company has defaulted, since that is the market's loss. Shortfall fees are payable
 * only when they are collected.
 */
export function releaseOf(earning: Earned, billing: Billing, now: number): Release {
  const { invoice, standing } = billing;
  const isCharge = earning.kind === 'charges';
  const latest = latestAt(earning.period);
  const windowEnd = invoice === null ? null : invoice.finalizedAt + earning.disputeDays * DAY;
  const isCollected = invoice !== null && invoice.coveredMicros >= invoice.totalMicros;
  if (isCharge && invoice?.isWrittenOff === true) return { releases: 'all', because: 'written_off' };
  if (windowEnd !== null && now >= windowEnd && isCollected) return { releases: 'all', because: 'collected' };
  if (isCharge && standing === 'good' && now >= latest) return { releases: 'all', because: 'advanced' };
  if (invoice !== null && windowEnd !== null && now >= windowEnd && isCharge && invoice.coveredMicros > 0) {
    const collectedMicros = mulDivFloor(invoice.coveredMicros, invoice.subtotalMicros, invoice.totalMicros);
    return { releases: 'part', because: 'part_collected', collectedMicros };
  }
  const later = isCharge && standing === 'good' ? latest : null;
  if (standing !== 'good') return { releases: 'none', because: standing, expectedAt: null };
  if (invoice === null || windowEnd === null) return { releases: 'none', because: 'not_invoiced', expectedAt: later };
  if (!isCollected) return { releases: 'none', because: 'not_collected', expectedAt: later };
  return {
    releases: 'none',
    because: 'window_open',
    expectedAt: later === null ? windowEnd : Math.min(windowEnd, later),
  };
}

/** Whether a review of the company would change what is released now, and not just the reason why nothing is. */
export const dependsOnReview = (earning: Earned, billing: Billing, now: number): boolean =>
  releaseOf(earning, billing, now).releases !==
  releaseOf(earning, { ...billing, standing: 'under_review' }, now).releases;

/** How far the oldest charges of an invoice are paid for, while its months are walked in the order of their entries. */
export type Coverage = { leftMicros: number; end: { period: string; through: number } | null };

export const startCoverage = (collectedMicros: number): Coverage => ({ leftMicros: collectedMicros, end: null });

/** Walks one more amount that the company was charged. The first that is not wholly paid for ends the walk just before its instant. */
export function cover(coverage: Coverage, charged: { period: string; postedAt: number; micros: number }): Coverage {
  if (coverage.end !== null || charged.micros <= 0) return coverage;
  const leftMicros = coverage.leftMicros - charged.micros;
  if (leftMicros >= 0) return { leftMicros, end: null };
  return { ...coverage, end: { period: charged.period, through: charged.postedAt - 1 } };
}

/** Up to which instant of posting a month's charges are paid for: `all` of them, or none (null). */
export function coveredThrough(coverage: Coverage, period: string): 'all' | number | null {
  const { end } = coverage;
  if (end === null || period < end.period) return 'all';
  return period === end.period ? end.through : null;
}
