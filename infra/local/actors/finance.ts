/**
 * The market's two finance people, and companies that pay invoices by themselves: one person begins the close of each month
 * and the other approves it, one approves what providers are paid, and both see to it that all is paid in the end.
 */
import type { Parley } from '../../../shared/client/client.ts';
import { allItems } from '../../../shared/client/pages.ts';
import type { Invoice } from '../../../shared/invoice/invoice.ts';
import { DAY, dayOf, fromIso, HOUR, MINUTE, monthOf, nextPeriodStart } from '../../../shared/kernel/time.ts';
import { ask, inParallel } from './calls.ts';
import { noteDisputes } from './disputes.ts';
import { paysAt } from './payers.ts';
import { press, stripePage } from './stripe-page.ts';
import { surprise, type World } from './world.ts';

/** A month's close is begun so long after its end. */
const CLOSES_AFTER_MS = 2 * HOUR;
/** While a close goes on by itself it is looked at each hour, and once a day where it takes longer than a day. */
const LOOK_MS = HOUR;
const MOST_HOURLY_LOOKS = 24;
/** The market proposes payouts on Mondays at 6:00; they are approved at noon. */
const APPROVES_AT_MS = 12 * HOUR;

/** The market pays for a month's charges 45 days after its end at the latest; then the next Monday's run is the last. */
const LAST_PAY_MS = 45 * DAY;

const startOf = (month: string): number => fromIso(`${month}-01T00:00:00.000Z`);
export const endOf = (month: string): number => nextPeriodStart(startOf(month), 'month');
const monthAfter = (month: string): string => monthOf(endOf(month));
const nextMonday = (after: number): number => nextPeriodStart(after, 'week');

/** Notes the first close and the first approval of payouts; after an interruption, also the invoices that are to be paid. */
export async function beginFinance(world: World): Promise<void> {
  const first = world.arrivals[0];
  if (first === undefined) return;
  world.agenda.note(nextMonday(world.time.now()) + APPROVES_AT_MS, { kind: 'approve payouts' });
  const closes = await listCloses(world);
  const newest = closes[0];
  const month =
    newest === undefined ? monthOf(first.at) : newest.state === 'done' ? monthAfter(newest.period) : newest.period;
  world.agenda.note(Math.max(world.time.now(), endOf(month) + CLOSES_AFTER_MS), {
    kind: 'close month',
    month,
    looks: 0,
  });
  for (const close of closes.filter(({ state }) => state === 'done').slice(0, MONTHS_PAID_LATER))
    await notePayments(world, close.period);
}
/** Whoever pays by invoice has paid so many months after its close, however late. */
const MONTHS_PAID_LATER = 3;

export async function listCloses(world: World) {
  const maker = await world.directory.finance('maker');
  return (await ask('list the closes', () => maker.GET('/v1/closes'))).items;
}

/** Takes the close of a month as far as people must: begun by one, approved by the other, looked at until it is done. */
export async function closeMonth(world: World, month: string, looks: number): Promise<void> {
  const [maker, approver] = [await world.directory.finance('maker'), await world.directory.finance('approver')];
  try {
    const body = { period: month };
    let close = await ask(`close ${month}`, () => maker.POST('/v1/closes', { body }));
    if (close.state === 'approve')
      close = await ask(`approve ${month}`, () =>
        approver.POST('/v1/closes/{period}/approve', { params: { path: { period: month } } }),
      );
    if (close.state === 'done') {
      const next = monthAfter(month);
      world.agenda.note(endOf(next) + CLOSES_AFTER_MS, { kind: 'close month', month: next, looks: 0 });
      if (world.disputes) await noteDisputes(world, month);
      return await notePayments(world, month);
    }
  } catch (error) {
    surprise(world, 'close a month', error);
  }
  const wait = looks < MOST_HOURLY_LOOKS ? LOOK_MS : DAY;
  world.agenda.note(world.time.now() + wait, { kind: 'close month', month, looks: looks + 1 });
}

/** All invoices of a month's close. */
export async function invoicesOf(maker: Parley, period: string): Promise<Invoice[]> {
  const items = await allItems((cursor) =>
    ask(`list the invoices of ${period}`, () =>
      maker.GET('/v1/closes/{period}/invoices', { params: { path: { period }, query: { limit: 100, cursor } } }),
    ),
  );
  return items.map(({ invoice }) => invoice);
}

/** Notes when those pay who are not charged automatically. */
async function notePayments(world: World, month: string): Promise<void> {
  const invoices = await invoicesOf(await world.directory.finance('maker'), month);
  const members = await world.directory.companies();
  for (const invoice of invoices) {
    if (invoice.collectionMethod !== 'send_invoice' || invoice.state !== 'open') continue;
    const company = members.find(({ id }) => id === invoice.company)?.name;
    if (company === undefined)
      throw new Error(`nobody here acts for ${invoice.company}, which is to pay ${invoice.id}`);
    const at = Math.max(world.time.now(), paysAt(world.draw, company, invoice));
    world.agenda.note(at, { kind: 'pay invoice', company, invoice: invoice.id });
  }
}

