/** Random business of a few months, as entries: charges with their credits and splits, rounds that close, corrections, own money. */
import fc from 'fast-check';
import type { CompanyAward, ProviderAward } from '../../../shared/award/award.ts';
import { NO_LIMITS } from '../../../shared/commitment/commitment.ts';
import { DAY, iso } from '../../../shared/kernel/time.ts';
import { partiesOf } from '../../../shared/ledger/adjustment.ts';
import { contentOf } from '../../../shared/ledger/entry.ts';
import type { NewEntry, Posted } from '../../../shared/ledger/ledger.store.ts';
import type { EntryView } from '../../../shared/ledger/ledger.ts';
import { endOf, periodOf } from '../../../shared/ledger/period.ts';
import { chargeLegs, type Rated, rate, slaCreditLegs, splitLegs } from '../../../shared/ledger/postings/charge.ts';
import { ownFundsLegs, reversalLegs, taxReturnLegs } from '../../../shared/ledger/postings/market.ts';
import { closeRound } from '../../../shared/round/closing.ts';
import { closingEntries } from '../../../shared/round/step.store.ts';
import { emptyTotals } from '../../../shared/round/totals.store.ts';
import { Terms } from '../../../shared/terms/terms.ts';

export const COMPANIES = ['co_aaaa', 'co_bbbb', 'co_cccc'];
export const PROVIDERS = ['pr_aaaa', 'pr_bbbb', 'pr_cccc'];
const QUEUES = ['cards', 'loans'];
const START = Date.UTC(2026, 0, 1);
const TERMS = Terms.parse({ slaHours: 48, ceilingMicros: 9_000_000, failureCostMicros: 0, secondPersonAboveMicros: 0 });

const micros = fc.integer({ min: 0, max: 9_000_000 });
const bps = fc.integer({ min: 0, max: 10_000 });
const anyOf = <T>(...values: T[]) => fc.constantFrom(...values);

const Facts = fc.record({
  outcome: anyOf('confirmed' as const, 'assumed' as const),
  route: anyOf('slot' as const, 'overflow' as const),
  priceMicros: micros,
  bidMicros: micros,
  offeredBidMicros: fc.option(micros),
  feeBps: fc.integer({ min: 0, max: 2_000 }),
  assumedRateBps: bps,
});
const Charged = fc.record({
  facts: Facts,
  company: anyOf(...COMPANIES),
  provider: anyOf(...PROVIDERS),
  queue: anyOf(...QUEUES),
  day: fc.integer({ min: 0, max: 58 }),
  isLate: fc.boolean(),
  splitBps: anyOf(0, 0, 1_500),
  /** Its round's close was announced before. */
  isRoundClosed: fc.boolean(),
});
const Awarded = fc.record({
  awarded: fc.integer({ min: 0, max: 50 }),
  unitPriceMicros: micros,
  releaseCreditMicros: anyOf(0, 0, 400_001),
  sent: fc.integer({ min: 0, max: 60 }),
});
export const Business = fc.record({
  charged: fc.array(Charged, { maxLength: 40 }),
  awards: fc.array(Awarded, {
    minLength: COMPANIES.length * QUEUES.length,
    maxLength: COMPANIES.length * QUEUES.length,
  }),
  carriedInMicros: fc.integer({ min: -2_000_000, max: 2_000_000 }),
  /** Which entries are reversed, by their place. */
  reversed: fc.uniqueArray(fc.nat(), { maxLength: 6 }),
  fundsMicros: fc.integer({ min: -9_000_000, max: 9_000_000 }),
  taxMicros: micros,
  inputTaxMicros: micros,
});
export type Business = typeof Business extends fc.Arbitrary<infer T> ? T : never;
type Charged = Business['charged'][number];

export type Charge = { entry: NewEntry; rated: Rated; facts: Charged['facts']; queue: string; isPooled: boolean };

/** The charges alone, with what they were rated by. */
export const chargesOf = ({ charged }: Business): Charge[] =>
  charged.map((one, i) => {
    const rated = rate(one.facts);
    const splitMicros = Math.floor((rated.bidMicros * one.splitBps) / 10_000);
    const parties = { company: one.company, provider: one.provider, queue: one.queue, round: 1 };
    const entry: NewEntry = {
      event: `charge#rq_${i}`,
      kind: 'charge',
      occurredAt: START + one.day * DAY,
      currency: currencyOf(one.queue),
      company: one.company,
      provider: one.provider,
      legs: chargeLegs(rated, { ...parties, isRoundClosed: one.isRoundClosed }, splitMicros),
      facts: { ...parties, ...rated },
    };
    return { entry, rated, facts: one.facts, queue: one.queue, isPooled: !one.isRoundClosed };
  });

const currencyOf = (queue: string): 'USD' | 'EUR' => (queue === 'cards' ? 'USD' : 'EUR');

/** All its entries, in the order in which they happened. */
export function entriesOf(business: Business): NewEntry[] {
  const charges = chargesOf(business);
  const more = business.charged.flatMap((one, i) => after(one, charges[i] as Charge, i));
  const closes = QUEUES.flatMap((queue, i) => closeOf(business, charges, queue, i));
  const posted = [...charges.map(({ entry }) => entry), ...more, ...closes];
  return [...posted, ...marketEntries(business), ...reversalsOf(business, posted)];
}

