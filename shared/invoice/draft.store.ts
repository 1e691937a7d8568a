/** What a company's months come to: folded from its entries page by page, so that memory does not grow with them. */
import type { Call } from '../kernel/call.ts';
import { Currency } from '../kernel/money.ts';
import type { Item } from '../kernel/table.ts';
import { monthOf } from '../kernel/time.ts';
import { CHARGES } from '../ledger/entry.ts';
import { type EntryPage, firstPages, listEntries, readCharges } from '../ledger/ledger.store.ts';
import type { EntryView } from '../ledger/ledger.ts';
import { monthAfter, months } from '../ledger/period.ts';
import { readQueueItem } from '../queue/queue.store.ts';
import { longName } from '../service-class/class-name.ts';
import {
  addEarlier,
  addLater,
  beginFold,
  carriedOn,
  type Draft,
  earlierOf,
  endFold,
  type Fold,
  isOfCharge,
  isWorthPlanning,
} from './draft.ts';
import type { NameOf } from './lines.ts';
import { newestPlan } from './plan.store.ts';
import type { Plan } from './plan.ts';

const PAGE = 100;

/**
 * Whose months are drafted, and the first one that no earlier plan has looked at. `posted`: in which currencies there is
 * something to draft, and which of the months from the drafted one on have entries, where that is known. `before`: plans
 * of the month before; where one is, it is the newest. `ahead`: first pages of its entries that were read for several
 * companies together (`readAhead`).
 */
export type Drafting = {
  company: string;
  firstMonth: string;
  posted?: { currencies: ReadonlySet<Currency>; periods: ReadonlySet<string> };
  before?: readonly Plan[];
  ahead?: Ahead;
};

type Ahead = (company: string, month: string) => EntryPage | undefined;
const NOTHING_AHEAD: Ahead = () => undefined;
// A charge takes nothing from an earlier month, and most of what comes later are charges.
const takesFromEarlier = (event: string): boolean => !event.startsWith(CHARGES);

/** Reads together what drafting a month of some companies begins with: of each its first entries in that month and later ones. */
export async function readAhead(
  call: Call,
  companies: readonly { company: string; periods: ReadonlySet<string> }[],
  period: string,
): Promise<Ahead> {
  const lists = companies.flatMap(({ company: owner, periods }) =>
    [...periods]
      .filter((month) => month >= period)
      .map((month) => ({ owner, period: month, ...(month > period ? { isWanted: takesFromEarlier } : {}) })),
  );
  const pages = await firstPages(call, lists, PAGE);
  const found = new Map(lists.map(({ owner, period: month }, i) => [`${owner}#${month}`, pages[i]]));
  return (company, month) => found.get(`${company}#${month}`);
}

/**
 * Drafts a month of a company, by currency; currencies in which nothing was charged in it or the month before are left out. The month may still
 * run: then it is an estimate.
 */
export async function draftMonth(
  call: Call,
  { company, firstMonth, posted, before: known = [], ahead = NOTHING_AHEAD }: Drafting,
  period: string,
): Promise<Draft[]> {
  const mayHave = (month: string): boolean => posted === undefined || month < period || posted.periods.has(month);
  const currencies = Currency.options.filter((currency) => posted?.currencies.has(currency) !== false);
  const begun = currencies.map(async (currency): Promise<[Currency, Fold]> => {
    const before =
      known.find((plan) => plan.currency === currency) ?? (await newestPlan(call, company, currency, period));
    return [currency, beginFold({ company, currency, period }, before, firstMonth)];
  });
  const folds = new Map(await Promise.all(begun));
  const carried = posted?.periods.size === 0 ? [...folds.values()].flatMap((fold) => carriedOn(fold) ?? []) : [];
  if (carried.length === folds.size) return carried;
  const first = [...folds.values()].reduce((least, fold) => (fold.from < least ? fold.from : least), period);
  for (const month of months(first, period).filter(mayHave))
    await eachEntry(
      call,
      company,
      month,
      (entry) => {
        const fold = folds.get(entry.currency);
        if (fold !== undefined) addEarlier(fold, entry, month);
      },
      { first: ahead(company, month) },
    );
  const upToIt = [...folds.values()].map((fold) => ({ fold, earlier: earlierOf(fold) }));
  await addAllLater(call, company, months(monthAfter(period), monthOf(call.now)).filter(mayHave), folds, ahead);
  const nameOf = await namesOf(
    call,
    [...folds.values()].flatMap(({ billable }) => [...billable.groups.values()].flatMap(({ queue }) => queue ?? [])),
  );
  return upToIt.flatMap(({ fold, earlier }) => {
    const draft = endFold(fold, earlier, nameOf);
    return isWorthPlanning(fold, draft) ? [draft] : [];
  });
}

/** Queues by the names that people have for them, and by their ids where there is none. */
async function namesOf(call: Call, queues: readonly string[]): Promise<NameOf> {
  const found = await Promise.all([...new Set(queues)].map((queue) => readQueueItem(call.tables, queue)));
  const names = new Map(
    found.flatMap((queue) => (queue === undefined ? [] : [[queue.id, longName(queue.serviceClass)]])),
  );
  return (queue) => names.get(queue) ?? queue;
}

/** What entries of later months took from this one or an earlier one: invoices, disputes, credits. */
async function addAllLater(
  call: Call,
  company: string,
  later: readonly string[],
  folds: Map<Currency, Fold>,
  ahead: Ahead,
): Promise<void> {
  const add = (entry: EntryView, charged?: string): void => {
    const fold = folds.get(entry.currency);
    if (fold !== undefined) addLater(fold, entry, charged);
  };
  for (const month of later) {
    const ofCharges: EntryView[] = [];
    const take = (entry: EntryView): void => {
      if (isOfCharge(entry)) ofCharges.push(entry);
      else add(entry);
    };
    await eachEntry(call, company, month, take, { isWanted: takesFromEarlier, first: ahead(company, month) });
    const charges = await readCharges(call, ofCharges.map(requestOf));
    for (const entry of ofCharges) add(entry, charges.get(requestOf(entry))?.period);
  }
}

const requestOf = (entry: EntryView): string => String(entry.facts.request ?? '');

/** Every entry of a company's month, page after page; with `isWanted` those of some events. `first` is the first page, where it was read. */
export async function eachEntry(
  call: Call,
  company: string,
  month: string,
  take: (entry: EntryView) => void,
  { isWanted = () => true, first }: { isWanted?: (event: string) => boolean; first?: EntryPage | undefined } = {},
): Promise<void> {
  const read = (after?: Item): Promise<EntryPage> =>
    listEntries(call, company, month, { limit: PAGE, isWanted, ...(after === undefined ? {} : { after }) });
  for (let page = first ?? (await read()); ; page = await read(page.after)) {
    page.items.forEach(take);
    if (page.after === undefined) return;
  }
}
