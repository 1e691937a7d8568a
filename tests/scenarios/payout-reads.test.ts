/** What a run of payouts reads of companies and their months: next to nothing that decides nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invoiceKey } from '../../shared/invoice/invoice.store.ts';
import { planKey } from '../../shared/invoice/plan.store.ts';
import type { Key } from '../../shared/kernel/table.ts';
import { DAY } from '../../shared/kernel/time.ts';
import { endOf } from '../../shared/ledger/period.ts';
import { organisationKey } from '../../shared/organisation/organisation.store.ts';
import { earningKey } from '../../shared/payout/book.store.ts';
import { readPayable } from '../../shared/payout/payable.store.ts';
import { approveRun, makeRun, workRun } from '../../shared/payout/run.store.ts';
import { listRunLines } from '../../shared/payout/run-line.store.ts';
import { countingItems } from '../support/counted-items.ts';
import { openPayWorld, type PayWorld } from '../support/payouts.ts';

/** At the beginning of April the latest time of the first has come, and the window of the second has passed. */
const MONTHS = ['2026-01', '2026-02', '2026-03'] as const;
const [JANUARY, FEBRUARY, MARCH] = MONTHS;
const NOW = endOf(MARCH) + 6 * DAY;
/** More earnings than one page of them takes. */
const COMPANIES = 40;
/** Of each company a provider earned 1.00 in each month. */
const PROVIDERS = 2;

let world: PayWorld;
let companies: string[];
let providers: string[];
let carried = '';
let poor = '';
let suspended = '';

beforeAll(async () => {
  world = await openPayWorld();
  await world.fund(10_000_000);
  companies = await Promise.all(Array.from({ length: COMPANIES }, (_, n) => world.company(`company ${n}`)));
  [carried = '', poor = '', suspended = ''] = companies;
  providers = [];
  for (let n = 0; n < PROVIDERS; n++) providers.push(await world.provider(`provider ${n}`));
  for (const [m, month] of MONTHS.entries()) {
    world.at(Date.UTC(2026, m, 9, 9));
    for (const company of companies)
      for (const provider of providers)
        await world.charge({ company, provider, request: `${month} ${company} ${provider}`, feeMicros: 0 });
    await world.close(month);
    for (const company of companies) {
      // Its January is billed with its February.
      if (company === carried && month === JANUARY) continue;
      const isPaid = month !== MARCH && company !== poor && company !== suspended;
      await world.invoice(company, month, { micros: 2_000_000, availableMicros: isPaid ? 2_000_000 : 0 });
    }
  }
  await world.tables.update('ledger', planKey(carried, 'EUR', FEBRUARY), { set: { since: JANUARY } });
  await world.tables.update('market', organisationKey(suspended), { set: { status: 'suspended' } });
  world.at(NOW);
});
afterAll(() => world.stop());

function nameOf({ pk, sk }: Key): string | undefined {
  if (pk.startsWith(invoiceKey('').pk)) return 'invoices';
  if (pk.startsWith('PLAN#')) return 'plans';
  if (pk.startsWith('PB#') && sk.startsWith('C#')) return 'earnings';
  return companies.some((company) => pk === organisationKey(company).pk) ? 'organisations' : undefined;
}

/** Collects a run: what it read, and what it proposes for each provider. */
async function collect(run: string) {
  const counting = countingItems(world.tables, nameOf);
  const call = world.call({ tables: counting.tables });
  await makeRun(call, run, 'maker');
  await workRun(call, run);
  const { items } = await listRunLines(world.call(), run, { limit: 100 });
  const proposed = providers.map((provider) => items.find((line) => line.provider === provider)?.amountMicros ?? 0);
  return { read: counting.take(), proposed, call, take: counting.take };
}

/** What a provider is told that is payable: everything is read for that. */
const told = async (provider: string): Promise<number> =>
  (await readPayable(world.call(), provider)).reduce((sum, { payableMicros }) => sum + payableMicros, 0);

describe('a run of payouts', () => {
  // Of each provider's months with companies those of January and February.
  const earnings = PROVIDERS * 2 * COMPANIES;
  const read = {
    earnings,
    // Of these months but one, which has none; the newest of that company, and then all that it has since.
    plans: 2 * COMPANIES - 1 + 1 + 2,
    invoices: 2 * COMPANIES - 1,
    // Only of who has not paid what is paid in advance.
    organisations: 2,
  };

  it('reads no month whose dispute window cannot have passed, each plan and invoice once, and a company where it decides', async () => {
    const run = await collect('first');
    expect(run.read).toEqual({ read, again: { plans: 2 } });
    const [januaries, februaries] = [COMPANIES - 1, COMPANIES - 2];
    expect(run.proposed).toEqual(providers.map(() => (januaries + februaries) * 1_000_000));
    expect(await Promise.all(providers.map(told))).toEqual(run.proposed);
    await approveRun(run.call, 'first', 'approver');
    await workRun(run.call, 'first');
    expect(run.take()).toEqual({ read, again: { plans: 2 } });
    for (const provider of providers) expect(await world.paid(provider)).toBe((januaries + februaries) * 1_000_000);
  });

  // What is left of January and February: the suspended one's both, the poor one's February.
  const left = { earnings: PROVIDERS * 3, plans: 3, invoices: 3, organisations: 1 };

  it('reads what a provider earned with a company that has defaulted, and pays it before its time', async () => {
    expect((await collect('before')).read).toEqual({ read: left, again: {} });
    const lost = companies[5] ?? '';
    await world.invoice(lost, MARCH, { micros: 2_000_000, state: 'uncollectible' });
    const run = await collect('default');
    expect(run.read.read).toMatchObject({ earnings: left.earnings + PROVIDERS, invoices: left.invoices + 1 });
    expect(run.proposed).toEqual(providers.map(() => 1_000_000));
    expect(await Promise.all(providers.map(told))).toEqual(run.proposed);
  });

  it('reads an earning whose place in the list does not tell its dispute window', async () => {
    const [provider = ''] = providers;
    const key = earningKey({ provider, currency: 'EUR', period: MARCH, company: companies[6] ?? '', kind: 'charges' });
    const before = (await collect('listed')).read.read.earnings ?? 0;
    await world.tables.update('ledger', key, { set: { psk: key.sk } });
    const run = await collect('unlisted');
    expect(run.read.read).toMatchObject({ earnings: before + 1 });
    expect(run.proposed).toEqual(providers.map(() => 1_000_000));
  });
});
