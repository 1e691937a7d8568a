/** Companies with billing profiles, and their charges of one month, as the market's own stores write them. */
import { putProfile } from '../../../shared/billing-profile/billing-profile.store.ts';
import { BillingProfileInput } from '../../../shared/billing-profile/billing-profile.ts';
import { mapConcurrent } from '../../../shared/kernel/call.ts';
import type { Tables } from '../../../shared/kernel/table.ts';
import { DAY, MINUTE } from '../../../shared/kernel/time.ts';
import { chargeEvent, post } from '../../../shared/ledger/ledger.store.ts';
import { type Rated, slaCreditLegs } from '../../../shared/ledger/postings/charge.ts';
import { ensureMarketOrganisation, registerOrganisation } from '../../../shared/organisation/organisation.store.ts';
import { progress } from '../support/arguments.ts';
import { collect, putAll } from '../support/put-all.ts';
import { createRandom, type Random } from '../support/random.ts';
import { type Drawn, drawCharge, type Parties, postCharge } from './charges.ts';

export const PERIOD = '2026-01';
const MONTH_BEGINS = Date.parse('2026-01-01T00:00:00Z');
const DAYS = 31;
const PROVIDERS = 20;
const QUEUES = 40;
const SIDE_BY_SIDE = 16;
/** One company in so many had a single cheap resolution: not worth an invoice, carried over. */
const BELOW_FLOOR_EVERY = 25;
/** The least that the other companies come to: so they are invoiced however few charges they have. */
const LEAST_MICROS = 160_000_000;
const USUAL_MICROS = 3_000_000;
const SLA_CREDIT_SHARE = 0.02;
const SLA_CREDIT_BPS = 2_000;

/** A company with what it was charged less its credits, added up apart from the ledger. */
export type LaidCompany = { id: string; charges: number; micros: number; isBelowFloor: boolean };

export type Size = { companies: number; charges: number; seed: number };

/** Registers companies and providers and posts exactly `charges` charges; each company has at least one. */
export async function layMarket(tables: Tables, { companies, charges, seed }: Size): Promise<LaidCompany[]> {
  if (charges < companies) throw new Error(`--charges must be at least ${companies}: one for each company`);
  await ensureMarketOrganisation(tables, MONTH_BEGINS);
  const providers = await mapConcurrent(Array.from({ length: PROVIDERS }), SIDE_BY_SIDE, (_, i) =>
    register(tables, 'provider', i),
  );
  const counts = spread(companies, charges, createRandom(`${seed}|billing|counts`));
  let done = 0;
  return mapConcurrent(counts, SIDE_BY_SIDE, async (count, i) => {
    const id = await register(tables, 'company', i);
    const company = { id, charges: count, micros: 0, isBelowFloor: i % BELOW_FLOOR_EVERY === 0 };
    const random = createRandom(`${seed}|billing|company|${i}`);
    await profile(tables, id, i, random);
    company.micros = await layCharges(tables, company, providers, random);
    progress(`laying company ${++done} of ${companies}`);
    return company;
  });
}

/** How many charges each company has: lognormal, at least one, `charges` in all. */
function spread(companies: number, charges: number, random: Random): number[] {
  const weights = Array.from({ length: companies }, (_, i) =>
    i % BELOW_FLOOR_EVERY === 0 ? 0 : Math.min(random.lognormal(1), 20),
  );
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const counts = weights.map((weight) => 1 + Math.floor(((charges - companies) * weight) / all));
  let left = charges - counts.reduce((sum, count) => sum + count, 0);
  for (let i = 0; left > 0; i = (i + 1) % companies)
    if (i % BELOW_FLOOR_EVERY !== 0) {
      counts[i]! += 1;
      left -= 1;
    }
  return counts;
}

async function register(tables: Tables, kind: 'company' | 'provider', i: number): Promise<string> {
  const name = `${kind === 'company' ? 'Company' : 'Pool'} ${i + 1}`;
  const input = kind === 'company' ? { kind, name } : { kind, name, providerKind: 'agent_pool' as const };
  const person = { user: `bench-${kind}-${i}`, email: null };
  return (await registerOrganisation(tables, person, input, `bench-${kind}-${i}`, MONTH_BEGINS)).id;
}

/** Half are charged automatically, half get a bill; a third have a tax id, a quarter an order number. */
async function profile(tables: Tables, id: string, i: number, random: Random): Promise<void> {
  const input = BillingProfileInput.parse({
    legalName: `Company ${i + 1} Ltd`,
    address: { line1: `${i + 1} High Street`, city: 'Dublin', postalCode: 'D01', country: 'IE' },
    billingEmail: `billing-${i + 1}@example.com`,
    collectionMethod: random.chance(0.5) ? 'send_invoice' : 'charge_automatically',
    taxId: random.chance(1 / 3) ? { type: 'eu_vat', value: `IE${String(1_000_000 + i).slice(-7)}FA` } : null,
    purchaseOrder: random.chance(0.25) ? { number: `PO-${i + 1}`, expiresOn: null } : null,
  });
  const put = await putProfile({ tables, now: MONTH_BEGINS }, id, input);
  if (!put.ok) throw new Error(put.detail);
}

/** Answers what the company owes for them, in micro-units. */
async function layCharges(
  tables: Tables,
  company: LaidCompany,
  providers: readonly string[],
  random: Random,
): Promise<number> {
  const { items, collecting } = collect(tables);
  const queues = Array.from({ length: random.whole(1, 4) }, () => `bench-${random.whole(1, QUEUES)}`);
  const usual = company.isBelowFloor ? USUAL_MICROS : Math.max(USUAL_MICROS, LEAST_MICROS / company.charges);
  let micros = 0;
  for (let n = 0; n < company.charges; n++) {
    const provider = providers[random.whole(0, providers.length - 1)]!;
    const queue = queues[random.whole(0, queues.length - 1)]!;
    const parties: Parties = { company: company.id, provider, queue, round: random.whole(1, 2), isRoundClosed: false };
    const drawn = drawCharge(random, usual, `${company.id}.${String(n).padStart(22, '0')}`);
    const now = MONTH_BEGINS + Math.floor(random.next() * (DAYS * DAY - MINUTE));
    const { rated } = await postCharge({ tables: collecting, now }, drawn, parties);
    micros += rated.priceMicros;
    if (!company.isBelowFloor && random.chance(SLA_CREDIT_SHARE))
      micros -= await layCredit(collecting, now, drawn, parties, rated);
  }
  await putAll(tables, 'ledger', items);
  return micros;
}

async function layCredit(tables: Tables, now: number, drawn: Drawn, parties: Parties, rated: Rated): Promise<number> {
  const { company, provider, queue, round } = parties;
  const legs = slaCreditLegs(rated, SLA_CREDIT_BPS, { company, provider });
  await post(
    { tables, now },
    {
      event: `sla#${drawn.request}`,
      kind: 'sla_credit',
      occurredAt: now,
      currency: 'USD',
      company,
      provider,
      legs,
      facts: { company, provider, queue, round, request: drawn.request, charge: chargeEvent(drawn.request) },
    },
  );
  // A fifth of the price, in whole micro-units.
  return Math.floor((rated.priceMicros * SLA_CREDIT_BPS) / 10_000);
}
