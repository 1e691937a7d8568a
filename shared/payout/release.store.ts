/** Reads how a company's months stand, as far as providers' pay depends on them: invoice, cash, and how far cash goes. */
import * as z from 'zod';
import { readInvoice, readInvoices } from '../invoice/invoice.store.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { invoiceFor, newestPlanned, readPlans } from '../invoice/plan.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import type { Currency } from '../kernel/money.ts';
import { type Item, keyText } from '../kernel/table.ts';
import { fromIso } from '../kernel/time.ts';
import { entriesAt } from '../ledger/entries.store.ts';
import { months } from '../ledger/period.ts';
import { readOrganisations } from '../organisation/organisation.store.ts';
import { entryKeys, readMovements } from './book.store.ts';
import { belongs, type Earning } from './book.ts';
import {
  type Billing,
  type Coverage,
  cover,
  coveredThrough,
  type Release,
  releaseOf,
  startCoverage,
} from './payable.ts';

const WIDTH = 8;
const BY_COMPANY = { name: 'byCompany', pk: 'cpk', sk: 'csk' };
const ListKey = z.object({ pk: z.string(), sk: z.string(), csk: z.string() });
/** What a cache of one run keeps of companies at the most. */
const MOST_KNOWN = 10_000;

/** What of an earning is released, and how much that is of it. */
export type Released = {
  earning: Earning;
  release: Release;
  covered: { through: 'all' | number | null; micros: number; entries: number };
};

type Standing = Billing & { invoiceId: string | null };
type Month = Pick<Earning, 'company' | 'currency' | 'period'>;
const monthKey = ({ company, currency, period }: Month): string => `${company}#${currency}#${period}`;

/** Known of companies while one run lasts, so that many providers of one company ask once. */
export class Releases {
  private readonly billings = new Map<string, Promise<Standing>>();
  private readonly coverages = new Map<string, Promise<Coverage>>();
  /** The newest month with plans. Read before any plan: one that is made meanwhile is seen as not made. */
  private planned: Promise<string | null> | undefined;
  private readonly call: Call;

  constructor(call: Call) {
    this.call = call;
  }

  /** How the months of some earnings stand, in their order. What is being read for another provider is waited for. */
  private billingsOf(earnings: readonly Earning[]): Promise<Standing[]> {
    const keys = earnings.map(monthKey);
    const unknown = new Map(earnings.map((earning) => [monthKey(earning), earning]));
    if (this.billings.size + unknown.size > MOST_KNOWN) this.billings.clear();
    for (const key of this.billings.keys()) unknown.delete(key);
    if (unknown.size > 0) {
      const reading = this.read([...unknown.values()]);
      const standingOf = async (key: string) => (await reading).get(key) ?? NOT_INVOICED;
      for (const key of unknown.keys()) this.billings.set(key, standingOf(key));
    }
    return Promise.all(keys.map((key) => this.billings.get(key) ?? Promise.resolve(NOT_INVOICED)));
  }

  private async read(months: readonly Month[]): Promise<Map<string, Standing>> {
    this.planned ??= newestPlanned(this.call);
    return readBillings(this.call, months, await this.planned);
  }

  /** What some earnings of one provider release now, in their order. */
  async of(earnings: readonly Earning[]): Promise<Released[]> {
    const billings = await this.billingsOf(earnings);
    const judged = await mapConcurrent(earnings, WIDTH, async (earning, at) => {
      const billing = billings[at] ?? NOT_INVOICED;
      const release = releaseOf(earning, billing, this.call.now);
      const through = await this.through(earning, release, billing.invoiceId);
      return { earning, release, through };
    });
    const parts = await partsOf(
      this.call,
      judged.flatMap(({ earning, through }) => (typeof through === 'number' ? [{ earning, through }] : [])),
    );
    return judged.map(({ earning, release, through }) => {
      const whole = { micros: earning.earnedMicros, entries: earning.entries };
      const covered = through === 'all' ? whole : (parts.get(earning) ?? { micros: 0, entries: 0 });
      return { earning, release, covered: { through, ...covered } };
    });
  }

  private async through(earning: Earning, release: Release, invoice: string | null): Promise<'all' | number | null> {
    if (release.releases === 'all') return 'all';
    if (release.releases === 'none' || invoice === null) return null;
    const coverage = await known(this.coverages, invoice, () =>
      walkInvoice(this.call, earning.company, earning.currency, invoice, release.collectedMicros),
    );
    return coveredThrough(coverage, earning.period);
  }
}

function known<T>(cache: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const found = cache.get(key);
  if (found !== undefined) return found;
  if (cache.size >= MOST_KNOWN) cache.clear();
  const reading = read();
  cache.set(key, reading);
  return reading;
}

