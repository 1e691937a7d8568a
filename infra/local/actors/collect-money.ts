/** Gathers the money of a replay over the API: closes, invoices, payouts, the trial balance, a reconciliation. */
import { allItems } from '../../../shared/client/pages.ts';
import { monthOf } from '../../../shared/kernel/time.ts';
import type { RoundReport } from '../../../shared/round/report.ts';
import { CURRENCY } from './arrival.ts';
import { ask, inParallel } from './calls.ts';
import { endOf, invoicesOf, listCloses, reconcileNow } from './finance.ts';
import { type MoneyFacts, type MoneyReport, moneyReport } from './money-report.ts';
import type { World } from './world.ts';

export async function collectMoney(world: World, reports: readonly RoundReport[]): Promise<MoneyReport> {
  const reconciled = await reconcileNow(world);
  const maker = await world.directory.finance('maker');
  const closes = await listCloses(world);
  const invoices: MoneyFacts['invoices'][] = [];
  await inParallel(closes, async ({ period }) => void invoices.push(await invoicesOf(maker, period)));
  const query = { through: monthOf(world.time.now()), currency: CURRENCY } as const;
  const balance = await ask('read the trial balance', () => maker.GET('/v1/trial-balance', { params: { query } }));
  const { id, state, compared, breaks, serious, found } = reconciled;
  return moneyReport({
    months: monthsOf(closes, world.time.now()),
    invoices: invoices.flat(),
    chargedMicros: chargedOf(reports),
    accounts: balance.accounts,
    ...(await readPayouts(world)),
    reconciliation: { id, state, compared, breaks, serious, found },
  });
}

/** What companies owe for all rounds. A deficit of a pool is not billed. */
const chargedOf = (reports: readonly RoundReport[]): number =>
  reports.reduce(
    (sum, { totals, shortfallMicros, releaseCreditMicros, trueUpMicros }) =>
      sum + totals.chargedMicros + shortfallMicros - releaseCreditMicros - Math.max(0, trueUpMicros),
    0,
  );

/** The months of which something was billed or should have been: a month that has just ended may be open. */
function monthsOf(closes: Awaited<ReturnType<typeof listCloses>>, now: number): MoneyReport['months'] {
  const done = closes.filter(({ state }) => state === 'done');
  const open = closes
    .filter(({ state, period }) => state !== 'done' && endOf(period) < now)
    .map(({ period, state, steps }) => ({
      month: period,
      waitsFor: state === 'done' ? null : (steps[state].waitsFor ?? `it is at '${state}'`),
    }));
  return { closed: done.length, last: done[0]?.period ?? null, open };
}

async function readPayouts(world: World): Promise<Pick<MoneyFacts, 'payouts' | 'payables'>> {
  const payouts: MoneyFacts['payouts'][] = [];
  const payables: MoneyFacts['payables'][] = [];
  await inParallel([...world.providers.values()], async ({ member: { client } }) => {
    const list = allItems((cursor) =>
      ask('list payouts', () => client.GET('/v1/payouts', { params: { query: { limit: 100, cursor } } })),
    );
    payouts.push(await list);
    payables.push((await ask('read what is payable', () => client.GET('/v1/payables'))).items);
  });
  return { payouts: payouts.flat(), payables: payables.flat() };
}
