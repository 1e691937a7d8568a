/** Reads how a company's months stand, as far as providers' pay depends on them: invoice, cash, and how far cash goes. */
import * as z from 'zod';
import { readInvoice } from '../invoice/invoice.store.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { invoiceFor } from '../invoice/plan.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import type { Currency } from '../kernel/money.ts';
import { type Item, keyText } from '../kernel/table.ts';
import { fromIso } from '../kernel/time.ts';
import { EntryView } from '../ledger/ledger.ts';
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

/** Known of companies while one run lasts, so that many providers of one company ask once. */
export class Releases {
  private readonly billings = new Map<string, Promise<Billing & { invoiceId: string | null }>>();
  private readonly coverages = new Map<string, Promise<Coverage>>();
  private readonly call: Call;

  constructor(call: Call) {
    this.call = call;
  }

  /** How a month of a company stands. */
  billing(company: string, currency: Currency, period: string): Promise<Billing & { invoiceId: string | null }> {
    return known(this.billings, `${company}#${currency}#${period}`, () =>
      readBilling(this.call, company, currency, period),
    );
  }

  /** What some earnings of one provider release now, in their order. */
  async of(earnings: readonly Earning[]): Promise<Released[]> {
    const judged = await mapConcurrent(earnings, WIDTH, async (earning) => {
      const billing = await this.billing(earning.company, earning.currency, earning.period);
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

async function readBilling(
  call: Call,
  company: string,
  currency: Currency,
  period: string,
): Promise<Billing & { invoiceId: string | null }> {
  const [billed, organisations] = await Promise.all([
    invoiceFor(call, company, currency, period),
    readOrganisations(call.tables, [company]),
  ]);
  const invoice = billed.invoice === null ? undefined : await readInvoice(call, billed.invoice);
  const isUnderReview = organisations.get(company)?.status === 'suspended';
  const standing = isUnderReview ? 'under_review' : isOverdue(invoice, call.now) ? 'overdue' : 'good';
  const isFinal = invoice !== undefined && ['open', 'paid', 'uncollectible'].includes(invoice.state);
  if (!isFinal || invoice.finalizedAt === null) return { invoiceId: null, invoice: null, standing };
  return {
    invoiceId: invoice.id,
    standing,
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
      const entries = await call.tables.getMany('ledger', page.items, EntryView);
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