/** The company pays on the invoice's page at Stripe, with a card of its own. */
export async function payInvoice(world: World, name: string, id: string): Promise<void> {
  const { client } = await world.directory.company(name);
  const params = { path: { invoice: id } };
  const invoice = await ask('read an invoice', () => client.GET('/v1/invoices/{invoice}', { params }));
  if (invoice.state !== 'open' || invoice.stripeInvoice === null) return;
  const portal = await ask('open the portal', () => client.POST('/v1/billing-profile/portal'));
  const paid = { invoice: invoice.stripeInvoice, payment_method: 'pm_card_visa' };
  try {
    await press(stripePage(portal.url).origin, 'pay_invoice', paid);
  } catch (error) {
    surprise(world, 'pay an invoice', error);
  }
}

/** The other person approves what is proposed to be paid; the market has made the run, or the first person has. */
export async function approvePayouts(world: World): Promise<void> {
  world.agenda.note(nextMonday(world.time.now()) + APPROVES_AT_MS, { kind: 'approve payouts' });
  await approveProposed(world);
}

async function approveProposed(world: World): Promise<void> {
  const approver = await world.directory.finance('approver');
  const { items } = await ask('list payout runs', () =>
    approver.GET('/v1/payout-runs', { params: { query: { limit: 20 } } }),
  );
  for (const { run, state } of items.toReversed()) {
    const params = { path: { run } };
    try {
      if (state === 'proposed')
        await ask(`approve ${run}`, () => approver.POST('/v1/payout-runs/{run}/approval', { params }));
      if (state === 'approved') await topUp(world, await waitingIn(approver, run));
    } catch (error) {
      surprise(world, 'approve a payout run', error);
    }
  }
}

/** What of a run waits for money at Stripe. */
async function waitingIn(approver: Parley, run: string): Promise<number> {
  const lines = await allItems((cursor) =>
    ask('list a payout run', () =>
      approver.GET('/v1/payout-runs/{run}/lines', { params: { path: { run }, query: { limit: 100, cursor } } }),
    ),
  );
  return lines.filter(({ state }) => state === 'waiting').reduce((sum, { amountMicros }) => sum + amountMicros, 0);
}

/** Stripe's fees and the pools' deficits are the market's: where its money at Stripe is short, it adds its own. */
async function topUp(world: World, micros: number): Promise<void> {
  const [provider] = world.providers.values();
  if (micros === 0 || provider === undefined) return;
  const { url } = await ask('open the payout account', () => provider.member.client.POST('/v1/payout-account/link'));
  const amount = Math.ceil(micros / MICROS_PER_CENT);
  await press(stripePage(url).origin, 'move_balance', { type: 'topup', amount, currency: 'usd' });
}
const MICROS_PER_CENT = 10_000;

/** When the books of all that was charged by now can be at rest: all months closed, all collected, all paid out. */
export const booksRestAt = (now: number): number =>
  nextMonday(endOf(monthOf(now)) + LAST_PAY_MS) + APPROVES_AT_MS + DAY;

/** The first person has a last run made, beside the market's own; the other approves it; both wait until it is paid. */
export async function lastPayoutRun(world: World): Promise<void> {
  const maker = await world.directory.finance('maker');
  const headers = { 'Idempotency-Key': `last-payout-run:${monthOf(world.time.now())}` };
  const { run } = await ask('make a payout run', () => maker.POST('/v1/payout-runs', { headers }));
  for (let look = 0; look < MOST_LOOKS; look++) {
    await world.time.reach(world.time.now() + 5 * MINUTE);
    const params = { path: { run } };
    const { state } = await ask('read a payout run', () => maker.GET('/v1/payout-runs/{run}', { params }));
    if (state === 'proposed') await approveProposed(world);
    else if (state !== 'collecting' && state !== 'approved') return;
  }
  // A payout that waits for money keeps its run approved: the report shows it.
}
const MOST_LOOKS = 12;

/** Has the ledger compared with Stripe, from the day of the first request on; answers it when it is done, with its first breaks. */
export async function reconcileNow(world: World) {
  const maker = await world.directory.finance('maker');
  const day = dayOf(world.arrivals[0]?.at ?? world.time.now());
  const { id } = await ask('reconcile', () => maker.POST('/v1/reconciliations', { body: { day } }));
  for (let look = 0; ; look++) {
    await world.time.reach(world.time.now() + MINUTE);
    const params = { path: { reconciliation: id } };
    const run = await ask('read the reconciliation', () =>
      maker.GET('/v1/reconciliations/{reconciliation}', { params }),
    );
    if (run.state === 'running' && look < MOST_LOOKS) continue;
    const breaks = await ask('read its breaks', () =>
      maker.GET('/v1/reconciliations/{reconciliation}/breaks', { params }),
    );
    return { ...run, found: breaks.items };
  }
}

/** Lets all companies of a demand act, so that they can pay what they were billed before an interruption. */
export async function wakeCompanies(world: World): Promise<void> {
  const names = new Set(world.arrivals.slice(0, world.nextArrival).map(({ company }) => company));
  await inParallel([...names], async (name) => void (await world.directory.company(name)));
}
