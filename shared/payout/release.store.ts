/** Reads how a company's months stand, as far as providers' pay depends on them: invoice, cash, and how far cash goes. */
import * as z from 'zod';
import { givenUpSince } from '../invoice/given-up.store.ts';
import { readInvoices } from '../invoice/invoice.store.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { invoiceFor, newestPlanned, readPlans } from '../invoice/plan.store.ts';
import type { Plan } from '../invoice/plan.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import type { Currency } from '../kernel/money.ts';
import { type Item, keyText } from '../kernel/table.ts';
import { DAY, fromIso, monthOf } from '../kernel/time.ts';
import { entriesAt } from '../ledger/entries.store.ts';
import { months } from '../ledger/period.ts';
import { readOrganisations } from '../organisation/organisation.store.ts';
import { entryKeys, type ListedEarning, readMovements } from './book.store.ts';
import { belongs, type Earning } from './book.ts';
import {
  type Billing,
  type Coverage,
  cover,
  coveredThrough,
  dependsOnReview,
  earliestAt,
  PAYOUT_RULES,
  type Release,
  releaseOf,
  startCoverage,
} from './payable.ts';

const WIDTH = 8;
const BY_COMPANY = { name: 'byCompany', pk: 'cpk', sk: 'csk' };
const ListKey = z.object({ pk: z.string(), sk: z.string(), csk: z.string() });
/** So much of a kind is known at the most; then it is asked for again. */
const MOST_KNOWN = 10_000;

/** What of an earning is released, and how much that is of it. */
export type Released = {
  earning: Earning;
  release: Release;
  covered: { through: 'all' | number | null; micros: number; entries: number };
};

/** How a month stands, but for a review of its company; and the invoice that bills it, once it is final. */
type Billed = Billing & { by: Pick<Invoice, 'id' | 'since' | 'period'> | null };
const NOT_INVOICED: Billed = { by: null, invoice: null, standing: 'good' };

type Month = Pick<Earning, 'company' | 'currency' | 'period'>;
const monthKey = ({ company, currency, period }: Month): string => `${company}#${currency}#${period}`;

/** Known of companies while one run lasts, so that many providers of one company ask once. */
export class Releases {
  private readonly call: Call;
  private readonly billings: Known<Month, Billed>;
  private readonly plans: Known<Month, Pick<Plan, 'invoice' | 'since'> | undefined>;
  private readonly invoices: Known<string, Billed>;
  private readonly reviewed: Known<string, boolean>;
  private readonly coverages = new Map<string, Promise<Coverage>>();
  /** The newest month with plans. Read before any plan: one that is made meanwhile is seen as not made. */
  private planned: Promise<string | null> | undefined;
  private givenUp: Promise<Set<string>> | undefined;

  constructor(call: Call) {
    this.call = call;
    this.billings = new Known(monthKey, (months) => this.readBillings(months));
    this.plans = new Known(monthKey, async (months) =>
      (await readPlans(call, months)).map((plan) => plan && { invoice: plan.invoice, since: plan.since }),
    );
    this.invoices = new Known(String, async (ids) => {
      const found = await readInvoices(call, ids);
      return ids.map((id) => billedBy(found.get(id), call.now));
    });
    this.reviewed = new Known(String, async (companies) => {
      const found = await readOrganisations(call.tables, companies);
      return companies.map((company) => found.get(company)?.status === 'suspended');
    });
  }

  /** What some earnings of one provider release now, in their order, or why they release nothing. */
  of(earnings: readonly Earning[]): Promise<Released[]> {
    return this.judge(earnings, () => true);
  }

  /** Those of some earnings of one provider that release something now, in their order. What decides nothing is not read. */
  async among(earnings: readonly Earning[]): Promise<Released[]> {
    const some = earnings.filter(await this.mayRelease());
    const judged = await this.judge(some, (earning, billing) => dependsOnReview(earning, billing, this.call.now));
    return judged.filter(({ release }) => release.releases !== 'none');
  }

  /** Tells of an earning as it is listed whether it may release anything now: where it does not, it need not be read. */
  async mayRelease(): Promise<(listed: ListedEarning) => boolean> {
    const { call } = this;
    // Charges before their time are of a month that ended in these days, and their invoice is of that month or a later one.
    this.givenUp ??= givenUpSince(call, monthOf(call.now - PAYOUT_RULES.latestDays * DAY));
    const givenUp = await this.givenUp;
    return ({ kind, period, company, disputeDays }) =>
      disputeDays === null ||
      call.now >= earliestAt({ kind, period, disputeDays }) ||
      (kind === 'charges' && givenUp.has(company));
  }

