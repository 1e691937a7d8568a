/** A market with one company whose lists are very long: laid by the stores, not by a call for each row. */
import { builtWeb } from '../../../infra/local/web-build.ts';
import { beginRecord } from '../../../shared/audit-trail/audit-trail.store.ts';
import { createParley, dataOf, type Parley } from '../../../shared/client/client.ts';
import { createImport, errorsKey, importKey } from '../../../shared/import/import.store.ts';
import { shortHash } from '../../../shared/kernel/hash.ts';
import { timeKey } from '../../../shared/kernel/id.ts';
import type { Item, TableId } from '../../../shared/kernel/table.ts';
import { dayOf, iso } from '../../../shared/kernel/time.ts';
import { ownBalances } from '../../../shared/ledger/statement.store.ts';
import { trialBalance } from '../../../shared/ledger/trial-balance.store.ts';
import { reconciliationKey } from '../../../shared/reconciliation/reconciliation.store.ts';
import type { Reconciliation } from '../../../shared/reconciliation/reconciliation.ts';
import { headKey } from '../../../shared/request/request.store.ts';
import { headItem } from '../../../shared/request/request.ts';
import { deliveryPartition } from '../../../shared/webhook/webhook.store.ts';
import type { Delivery } from '../../../shared/webhook/webhook.ts';
import { postCharge } from '../../bench/billing/charges.ts';
import { readModel } from '../../bench/dispatch/backlog.ts';
import { type BenchMarket, openBenchMarket } from '../../bench/dispatch/market.ts';
import { collect, putAll } from '../../bench/support/put-all.ts';

/** So many at the far end of a list are unlike all others: what a filter must find there. */
export const RARE = 3;

export type LongMarket = {
  baseUrl: string;
  /** The company's admin, and somebody of the market's finance. */
  company: string;
  market: string;
  /** Where each long list is. */
  paths: Readonly<Record<'requests' | 'charges' | 'notBilled' | 'account' | 'audit', string>> &
    Readonly<Record<'deliveries' | 'imported' | 'breaks' | 'trialBalance', string>>;
  stop(): Promise<void>;
};

/** Of which one is asked: the rest is laid. */
const COMMITTED = 1_000;

/** Numbers rows so that they read in their order. */
const numbered = (n: number): string => String(n).padStart(6, '0');

/** Lays `rows` rows of each kind. Of requests, charges and deliveries the first ones are cancelled, assumed, and dead. */
export async function openLongMarket(rows: number): Promise<LongMarket> {
  const bench = await openBenchMarket(
    { companies: 1, providers: 2, volume: COMMITTED },
    { web: await builtWeb(console.log) },
  );
  try {
    return await lay(bench, rows);
  } catch (error) {
    await bench.stop();
    throw error;
  }
}

