/** The main job with its units counted by phase, for comparing engines. */
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { leaseIdOf } from '../../shared/dispatch/lease.ts';
import { beat, resolveTurn } from '../../shared/dispatch/turn.store.ts';
import type { Call } from '../../shared/kernel/call.ts';
import { noConsumption, type TableConfig, Tables, type Write } from '../../shared/kernel/table.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { allEntries } from '../../shared/ledger/ledger.store.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readOwnHead, viewRequest } from '../../shared/request/request.store.ts';
import { confirm } from '../../shared/resolution/resolution.store.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';

const COMPANY = 'co_aaaa000001';
const POOL = 'pr_pool000001';
const REQUESTS = 4;
type Phase = 'opening' | 'clearing' | 'intake' | 'work' | 'settlement';
export type MainJob = {
  states: unknown[];
  /** Without those of transactions. */
  writeUnits: Record<Phase, number>;
  transactions: Record<Phase, number>;
  transactionUnits: Record<Phase, number>;
  readUnits: Record<Phase, number>;
  /** Write units of one request from acceptance to confirmation, everything around it warm. */
  counted: number;
};

/** Counts what transactions consume apart from the rest. */
class SplitTables extends Tables {
  readonly transacted = noConsumption();

  override async transact(writes: readonly Write[]) {
    const own = new Tables(this.owner as TableConfig);
    try {
      return await own.transact(writes);
    } finally {
      this.transacted.calls += own.consumed.calls;
      this.transacted.writeUnits += own.consumed.writeUnits;
    }
  }
}

/** Counts what every call consumed, under the phase it was made in. */
class CountedMarket extends TestMarket {
  phase: Phase = 'opening';
  private readonly counts: { phase: Phase; tables: SplitTables }[] = [];

  override call(now = this.now): Call {
    const tables = new SplitTables(this.tables.owner as TableConfig);
    this.counts.push({ phase: this.phase, tables });
    return { ...super.call(now), tables };
  }

  sums(count: (tables: SplitTables) => number): Record<Phase, number> {
    const sums: Record<Phase, number> = { opening: 0, clearing: 0, intake: 0, work: 0, settlement: 0 };
    for (const { phase, tables } of this.counts) sums[phase] += count(tables);
    return sums;
  }
}

/** One company, one provider, four requests, of which every second one is confirmed; then settled by the sweeps. */
export async function runMainJob(tables: Tables): Promise<MainJob> {
  const market = new CountedMarket(tables);
  await openMarket(market);
  market.phase = 'intake';
  const ids: string[] = [];
  for (let i = 0; i < REQUESTS; i++) ids.push(await send(market.call(), market.queue, `r${i}`));
  market.phase = 'work';
  for (let i = 0; i < REQUESTS; i++) await workOne(market.call(), market.queue, i % 2 === 0);
  market.phase = 'intake';
  const counting = market.call();
  ids.push(await send(counting, market.queue, 'counted'));
  await workOne(counting, market.queue, true);
  const counted = counting.tables.consumed.writeUnits;
  market.phase = 'settlement';
  await market.advance(SECOND_OF_FEBRUARY + 8 * DAY);
  await market.advance(SECOND_OF_FEBRUARY + 9 * DAY);
  const heads = await Promise.all(ids.map((id) => readOwnHead(market.call(), COMPANY, id)));
  const entries = await allEntries(market.call(), COMPANY, '2026-02');
  const own = entries.filter((entry) => ids.includes(String((entry.facts as { request?: unknown }).request)));
  const sums = own.map((entry) => entry.legs.reduce((sum, leg) => sum + leg.micros, 0));
  const views = await Promise.all(heads.map((head) => viewRequest(market.call(), head!)));
  const states = [...views.map(({ state }) => state), ...sums];
  return {
    states,
    writeUnits: market.sums(({ consumed }) => consumed.writeUnits),
    transactions: market.sums(({ transacted }) => transacted.calls),
    transactionUnits: market.sums(({ transacted }) => transacted.writeUnits),
    readUnits: market.sums(({ consumed }) => consumed.readUnits),
    counted,
  };
}

async function openMarket(market: CountedMarket): Promise<void> {
  await market.open('both engines');
  await market.commit(COMPANY, 10);
  await market.bid(POOL, 'agent_pool', { capacity: 30, tiers: [{ minVolume: 0, priceMicros: 4_000_000 }] });
  market.phase = 'clearing';
  await market.advance(FEBRUARY - 23 * HOUR);
  await market.advance(FEBRUARY + MINUTE);
  market.now = SECOND_OF_FEBRUARY;
}

async function send(call: Call, queue: string, externalId: string): Promise<string> {
  const request = { externalId, queue, customer: `customer of ${externalId}`, text: 'Where is my money?', fields: {} };
  return must(await acceptRequest(call, COMPANY, request, null)).view.id;
}

/** Claims, beats once, resolves and, where wanted, confirms the next request. */
async function workOne(call: Call, queue: string, isConfirmed: boolean): Promise<void> {
  const { work } = await claimWork(call, POOL, [queue], 1, () => 0);
  const lease = leaseIdOf(work[0]!.lease);
  must(await beat(call, POOL, lease, true));
  must(
    await resolveTurn(call, POOL, lease, {
      code: 'solved',
      summary: 'The payment was booked.',
      evidence: 'booking 4711',
    }),
  );
  if (isConfirmed) must(await confirm(call, (await readOwnHead(call, COMPANY, work[0]!.head.id))!, 'customer'));
}
