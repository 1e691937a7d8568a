/** The demo's books over the API, for journeys that look at money. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createParley, dataOf, type Parley } from '../../../shared/client/client.ts';
import { allItems } from '../../../shared/client/pages.ts';
import type { Invoice } from '../../../shared/invoice/invoice.ts';
import { fromIso, iso, MINUTE, monthOf } from '../../../shared/kernel/time.ts';
import type { Charge } from '../../../shared/ledger/ledger.ts';
import { monthBefore } from '../../../shared/ledger/period.ts';

const STEP_MS = 15 * MINUTE;
const MOST_STEPS = 40;

/** A client for somebody of the demo, acting for their one organisation. */
export async function clientOf(baseUrl: string, email: string): Promise<Parley> {
  const signedIn = await dataOf(createParley({ baseUrl }).POST('/dev/sign-in', { body: { email } }));
  return createParley({ baseUrl, token: signedIn.token });
}

/** Closes every month that is over, as two people do, and moves the clock as far as that takes. */
export async function closeMonths(baseUrl: string): Promise<void> {
  const [maker, approver] = await Promise.all(
    ['maker@market.example', 'approver@market.example'].map((email) => clientOf(baseUrl, email)),
  );
  const last = monthBefore(monthOf(await nowOf(baseUrl)));
  for (let step = 0; step < MOST_STEPS; step++) {
    const { items } = await dataOf(maker!.GET('/v1/closes'));
    const [newest] = items;
    if (newest?.state === 'done' && newest.period >= last) return;
    const period = newest === undefined || newest.state !== 'done' ? (newest?.period ?? last) : nextOf(newest.period);
    const close = await dataOf(maker!.POST('/v1/closes', { body: { period } }));
    if (close.state === 'approve')
      await dataOf(approver!.POST('/v1/closes/{period}/approve', { params: { path: { period } } }));
    await advance(baseUrl, STEP_MS);
  }
  throw new Error(`the months through ${last} were not closed`);
}

const nextOf = (period: string): string => monthOf(fromIso(`${period}-28T00:00:00.000Z`) + 5 * 24 * 60 * MINUTE);
const nowOf = async (baseUrl: string): Promise<number> =>
  fromIso((await dataOf(createParley({ baseUrl }).GET('/v1/test-clock'))).now);

async function advance(baseUrl: string, ms: number): Promise<void> {
  const to = iso((await nowOf(baseUrl)) + ms);
  await dataOf(createParley({ baseUrl }).POST('/v1/test-clock/advance', { body: { to } }));
}

/** A company's newest final invoice, and a charge that it bills and nobody has disputed. */
export async function invoicedCharge(company: Parley): Promise<{ invoice: Invoice; charge: Charge }> {
  const query = { limit: 100 };
  const { items } = await dataOf(company.GET('/v1/invoices', { params: { query } }));
  const invoice = items.find(({ finalizedAt }) => finalizedAt !== null);
  if (invoice === undefined) throw new Error('the demo has no invoice that is final');
  const disputes = await dataOf(company.GET('/v1/disputes', { params: { query } }));
  const disputed = new Set(disputes.items.map(({ request }) => request));
  const charges = await allItems((cursor) =>
    dataOf(company.GET('/v1/charges', { params: { query: { period: invoice.period, cursor } } })),
  );
  const charge = charges.find(({ request }) => !disputed.has(request));
  if (charge === undefined) throw new Error(`every charge of ${invoice.period} is disputed`);
  return { invoice, charge };
}

/** Asks until there is an answer, so long at the most. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, mostMs = 45_000): Promise<T> {
  const end = Date.now() + mostMs;
  while (Date.now() < end) {
    const found = await ask();
    if (found !== undefined) return found;
    await sleep(500);
  }
  throw new Error(`${what} did not come within ${mostMs} ms`);
}
