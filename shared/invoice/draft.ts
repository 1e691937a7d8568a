/**
 * What a plan for a company, currency and month bills: the months that no invoice has billed yet, on what was left before
 * them, less what entries of later months took from them. Entries are folded one by one, in any order within their part.
 */
import type { Currency } from '../kernel/money.ts';
import type { EntryView } from '../ledger/ledger.ts';
import { monthAfter, monthBefore } from '../ledger/period.ts';
import {
  addEntry,
  type Billable,
  billableOf,
  type Group,
  movesEarlier,
  nothingBillable,
  type Sums,
  sumsOf,
  totalOf,
} from './billable.ts';
import { type Drafted, draftLines, type NameOf } from './lines.ts';
import { decideInvoice, isCarried, type NotInvoiced, type Plan } from './plan.ts';
import { hasVolumes, NO_VOLUMES, type Volumes, volumesOf } from './variance.ts';

/** What a plan would be by now. */
export type Draft = {
  company: string;
  currency: Currency;
  period: string;
  since: string;
  baseMicros: number;
  /** 1100 at the end of the month. */
  balanceMicros: number;
  /** The same, less what later entries took from it. */
  owedMicros: number;
  reason: NotInvoiced | null;
  belowFloorMonths: number;
  drafted: Drafted;
  /** What was charged since `since`, by queue, round and kind, before credits. */
  groups: readonly Group[];
  volumes: Volumes;
  /** What the months up to this one came to, for the plan that carries them over; undefined where that is too much to keep. */
  sums: Sums | undefined;
  before: Plan | undefined;
};

type Of = { company: string; currency: Currency; period: string };
export type Fold = Of & {
  since: string;
  /** The first month whose entries are to be added: what the ones between came to is known. */
  from: string;
  before: Plan | undefined;
  baseMicros: number;
  billable: Billable;
  /** Of the month itself. */
  own: Billable;
  seen: boolean;
};

/** Begins after what the newest plan before is done with; else with the months that it carried over, as it kept them or to be read again. */
export function beginFold(of: Of, before: Plan | undefined, firstMonth: string): Fold {
  const isOver = before !== undefined && !isCarried(before);
  const since = before === undefined ? firstMonth : isOver ? monthAfter(before.period) : before.since;
  const baseMicros = before === undefined ? 0 : isOver ? before.balanceMicros : before.baseMicros;
  const kept = isOver ? undefined : before?.sums;
  const from = before === undefined || kept === undefined ? since : monthAfter(before.period);
  const billable = kept === undefined ? nothingBillable(baseMicros) : billableOf(kept);
  const seen = billable.groups.size + billable.credits.size > 0;
  return { ...of, since, from, before, baseMicros, billable, own: nothingBillable(), seen };
}

/** Adds an entry of a month up to the one that is planned; one that is billed already is left out. */
export function addEarlier(fold: Fold, entry: EntryView, month: string): void {
  if (month < fold.from) return;
  fold.seen = true;
  addEntry(fold.billable, entry, fold.company);
  if (month === fold.period) addEntry(fold.own, entry, fold.company);
}

/** Whether it is of a charge, whose month decides for what month it counts, however late it comes. */
export const isOfCharge = ({ kind }: EntryView): boolean => kind.startsWith('dispute_');

/** Adds an entry of a later month where it changes what is owed for these; `charged` is the month of the charge that a dispute is about. */
export function addLater(fold: Fold, entry: EntryView, charged: string | undefined): void {
  const isEarlier = isOfCharge(entry)
    ? charged !== undefined && charged <= fold.period
    : movesEarlier(entry, fold.period);
  if (isEarlier) addEntry(fold.billable, entry, fold.company);
}

type Earlier = Pick<Draft, 'balanceMicros' | 'sums'>;
/** What a fold came to before anything later is added. */
export const earlierOf = ({ billable }: Fold): Earlier => ({
  balanceMicros: totalOf(billable),
  sums: sumsOf(billable),
});

/** Ends a fold to which what is later was added since `earlier`; lines call queues as `nameOf` does. */
export function endFold(fold: Fold, earlier: Earlier, nameOf?: NameOf): Draft {
  const { company, currency, period, since, before, baseMicros, billable, own } = fold;
  const owedMicros = totalOf(billable);
  const { reason, belowFloorMonths } = decided(owedMicros, before);
  const drafted = reason === null ? draftLines(billable, currency, nameOf) : NO_LINES;
  const volumes = volumesOf(own, totalOf(own) - own.carriedMicros);
  const head = { company, currency, period, since, baseMicros, ...earlier, owedMicros };
  const groups = [...billable.groups.values()];
  return { ...head, reason, belowFloorMonths, drafted, groups, volumes, before };
}

/**
 * What was carried over from the month before and of which nothing was posted since: the same amount, a month later. Undefined
 * where it is invoiced now, or where there is more to it.
 */
export function carriedOn({ company, currency, period, since, before, baseMicros }: Fold): Draft | undefined {
  if (before === undefined || before.period !== monthBefore(period) || before.reason === 'void' || !isCarried(before))
    return undefined;
  const { balanceMicros } = before;
  const { reason, belowFloorMonths } = decided(balanceMicros, before);
  if (reason === null) return undefined;
  const head = { company, currency, period, since, baseMicros, balanceMicros, owedMicros: balanceMicros };
  const { sums } = before;
  return { ...head, reason, belowFloorMonths, drafted: NO_LINES, groups: [], volumes: NO_VOLUMES, sums, before };
}

const NO_LINES: Drafted = { lines: [], details: [], totalMicros: 0 };

function decided(owedMicros: number, before: Plan | undefined): Pick<Draft, 'reason' | 'belowFloorMonths'> {
  const carried = before?.reason === 'below_floor' ? before.belowFloorMonths : 0;
  const reason = decideInvoice(owedMicros, carried);
  return { reason, belowFloorMonths: reason === 'below_floor' ? carried + 1 : 0 };
}

/**
 * Whether there is anything to plan: a currency in which nothing was ever charged has no plan. Where something was bought the
 * month before and nothing now, that is a difference to be explained.
 */
export function isWorthPlanning({ seen, before, period }: Fold, { owedMicros, reason }: Draft): boolean {
  const fell = before?.period === monthBefore(period) && hasVolumes(before.volumes);
  return seen || fell || owedMicros < 0 || reason !== 'nothing';
}
