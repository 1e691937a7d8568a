/** A round of each queue and month: its awards are given, its totals are those of its charges, and its close is the product's. */
import { companyAwardItem, providerAwardItem } from '../../../shared/award/award.store.ts';
import type { CompanyAward, ProviderAward } from '../../../shared/award/award.ts';
import { NO_LIMITS } from '../../../shared/commitment/commitment.ts';
import { roundKey } from '../../../shared/kernel/id.ts';
import { HOUR } from '../../../shared/kernel/time.ts';
import type { EntryView } from '../../../shared/ledger/ledger.ts';
import { readRound, roundItem } from '../../../shared/queue/queue.store.ts';
import type { CompanyTotals } from '../../../shared/round/report.ts';
import { emptyTotals } from '../../../shared/round/totals.store.ts';
import { COMPANIES, PROVIDERS, type TestQueue } from './parties.ts';
import type { MoneyWorld } from './world.ts';

/** Begins a queue's round: active until `endsAt`, with awards of drawn size. */
export async function beginRound(
  world: MoneyWorld,
  queue: TestQueue,
  number: number,
  of: { startsAt: number; endsAt: number; draw: (n: number) => number },
): Promise<void> {
  const { tables } = world.engine;
  const first = await readRound(tables, queue.id, 1, { consistent: true });
  if (first === undefined) throw new Error(`no round of ${queue.id}`);
  const { startsAt, endsAt, draw } = of;
  const round = { ...first, round: number, state: 'active' as const, startsAt, endsAt, dueAt: null, closedAt: null };
  await tables.put('market', roundItem({ ...round, clearedAt: startsAt }));
  for (const company of companiesOf(queue))
    await tables.put('market', companyAwardItem(awardOf(queue, number, company, draw)));
  for (const provider of PROVIDERS)
    await tables.put('market', providerAwardItem(providerAward(queue, number, provider)));
}

const companiesOf = ({ currency }: TestQueue): string[] =>
  COMPANIES.filter((one) => one.currency === currency).map(({ id }) => id);

function awardOf({ id }: TestQueue, round: number, company: string, draw: (n: number) => number): CompanyAward {
  const awarded = draw(16);
  return {
    queue: id,
    round,
    company,
    committed: awarded,
    awarded,
    byProvider: [{ provider: PROVIDERS[0], volume: awarded }],
    totalMicros: 0,
    unitPriceMicros: 1_000_000 + draw(3_000_000),
    dearerRequests: 0,
    standalonePriceMicros: null,
    releaseCreditMicros: draw(3) === 0 ? 1 + draw(900_000) : 0,
    capacityShareBase: 10,
    reserveMicros: 0,
    failureCostMicros: 0,
    limits: NO_LIMITS,
    overflow: 'allowed',
    counters: 1,
  };
}

const providerAward = ({ id }: TestQueue, round: number, provider: string): ProviderAward => ({
  queue: id,
  round,
  provider,
  kind: 'agent_pool',
  qualityBps: 9_000,
  capacity: 100,
  awarded: 10,
  priceMicros: 900_000,
  firstTierMicros: 950_000,
  standingCapacity: 50,
  shards: 1,
});

/** Ends a round: counted is what it charged, as the walk over its requests would. The next sweep of rounds closes it. */
export async function endRound(
  world: MoneyWorld,
  queue: TestQueue,
  number: number,
  charges: readonly EntryView[],
): Promise<void> {
  const { tables } = world.engine;
  for (const company of companiesOf(queue)) {
    const own = charges.filter(({ facts }) => facts.company === company);
    const sum = (of: (charge: EntryView) => number) => own.reduce((total, charge) => total + of(charge), 0);
    const totals: CompanyTotals = {
      ...emptyTotals(company),
      accepted: own.length,
      bySlot: own.filter(({ facts }) => facts.route === 'slot').length,
      sent: own.length,
      attempted: own.length,
      charged: own.length,
      chargedMicros: sum(({ facts }) => Number(facts.priceMicros)),
      fullPriceMicros: sum(({ facts }) => Number(facts.fullMicros)),
      poolMicros: sum(({ facts, legs }) =>
        legs.some(({ account }) => account === '2400') ? Number(facts.poolMicros) : 0,
      ),
    };
    await tables.put('market', { pk: `T#${queue.id}#${roundKey(number)}`, sk: company, ...totals, byProvider: {} });
  }
  const round = await readRound(tables, queue.id, number, { consistent: true });
  if (round === undefined) throw new Error(`no round ${number} of ${queue.id}`);
  await tables.put('market', roundItem({ ...round, state: 'settling', dueAt: world.now, endsAt: world.now - HOUR }));
}