/** How some months stand, read together: their plans, the invoices that bill them, and their companies. */
async function readBillings(
  call: Call,
  months: readonly Month[],
  planned: string | null,
): Promise<Map<string, Standing>> {
  const newest = planned === null ? [] : months.map((month) => ({ ...month, period: planned }));
  const plans = await readPlans(call, [...months, ...newest]);
  const [own, latest] = [plans.slice(0, months.length), plans.slice(months.length)];
  const billed = await mapConcurrent(months, WIDTH, async ({ company, currency, period }, at) => {
    if (planned === null || period > planned) return null;
    if (own[at]?.invoice != null) return own[at].invoice;
    // What its own plan does not bill, a later one may: the newest says so, if it goes back as far.
    const last = latest[at];
    if (last !== undefined && last.since <= period) return last.invoice;
    return (await invoiceFor(call, company, currency, period)).invoice;
  });
  const [invoices, companies] = await Promise.all([
    readInvoices(
      call,
      billed.filter((invoice) => invoice !== null),
    ),
    readOrganisations(
      call.tables,
      months.map(({ company }) => company),
    ),
  ]);
  return new Map(
    months.map((month, at) => {
      const invoice = invoices.get(billed[at] ?? '');
      const isUnderReview = companies.get(month.company)?.status === 'suspended';
      const standing = isUnderReview ? 'under_review' : isOverdue(invoice, call.now) ? 'overdue' : 'good';
      return [monthKey(month), { ...billingIn(invoice), standing }];
    }),
  );
}

const NOT_INVOICED: Standing = { invoiceId: null, invoice: null, standing: 'good' };

function billingIn(invoice: Invoice | undefined): Pick<Standing, 'invoiceId' | 'invoice'> {
  const isFinal = invoice !== undefined && ['open', 'paid', 'uncollectible'].includes(invoice.state);
  if (!isFinal || invoice.finalizedAt === null) return { invoiceId: null, invoice: null };
  return {
    invoiceId: invoice.id,
    invoice: {
      finalizedAt: fromIso(invoice.finalizedAt),
      subtotalMicros: invoice.subtotalMicros,
      totalMicros: invoice.totalMicros,
      coveredMicros: invoice.availableMicros + invoice.creditAppliedMicros + invoice.creditedMicros,
      isWrittenOff: invoice.state === 'uncollectible',
    },
  };
}

const isOverdue = (invoice: Invoice | undefined, now: number): boolean =>
  invoice?.state === 'open' && invoice.dueAt !== null && fromIso(invoice.dueAt) < now && invoice.remainingMicros > 0;

/** Walks what an invoice bills, the oldest first, as far as what is collected of it goes. */
async function walkInvoice(
  call: Call,
  company: string,
  currency: Currency,
  invoice: string,
  collectedMicros: number,
): Promise<Coverage> {
  const billed = await readInvoice(call, invoice);
  let coverage = startCoverage(collectedMicros);
  for (const period of billed === undefined ? [] : months(billed.since, billed.period)) {
    let after: Item | undefined;
    do {
      const page = await call.tables.query('ledger', ListKey, {
        index: BY_COMPANY,
        pk: `${company}#${period}`,
        limit: 100,
        ...(after === undefined ? {} : { after }),
      });
      const entries = await entriesAt(call, page.items);
      for (const key of page.items) {
        const entry = entries.get(keyText(key));
        if (entry === undefined || entry.currency !== currency) continue;
        const micros = entry.legs.reduce((sum, leg) => (leg.account === '1100' ? sum + leg.micros : sum), 0);
        coverage = cover(coverage, { period, postedAt: Number(key.csk.slice(0, 15)), micros });
        if (coverage.end !== null) return coverage;
      }
      after = page.after as Item | undefined;
    } while (after !== undefined);
  }
  return coverage;
}

/** What months come to up to an instant: only where an invoice is paid in part are its charges read again. */
async function partsOf(
  call: Call,
  parts: readonly { earning: Earning; through: number }[],
): Promise<Map<Earning, { micros: number; entries: number }>> {
  const sums = new Map(parts.map(({ earning }) => [earning, { micros: 0, entries: 0 }]));
  const byPeriod = Map.groupBy(parts, ({ earning }) => `${earning.provider}#${earning.period}`);
  for (const some of byPeriod.values()) {
    const [first] = some;
    if (first === undefined) continue;
    const { provider, period } = first.earning;
    for await (const keys of entryKeys(call, provider, period))
      for (const movement of await readMovements(call, provider, keys))
        for (const { earning, through } of some) {
          const sum = sums.get(earning);
          if (sum === undefined || !belongs(movement, earning) || movement.postedAt > through) continue;
          sum.micros += movement.micros;
          sum.entries += 1;
        }
  }
  return sums;
}