/** What follows a charge: the credit where it was late, the program's part where it is split. */
function after(one: Charged, { entry, rated }: Charge, i: number): NewEntry[] {
  const common = { occurredAt: entry.occurredAt, currency: entry.currency, facts: {} };
  const splitMicros = Math.floor((rated.bidMicros * one.splitBps) / 10_000);
  const program = PROVIDERS.find((other) => other !== one.provider) ?? one.provider;
  const credit: NewEntry = {
    ...common,
    event: `sla#rq_${i}`,
    kind: 'sla_credit',
    company: one.company,
    provider: one.provider,
    legs: slaCreditLegs({ ...rated, bidMicros: rated.bidMicros - splitMicros }, TERMS.slaCreditBps, one),
  };
  const split: NewEntry = {
    ...common,
    event: `split#rq_${i}#${program}`,
    kind: 'split',
    company: null,
    provider: program,
    legs: splitLegs(program, splitMicros),
  };
  return [...(one.isLate ? [credit] : []), ...(splitMicros > 0 ? [split] : [])];
}

function closeOf(business: Business, charges: readonly Charge[], queue: string, place: number): NewEntry[] {
  const own = business.awards.slice(place * COMPANIES.length, (place + 1) * COMPANIES.length);
  const awards = own.map(
    (award, i): CompanyAward => ({
      queue,
      round: 1,
      company: COMPANIES[i] as string,
      committed: award.awarded,
      awarded: award.awarded,
      byProvider: [{ provider: PROVIDERS[i] as string, volume: award.awarded }],
      totalMicros: 0,
      unitPriceMicros: award.unitPriceMicros,
      dearerRequests: 0,
      standalonePriceMicros: null,
      releaseCreditMicros: award.releaseCreditMicros,
      capacityShareBase: 10,
      reserveMicros: 0,
      failureCostMicros: 0,
      limits: NO_LIMITS,
      overflow: 'allowed',
      counters: 1,
    }),
  );
  const providers = own.map(
    (award, i): ProviderAward => ({
      queue,
      round: 1,
      provider: PROVIDERS[i] as string,
      kind: 'agent_pool',
      qualityBps: 9_000,
      capacity: 100,
      awarded: award.awarded,
      priceMicros: 900_000,
      firstTierMicros: 950_000,
      standingCapacity: 50,
      shards: 1,
    }),
  );
  const totals = COMPANIES.map((company, i) => {
    const mine = charges.filter((charge) => charge.queue === queue && charge.entry.company === company);
    const sum = (of: (charge: Charge) => number) => mine.reduce((total, charge) => total + of(charge), 0);
    return {
      ...emptyTotals(company),
      charged: mine.length,
      attempted: mine.length,
      sent: own[i]?.sent ?? 0,
      chargedMicros: sum(({ rated }) => rated.priceMicros),
      fullPriceMicros: sum(({ facts }) => facts.priceMicros),
      poolMicros: sum(({ rated, isPooled }) => (isPooled ? rated.poolMicros : 0)),
    };
  });
  const closing = closeRound({ awards, providers, totals, terms: TERMS, carriedInMicros: business.carriedInMicros });
  return closingEntries({ queue, round: 1 }, currencyOf(queue), closing, START + 60 * DAY);
}

function marketEntries({ fundsMicros, taxMicros, inputTaxMicros }: Business): NewEntry[] {
  const common = { occurredAt: START + 45 * DAY, currency: 'USD', company: null, provider: null, facts: {} } as const;
  const all: NewEntry[] = [
    { ...common, event: 'funds#1', kind: 'own_funds', legs: ownFundsLegs(fundsMicros) },
    { ...common, event: 'tax#1', kind: 'tax_return', legs: taxReturnLegs(taxMicros, inputTaxMicros) },
  ];
  return all.filter(({ legs }) => legs.length > 0);
}

function reversalsOf({ reversed }: Business, posted: readonly NewEntry[]): NewEntry[] {
  if (posted.length === 0) return [];
  const places = new Set(reversed.map((place) => place % posted.length));
  return [...places].map((place) => {
    const entry = posted[place] as NewEntry;
    const { company, provider } = entry;
    const event = `reversal#${entry.event}`;
    const parties = entry.legs.length === 0 ? { company, provider } : partiesOf(entry.legs);
    return {
      ...entry,
      ...parties,
      event,
      kind: 'adjustment',
      legs: reversalLegs(entry.legs),
      occurredAt: START + 70 * DAY,
    };
  });
}

/** A ledger in memory by the product's own rules: one entry an event, in the open period. */
export class MemoryLedger {
  readonly entries = new Map<string, EntryView & { company: string | null; provider: string | null }>();
  private openFrom: string | null = null;

  post(entry: NewEntry): Posted {
    const { occurredAt, ...rest } = entry;
    const { period, closedPeriod } = periodOf(occurredAt, this.openFrom);
    const facts = closedPeriod === null ? rest.facts : { ...rest.facts, closedPeriod };
    const viewed = { ...rest, facts, occurredAt: iso(occurredAt), period };
    const stored = this.entries.get(entry.event);
    if (stored !== undefined) return contentOf(stored) === contentOf(viewed) ? 'repeated' : 'refused';
    this.entries.set(entry.event, viewed);
    return 'posted';
  }

  close(period: string): void {
    this.openFrom = iso(endOf(period)).slice(0, 7);
  }

  all(period?: string): (EntryView & { company: string | null; provider: string | null })[] {
    return [...this.entries.values()].filter((entry) => period === undefined || entry.period === period);
  }
}
