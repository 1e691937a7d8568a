/** What a company's months come to: folded from its entries page by page, so that memory does not grow with them. */
import type { Call } from '../kernel/call.ts';
import { Currency } from '../kernel/money.ts';
import type { Item } from '../kernel/table.ts';
import { monthOf } from '../kernel/time.ts';
import { listEntries, readCharges } from '../ledger/ledger.store.ts';
import type { EntryView } from '../ledger/ledger.ts';
import { monthAfter, monthBefore, months } from '../ledger/period.ts';
import { addEntry, type Billable, type Group, movesEarlier, nothingBillable, totalOf } from './billable.ts';
import { type Drafted, draftLines } from './lines.ts';
import { newestPlan } from './plan.store.ts';
import { decideInvoice, type NotInvoiced, type Plan } from './plan.ts';
import { hasVolumes, type Volumes, volumesOf } from './variance.ts';

/** What a plan for a company, currency and month would be by now. */
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
  before: Plan | undefined;
};

type Fold = {
  since: string;
  before: Plan | undefined;
  baseMicros: number;
  billable: Billable;
  own: Billable;
  seen: boolean;
};
const PAGE = 100;

/** Whose months are drafted, and the first one that no earlier plan has looked at. */
export type Drafting = { company: string; firstMonth: string };

/**
 * Drafts a month of a company, by currency; currencies in which nothing was charged in it or the month before are left out. The month may still
 * run: then it is an estimate.
 */
export async function draftMonth(call: Call, { company, firstMonth }: Drafting, period: string): Promise<Draft[]> {
  const folds = new Map<Currency, Fold>();
  for (const currency of Currency.options)
    folds.set(currency, await beginFold(call, company, currency, firstMonth, period));
  const first = [...folds.values()].reduce((least, fold) => (fold.since < least ? fold.since : least), period);
  for (const month of months(first, period)) {
    await eachEntry(call, company, month, (entry) => {
      const fold = folds.get(entry.currency);
      if (fold === undefined || month < fold.since) return;
      fold.seen = true;
      addEntry(fold.billable, entry, company);
      if (month === period) addEntry(fold.own, entry, company);
    });
  }
  const balances = new Map([...folds].map(([currency, fold]) => [currency, totalOf(fold.billable)]));
  await addLater(call, company, period, folds);
  return [...folds].flatMap(([currency, fold]) => {
    const draft = endFold(company, currency, period, fold, balances.get(currency) ?? 0);
    // Where something was bought the month before and nothing now, that is a difference too.
    const fell = fold.before?.period === monthBefore(period) && hasVolumes(fold.before.volumes);
    return fold.seen || fell || draft.owedMicros < 0 || draft.reason !== 'nothing' ? [draft] : [];
  });
}

async function beginFold(
  call: Call,
  company: string,
  currency: Currency,
  firstMonth: string,
  period: string,
): Promise<Fold> {
  const before = await newestPlan(call, company, currency, period);
  const isBilled = before?.invoice != null;
  const since = before === undefined ? firstMonth : isBilled ? monthAfter(before.period) : before.since;
  const baseMicros = before === undefined ? 0 : isBilled ? before.balanceMicros : before.baseMicros;
  return { since, before, baseMicros, billable: nothingBillable(baseMicros), own: nothingBillable(), seen: false };
}

/** What entries of later months took from this one or an earlier one: invoices, disputes, credits. */
async function addLater(call: Call, company: string, period: string, folds: Map<Currency, Fold>): Promise<void> {
  for (const month of months(monthAfter(period), monthOf(call.now))) {
    const disputes: EntryView[] = [];
    await eachEntry(call, company, month, (entry) => {
      const fold = folds.get(entry.currency);
      if (fold === undefined) return;
      if (entry.kind.startsWith('dispute_')) disputes.push(entry);
      else if (movesEarlier(entry, period)) addEntry(fold.billable, entry, company);
    });
    const charges = await readCharges(call, disputes.map(requestOf));
    for (const entry of disputes) {
      const charged = charges.get(requestOf(entry))?.period;
      const fold = folds.get(entry.currency);
      if (charged !== undefined && charged <= period && fold !== undefined) addEntry(fold.billable, entry, company);
    }
  }
}

const requestOf = (entry: EntryView): string => String(entry.facts.request ?? '');

function endFold(company: string, currency: Currency, period: string, fold: Fold, balanceMicros: number): Draft {
  const { since, before, baseMicros, billable, own } = fold;
  const owedMicros = totalOf(billable);
  const carried = before?.reason === 'below_floor' ? before.belowFloorMonths : 0;
  const reason = decideInvoice(owedMicros, carried);
  const belowFloorMonths = reason === 'below_floor' ? carried + 1 : 0;
  const drafted = reason === null ? draftLines(billable, currency) : { lines: [], details: [], totalMicros: 0 };
  const volumes = volumesOf(own, totalOf(own) - own.carriedMicros);
  const head = { company, currency, period, since, baseMicros, balanceMicros, owedMicros };
  const groups = [...billable.groups.values()];
  return { ...head, reason, belowFloorMonths, drafted, groups, volumes, before };
}

/** Every entry of a company's month, page after page. */
export async function eachEntry(
  call: Call,
  company: string,
  month: string,
  take: (entry: EntryView) => void,
): Promise<void> {
  let after: Item | undefined;
  do {
    const page = await listEntries(call, company, month, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    page.items.forEach(take);
    after = page.after;
  } while (after !== undefined);
}
