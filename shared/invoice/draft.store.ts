/** What a company's months come to: folded from its entries page by page, so that memory does not grow with them. */
import type { Call } from '../kernel/call.ts';
import { Currency } from '../kernel/money.ts';
import type { Item } from '../kernel/table.ts';
import { monthOf } from '../kernel/time.ts';
import { listEntries, readCharges } from '../ledger/ledger.store.ts';
import type { EntryView } from '../ledger/ledger.ts';
import { monthAfter, monthBefore, months } from '../ledger/period.ts';
import { addEntry, type Billable, movesEarlier, nothingBillable, totalOf } from './billable.ts';
import { type Drafted, draftLines } from './lines.ts';
import { newestPlan } from './plan.store.ts';
import { decideInvoice, isCarried, type NotInvoiced, type Plan } from './plan.ts';
import { NO_VOLUMES, type Volumes, volumesOf } from './variance.ts';

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

/**
 * Whose months are drafted, and the first one that no earlier plan has looked at. `posted`: in which currencies there is
 * something to draft, and which of the months from the drafted one on have entries, where that is known.
 */
export type Drafting = {
  company: string;
  firstMonth: string;
  posted?: { currencies: ReadonlySet<Currency>; periods: ReadonlySet<string> };
};

/**
 * Drafts a month of a company, by currency; currencies in which nothing was ever charged are left out. The month may still
 * run: then it is an estimate.
 */
export async function draftMonth(
  call: Call,
  { company, firstMonth, posted }: Drafting,
  period: string,
): Promise<Draft[]> {
  const mayHave = (month: string): boolean => posted === undefined || month < period || posted.periods.has(month);
  const folds = new Map<Currency, Fold>();
  for (const currency of Currency.options)
    if (posted?.currencies.has(currency) !== false)
      folds.set(currency, await beginFold(call, company, currency, firstMonth, period));
  const still = [...folds].flatMap(([currency, fold]) => carriedAsIs(company, currency, period, fold, posted) ?? []);
  if (still.length === folds.size) return still;
  const first = [...folds.values()].reduce((least, fold) => (fold.since < least ? fold.since : least), period);
  for (const month of months(first, period).filter(mayHave)) {
    await eachEntry(call, company, month, (entry) => {
      const fold = folds.get(entry.currency);
      if (fold === undefined || month < fold.since) return;
      fold.seen = true;
      addEntry(fold.billable, entry, company);
      if (month === period) addEntry(fold.own, entry, company);
    });
  }
  const balances = new Map([...folds].map(([currency, fold]) => [currency, totalOf(fold.billable)]));
  const later = months(monthAfter(period), monthOf(call.now)).filter(mayHave);
  await addLater(call, company, period, later, folds);
  return [...folds].flatMap(([currency, fold]) => {
    const draft = endFold(company, currency, period, fold, balances.get(currency) ?? 0);
    return fold.seen || draft.owedMicros < 0 || draft.reason !== 'nothing' ? [draft] : [];
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
  const isOver = before !== undefined && !isCarried(before);
  const since = before === undefined ? firstMonth : isOver ? monthAfter(before.period) : before.since;
  const baseMicros = before === undefined ? 0 : isOver ? before.balanceMicros : before.baseMicros;
  return { since, before, baseMicros, billable: nothingBillable(baseMicros), own: nothingBillable(), seen: false };
}

/**
 * What was carried over and of which nothing was posted since the month began: the same amount, a month later. Undefined
 * where there is more to it, or where it is invoiced now.
 */
function carriedAsIs(
  company: string,
  currency: Currency,
  period: string,
  { since, before, baseMicros }: Fold,
  posted: Drafting['posted'],
): Draft | undefined {
  if (posted?.periods.size !== 0 || before === undefined || before.reason === 'void' || !isCarried(before))
    return undefined;
  if (before.period !== monthBefore(period)) return undefined;
  const { balanceMicros } = before;
  const { reason, belowFloorMonths } = decided(balanceMicros, before);
  if (reason === null) return undefined;
  const head = { company, currency, period, since, baseMicros, balanceMicros, owedMicros: balanceMicros };
  return { ...head, reason, belowFloorMonths, drafted: NO_LINES, volumes: NO_VOLUMES, before };
}

const NO_LINES: Drafted = { lines: [], details: [], totalMicros: 0 };

function decided(owedMicros: number, before: Plan | undefined): Pick<Draft, 'reason' | 'belowFloorMonths'> {
  const carried = before?.reason === 'below_floor' ? before.belowFloorMonths : 0;
  const reason = decideInvoice(owedMicros, carried);
  return { reason, belowFloorMonths: reason === 'below_floor' ? carried + 1 : 0 };
}

/** What entries of later months took from this one or an earlier one: invoices, disputes, credits. */
async function addLater(
  call: Call,
  company: string,
  period: string,
  later: readonly string[],
  folds: Map<Currency, Fold>,
): Promise<void> {
  for (const month of later) {
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
  const { reason, belowFloorMonths } = decided(owedMicros, before);
  const drafted = reason === null ? draftLines(billable, currency) : NO_LINES;
  const volumes = volumesOf(own, totalOf(own) - own.carriedMicros);
  const head = { company, currency, period, since, baseMicros, balanceMicros, owedMicros };
  return { ...head, reason, belowFloorMonths, drafted, volumes, before };
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