async function lay(bench: BenchMarket, rows: number): Promise<LongMarket> {
  const [company, provider] = [bench.companies[0]!, bench.providers[0]!];
  const { marketplace, queue, round } = bench;
  const { tables } = marketplace.runtime;
  const now = marketplace.clock.now();
  const period = iso(now).slice(0, 7);
  const { items, collecting } = collect(tables);
  const call = { tables: collecting, now };
  const flush = async (table: TableId) => putAll(tables, table, items.splice(0));
  const ids = await Promise.all(
    Array.from({ length: rows }, async (_, n) => `${company.id}.${await shortHash(`long-${n}`)}`),
  );

  const asked = await dataOf(company.client.POST('/v1/requests', { body: question('model', queue) }));
  const { head } = await readModel(bench, asked.id);
  const { wpk: _wpk, wsk: _wsk, ...model } = head;
  const heads = ids.map((id, n): Item => {
    const at = now - (rows - n) * 20;
    const state = n < RARE ? ('cancelled' as const) : model.state;
    const own = {
      ...headKey(id),
      id,
      externalId: `request-${numbered(n)}`,
      acceptedAt: at,
      lsk: `${timeKey(at)}#${id}`,
    };
    return headItem({ ...model, ...own, state });
  });
  await putAll(tables, 'requests', heads);

  const parties = { company: company.id, provider: provider.id, queue, round, isRoundClosed: false };
  for (const [n, request] of ids.entries()) {
    const drawn = {
      request,
      outcome: n < RARE ? ('assumed' as const) : ('confirmed' as const),
      route: 'slot' as const,
      priceMicros: 2_000_000 + n,
      bidMicros: 1_800_000,
      offeredBidMicros: 1_800_000,
      feeBps: 500,
      assumedRateBps: 6_000,
    };
    await postCharge({ ...call, now: now - (rows - n) * 20 }, drawn, parties);
  }
  await flush('ledger');
  // Entries that were laid woke nobody who adds them up.
  const all = { entries: Number.MAX_SAFE_INTEGER };
  await trialBalance({ tables, now }, period, 'USD', all);
  await ownBalances({ tables, now }, company.id, period, null, all);

  const webhook = await layDeliveries(company.client, company.id, now, rows, async (all) =>
    putAll(tables, 'market', all),
  );

  for (let n = 0; n < rows; n++) {
    const about = {
      tenant: company.id,
      user: 'key:long',
      email: null,
      action: 'putBudget',
      params: {},
      content: `${n}`,
    };
    await beginRecord({ ...call, now: now - (rows - n) * 20 }, { ...about, call: `call-${numbered(n)}` });
    Object.assign(items.at(-1)!, { status: 200, code: null });
  }
  await flush('market');

  const imported = await createImport({ tables, now }, company.id, IMPORT, 'key:long', 'long');
  await tables.update('market', importKey(imported.id), {
    set: { state: 'done', counts: { ...imported.counts, seen: rows, refused: rows }, startedAt: now, endedAt: now },
  });
  await putAll(
    tables,
    'requests',
    Array.from({ length: rows }, (_, n) => ({ ...errorsKey(imported.id, n + 1), errors: [refusedRow(n + 1)] })),
  );

  const reconciliation = await layBreaks(now, rows, company.id, async (all) => putAll(tables, 'ledger', all));

  const signIn = { email: 'finance@market.example', market: ['market.finance' as const] };
  await dataOf(createParley({ baseUrl: marketplace.baseUrl }).POST('/dev/sign-in', { body: signIn }));

  const month = `period=${period}&currency=USD`;
  return {
    baseUrl: marketplace.baseUrl,
    company: company.email,
    market: signIn.email,
    paths: {
      requests: `/requests?queue=${queue}&round=${round}`,
      charges: `/charges?${month}`,
      notBilled: `/not-billed?round=${encodeURIComponent(`${queue}#${round}`)}`,
      account: `/accounts/1100?${month}`,
      audit: `/audit-trail?${month}`,
      deliveries: `/webhooks/${webhook}`,
      imported: `/imports/${encodeURIComponent(imported.id)}`,
      breaks: `/reconciliations/${encodeURIComponent(reconciliation)}`,
      trialBalance: `/trial-balance?${month}`,
    },
    stop: () => bench.stop(),
  };
}

const question = (externalId: string, queue: string) => ({
  externalId,
  queue,
  customer: 'customer@mail.example',
  text: 'Where is my order?',
  fields: {},
});

/** An endpoint at which nobody listens, with what was sent to it. */
async function layDeliveries(
  client: Parley,
  tenant: string,
  now: number,
  rows: number,
  put: (items: Item[]) => Promise<void>,
): Promise<string> {
  const body = { url: 'http://127.0.0.1:9/long', events: ['request.resolved' as const] };
  const webhook = await dataOf(client.POST('/v1/webhooks', { body }));
  await put(
    Array.from({ length: rows }, (_, n): Delivery => {
      const at = now - (rows - n) * 20;
      const event = `ev_${numbered(n)}`;
      return {
        pk: deliveryPartition(tenant, webhook.id),
        sk: `${timeKey(at)}#${event}`,
        tenant,
        endpoint: webhook.id,
        event,
        type: 'request.resolved',
        subject: `request-${numbered(n)}`,
        body: '{}',
        state: n < RARE ? 'dead' : 'delivered',
        createdAt: at,
        failures: 0,
        attempts: [],
      };
    }),
  );
  return webhook.id;
}

const IMPORT = { name: 'long.csv', format: 'csv' as const, encoding: 'utf-8' as const };
const refusedRow = (row: number) => ({
  row,
  line: row + 1,
  code: 'invalid_request',
  detail: 'text is missing',
  errors: [],
  content: `request-${numbered(row)},,`,
});

/** A reconciliation that is over, with all its breaks. */
async function layBreaks(
  now: number,
  rows: number,
  party: string,
  put: (items: Item[]) => Promise<void>,
): Promise<string> {
  const day = dayOf(now);
  const id = `${day}.${timeKey(now)}`;
  const run: Reconciliation = {
    id,
    day,
    state: 'done',
    startedAt: iso(now),
    finishedAt: iso(now),
    askedBy: null,
    compared: [{ comparison: 'invoices', subjects: rows }],
    breaks: rows,
    serious: rows,
    stopsClose: true,
  };
  await put([{ ...reconciliationKey(id), ...run, ppk: 'reconciliations', psk: `${day}#${timeKey(now)}` }]);
  await put(
    Array.from({ length: rows }, (_, n) => ({
      pk: `RC#${id}`,
      sk: `B#0#USD#invoice-${numbered(n)}`,
      comparison: 'invoices',
      kind: 'amount_differs',
      subject: `invoice-${numbered(n)}`,
      currency: 'USD',
      ledger: 1_000_000 + n,
      stripe: 1_000_000,
      done: ['fetched_again'],
      party,
    })),
  );
  return id;
}