  private async judge(
    earnings: readonly Earning[],
    isReviewAsked: (earning: Earning, billing: Billing) => boolean,
  ): Promise<Released[]> {
    const billings = await this.billings.of(earnings);
    const months = earnings.map((earning, at) => ({ earning, billing: billings[at] ?? NOT_INVOICED }));
    const asked = months.filter(({ earning, billing }) => isReviewAsked(earning, billing));
    const reviewed = await this.reviewed.of(asked.map(({ earning }) => earning.company));
    const underReview = new Set(asked.filter((_, at) => reviewed[at]));
    const judged = await mapConcurrent(months, WIDTH, async (month) => {
      const { earning, billing } = month;
      const standing = underReview.has(month) ? 'under_review' : billing.standing;
      const release = releaseOf(earning, { ...billing, standing }, this.call.now);
      return { earning, release, through: await this.through(earning, release, billing.by) };
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

  private async through(earning: Earning, release: Release, by: Billed['by']): Promise<'all' | number | null> {
    if (release.releases === 'all') return 'all';
    if (release.releases === 'none' || by === null) return null;
    if (this.coverages.size >= MOST_KNOWN) this.coverages.clear();
    const coverage =
      this.coverages.get(by.id) ??
      walkInvoice(this.call, earning.company, earning.currency, by, release.collectedMicros);
    this.coverages.set(by.id, coverage);
    return coveredThrough(await coverage, earning.period);
  }

  private async readBillings(months: readonly Month[]): Promise<Billed[]> {
    const ids = await this.billersOf(months);
    const named = [...new Set(ids.filter((id) => id !== null))];
    const invoices = await this.invoices.of(named);
    const byId = new Map(named.map((id, at) => [id, invoices[at]]));
    return ids.map((id) => byId.get(id ?? '') ?? NOT_INVOICED);
  }

  /** The invoices that bill some months, in their order; null where none does. */
  private async billersOf(months: readonly Month[]): Promise<(string | null)[]> {
    this.planned ??= newestPlanned(this.call);
    const planned = await this.planned;
    if (planned === null) return months.map(() => null);
    const closed = months.filter(({ period }) => period <= planned);
    const own = await this.plans.of(closed);
    const billed = new Map(closed.map((month, at) => [month, own[at]?.invoice ?? null]));
    // What its own plan does not bill, a later one may: the newest says so, if it goes back as far.
    const carried = closed.filter((month) => billed.get(month) === null);
    const latest = await this.plans.of(carried.map((month) => ({ ...month, period: planned })));
    await mapConcurrent(carried, WIDTH, async (month, at) => {
      const { company, currency, period } = month;
      const last = latest[at];
      const isBilled = last !== undefined && last.since <= period;
      billed.set(month, isBilled ? last.invoice : (await invoiceFor(this.call, company, currency, period)).invoice);
    });
    return months.map((month) => billed.get(month) ?? null);
  }
}

/** What was read once while a run lasts, by name. */
class Known<K, V> {
  private readonly values = new Map<string, Promise<V>>();
  private readonly nameOf: (asked: K) => string;
  private readonly read: (asked: readonly K[]) => Promise<readonly V[]>;

  /** `read` answers in the order of what is asked. */
  constructor(nameOf: (asked: K) => string, read: (asked: readonly K[]) => Promise<readonly V[]>) {
    this.nameOf = nameOf;
    this.read = read;
  }

  /** In the order of what is asked. What is not known is read together; what is being read for another is waited for. */
  of(asked: readonly K[]): Promise<V[]> {
    const unknown = new Map(asked.map((one) => [this.nameOf(one), one]));
    if (this.values.size + unknown.size > MOST_KNOWN) this.values.clear();
    for (const name of unknown.keys()) if (this.values.has(name)) unknown.delete(name);
    if (unknown.size > 0) {
      const reading = this.read([...unknown.values()]);
      for (const [at, name] of [...unknown.keys()].entries())
        this.values.set(
          name,
          reading.then((values) => values[at] as V),
        );
    }
    return Promise.all(asked.map((one) => this.values.get(this.nameOf(one)) as Promise<V>));
  }
}

function billedBy(invoice: Invoice | undefined, now: number): Billed {
  const standing = isOverdue(invoice, now) ? 'overdue' : 'good';
  const isFinal = invoice !== undefined && ['open', 'paid', 'uncollectible'].includes(invoice.state);
  if (!isFinal || invoice.finalizedAt === null) return { by: null, invoice: null, standing };
  const { id, since, period } = invoice;
  return {
    by: { id, since, period },
    invoice: {
      finalizedAt: fromIso(invoice.finalizedAt),
      subtotalMicros: invoice.subtotalMicros,
      totalMicros: invoice.totalMicros,
      coveredMicros: invoice.availableMicros + invoice.creditAppliedMicros + invoice.creditedMicros,
      isWrittenOff: invoice.state === 'uncollectible',
    },
    standing,
  };
}

const isOverdue = (invoice: Invoice | undefined, now: number): boolean =>
  invoice?.state === 'open' && invoice.dueAt !== null && fromIso(invoice.dueAt) < now && invoice.remainingMicros > 0;

/** Walks what an invoice bills, the oldest first, as far as what is collected of it goes. */
async function walkInvoice(
  call: Call,
  company: string,
  currency: Currency,
  billed: Pick<Invoice, 'since' | 'period'>,
  collectedMicros: number,
): Promise<Coverage> {
  let coverage = startCoverage(collectedMicros);
  for (const period of months(billed.since, billed.period)) {
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
