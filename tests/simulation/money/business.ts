/**
 * What happens between companies, providers, the market's people and Stripe: one event at a time, drawn by dice from what
 * stands at the day's begin. In a day nothing is touched twice, so that what goes wrong on the way may change the order in
 * which things are done, and must not change what comes of them.
 */
import { ensureCustomer } from '../../../shared/billing-profile/customer.store.ts';
import { approveOrder, enterOrder } from '../../../shared/cash/order.store.ts';
import type { CashOrderInput } from '../../../shared/cash/order.ts';
import { writeOff } from '../../../shared/credit/dunning.store.ts';
import { change, openDispute } from '../../../shared/dispute/dispute.store.ts';
import { answer, type Dispute, decide, takeOffer, withdraw } from '../../../shared/dispute/dispute.ts';
import { advanceDispute } from '../../../shared/dispute/sweep.store.ts';
import { isOverdue } from '../../../shared/invoice/dunning.ts';
import type { Invoice } from '../../../shared/invoice/invoice.ts';
import { creditLateResolution } from '../../../shared/invoice/sla-credit.store.ts';
import { voidInvoice } from '../../../shared/invoice/void.store.ts';
import { microsOfCents, shareBps } from '../../../shared/kernel/money.ts';
import { DAY, HOUR, iso, MINUTE } from '../../../shared/kernel/time.ts';
import { chargeEvent, post } from '../../../shared/ledger/ledger.store.ts';
import type { EntryView } from '../../../shared/ledger/ledger.ts';
import { chargeLegs, rate } from '../../../shared/ledger/postings/charge.ts';
import { readRound } from '../../../shared/queue/queue.store.ts';
import { payCredit } from '../../../shared/refund/pay.store.ts';
import { askCreditPayout, declineRefund, releaseRefund } from '../../../shared/refund/refund.store.ts';
import type { Refund } from '../../../shared/refund/refund.ts';
import { must } from '../../support/round.ts';
import { COMPANIES, PROVIDERS, type TestQueue } from './parties.ts';
import type { Standing } from './standing.ts';
import type { MoneyWorld } from './world.ts';

/** What an event may use: the draw, what stands, and what this day has touched. */
export type Day = {
  world: MoneyWorld;
  queues: readonly TestQueue[];
  /** The month's place, from 1: the number of its rounds. */
  month: number;
  upTo: (n: number) => number;
  standing: Standing;
  touched: Set<string>;
  /** Names things in order. */
  name: () => string;
};
type Event = (day: Day) => Promise<boolean>;

const pick = <T>(day: Day, from: readonly T[]): T | undefined => from[day.upTo(from.length)];

/** Takes one that nobody touched today; null where none is left. */
function take<T>(day: Day, from: readonly T[], keyOf: (one: T) => string): T | undefined {
  const one = pick(
    day,
    from.filter((candidate) => !day.touched.has(keyOf(candidate))),
  );
  if (one !== undefined) day.touched.add(keyOf(one));
  return one;
}

/** Several resolutions settle, now and then of a round that has closed already. */
export const charges: Event = async (day) => {
  const { world, upTo } = day;
  const company = pick(day, COMPANIES);
  const queue = day.queues.find(({ currency }) => currency === company?.currency);
  if (company === undefined || queue === undefined) return false;
  const number = day.month > 1 && upTo(6) === 0 ? day.month - 1 : day.month;
  const round = await readRound(world.engine.tables, queue.id, number, { consistent: true });
  for (let count = 2 + upTo(7); count > 0; count--) {
    const request = `${company.id}.${day.name().padStart(22, '0')}`;
    const provider = PROVIDERS[upTo(PROVIDERS.length)] ?? PROVIDERS[0];
    const [bidMicros, fullMicros] = [500_000 + upTo(7_000_000), 600_000 + upTo(8_000_000)];
    const outcome = upTo(4) === 0 ? ('assumed' as const) : ('confirmed' as const);
    const route = upTo(4) === 0 ? ('overflow' as const) : ('slot' as const);
    const offeredBidMicros = route === 'overflow' ? 500_000 + upTo(7_000_000) : null;
    const rated = rate({
      outcome,
      route,
      priceMicros: fullMicros,
      bidMicros,
      offeredBidMicros,
      feeBps: 500,
      assumedRateBps: 6_000,
    });
    const parties = { company: company.id, provider, queue: queue.id, round: number };
    const lease = `48-72.${world.now}.0.${request}.${'l'.repeat(22)}`;
    await world.insist('charge', (call) =>
      post(call, {
        event: chargeEvent(request),
        kind: 'charge',
        occurredAt: day.standing.at,
        currency: queue.currency,
        company: company.id,
        provider,
        legs: chargeLegs(rated, { ...parties, isRoundClosed: round?.closedAt != null }),
        facts: { ...parties, request, outcome, route, lease, fullMicros, ...rated },
      }),
    );
  }
  return true;
};

/** A resolution turns out late, before or after its charge was invoiced. */
export const lateResolution: Event = async (day) => {
  const { standing, world } = day;
  const charge = take(
    day,
    standing.charges.filter(
      (one) =>
        !standing.disputed.has(requestOf(one)) && !standing.credited.has(requestOf(one)) && quietInvoice(day, one),
    ),
    requestOf,
  );
  if (charge === undefined || !(await lockInvoice(day, charge))) return false;
  const { facts } = charge;
  const credit = shareBps(Number(facts.priceMicros), 1_000);
  const providerMicros = Math.min(credit, shareBps(Number(facts.bidMicros), 1_000));
  await world.insist('sla', (call) =>
    creditLateResolution(call, {
      request: requestOf(charge),
      company: String(facts.company),
      provider: String(facts.provider),
      queue: String(facts.queue),
      round: Number(facts.round),
      currency: charge.currency,
      period: charge.period,
      outcome: facts.outcome === 'assumed' ? 'assumed' : 'confirmed',
      route: facts.route === 'overflow' ? 'overflow' : 'slot',
      occurredAt: standing.at,
      providerMicros,
      marketMicros: credit - providerMicros,
      deadline: iso(standing.at - DAY),
      resolvedAt: iso(standing.at - HOUR),
    }),
  );
  return true;
};

export const requestOf = ({ facts }: EntryView): string => String(facts.request);

/** Whether the invoice that bills a charge, if any, has no chargeback and was touched by nobody. */
function quietInvoice({ standing, touched }: Day, charge: EntryView): boolean {
  const invoice = standing.invoiceOf(charge);
  return invoice === null || (!touched.has(invoice) && !standing.chargedBack.has(invoice));
}

/** Claims are many on one invoice; with payments they are not mixed in one day. */
async function lockInvoice(day: Day, charge: EntryView): Promise<boolean> {
  const invoice = day.standing.invoiceOf(charge);
  if (invoice !== null) day.touched.add(`claims ${invoice}`);
  return true;
}

/** A company disputes a charge, in whole or in part, for credit or for its money back. */
export const dispute: Event = async (day) => {
  const { standing, world, upTo } = day;
  const charge = take(
    day,
    standing.charges.filter((one) => !standing.disputed.has(requestOf(one)) && quietInvoice(day, one)),
    requestOf,
  );
  if (charge === undefined || !(await lockInvoice(day, charge))) return false;
  const share = upTo(2) === 0 ? { bps: 10_000 } : { bps: 1 + upTo(9_999) };
  const input = {
    reason: { code: 'came_back' as const, text: '' },
    share,
    wants: upTo(3) === 0 ? ('refund' as const) : ('credit' as const),
  };
  const opened = await world.insist('dispute', (call) =>
    openDispute(call, String(charge.facts.company), 'ada', requestOf(charge), input),
  );
  // Its window may have passed, or its invoice be written off.
  return opened.ok;
};

/** A dispute goes on: an answer, an offer that is taken, a decision, or it is taken back. */
export const disputeGoesOn: Event = async (day) => {
  const { standing, upTo } = day;
  const open = standing.disputes.filter(
    (one) => one.ended === null && (one.invoice === null || quietName(day, one.invoice)),
  );
  const one = take(day, open, ({ request }) => request);
  if (one === undefined) return false;
  if (one.invoice !== null) day.touched.add(`claims ${one.invoice}`);
  const now = standing.at;
  const does = upTo(4);
  if (does === 0) return say(day, one, (found) => withdraw(found, 'ada', now));
  if (one.state === 'open') {
    const statement = 'It was another case.';
    const said = [
      { answer: 'accept' as const },
      { answer: 'accept_part' as const, bps: 100, statement },
      { answer: 'contest' as const, statement },
    ][does - 1] ?? { answer: 'accept' as const };
    return say(day, one, (found) => answer(found, said, 'bob', now));
  }
  if (does === 1 && one.answer?.offered !== null) return say(day, one, (found) => takeOffer(found, 'ada', now));
  const decision =
    does === 2
      ? { outcome: 'reject' as const, reason: 'The receipt shows it.' }
      : { outcome: 'accept' as const, reason: 'It is the same case.' };
  return say(day, one, (found) => decide(found, decision, 'olga', now));
};

const quietName = ({ standing, touched }: Day, invoice: string): boolean =>
  !touched.has(invoice) && !standing.chargedBack.has(invoice);

async function say({ world }: Day, { id }: Dispute, command: Parameters<typeof change>[2]): Promise<boolean> {
  const done = await world.insist('dispute', (call) => change(call, id, command, 'answered'));
  // The handler goes on at once with what needs no Stripe; where that fails the sweep does it.
  if (done.ok) await world.insist('dispute', async ({ stripe: _none, ...call }) => advanceDispute(call, id));
  return done.ok;
}

/** Another person releases what a dispute gives back in money, or declines it. */
export const refundDecided: Event = async (day) => {
  const { standing, upTo, world } = day;
  const asked = standing.refunds.filter(({ state, invoice }) => state === 'asked' && quietName(day, invoice));
  const refund = take(day, asked, ({ id }) => id);
  if (refund === undefined) return false;
  day.touched.add(`claims ${refund.invoice}`);
  return decideRefund(world, refund, upTo(3));
};

async function decideRefund(world: MoneyWorld, refund: Refund, way: number): Promise<boolean> {
  if (way === 0) return (await world.insist('refund', (call) => declineRefund(call, refund.id, 'second'))).ok;
  const input = way === 1 ? { way: 'stripe' as const } : { way: 'bank' as const, bankReference: 'SEPA 1' };
  const released = await world.insist('refund', (call) => releaseRefund(call, refund.id, 'second', input));
  if (!released.ok) return false;
  const going = refund.kind === 'credit';
  await world.insist('refund', (call) => (going ? payCredit(call, refund.id) : advanceDispute(call, refund.id)));
  return true;
}

/** A company's credit is paid out: one person asks, another releases. */
export const creditPaidOut: Event = async (day) => {
  const { standing, upTo, world } = day;
  const paid = standing.invoices.filter(
    ({ id, state, company }) => state === 'paid' && quietName(day, id) && (standing.creditOf.get(company) ?? 0) > 0,
  );
  const invoice = take(day, paid, ({ company }) => company);
  if (invoice === undefined || day.touched.has(`claims ${invoice.id}`)) return false;
  day.touched.add(invoice.id);
  const micros = standing.creditOf.get(invoice.company) ?? 0;
  const asked = await world.insist('refund', (call) =>
    askCreditPayout(call, 'maker', { invoice: invoice.id, micros, reason: 'The company asked for it.' }),
  );
  return asked.ok && decideRefund(world, asked.value, 1 + upTo(2));
};

/** An invoice that no claim is on, and nobody touched today. */
function takeInvoice(day: Day, fits: (invoice: Invoice) => boolean): Invoice | undefined {
  const { standing, touched } = day;
  const free = standing.invoices.filter(
    (one) => fits(one) && !touched.has(`claims ${one.id}`) && !standing.claimed.has(one.id),
  );
  return take(day, free, ({ id }) => id);
}

/** People at Stripe's pages: what Stripe refuses them did not happen. */
async function atStripe(work: () => unknown): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Error && /Stripe/.test((error as { type?: string }).type ?? error.constructor.name))
      return false;
    throw error;
  }
}

/** A company pays an invoice by a card, on its page. */
export const paidByCard: Event = async (day) => {
  const { world, upTo } = day;
  const invoice = takeInvoice(day, ({ state }) => state === 'open');
  if (invoice === undefined) return false;
  const customer = must(await ensureCustomer(world.looking(), invoice.company));
  const card = ['pm_card_visa', 'pm_card_bypassPending', 'pm_card_chargeCustomerFail'][upTo(3)] ?? 'pm_card_visa';
  const { id } = await world.test.stripe.paymentMethods.attach(card, { customer });
  return atStripe(() => world.test.stripe.invoices.pay(invoice.stripeInvoice ?? '', { payment_method: id }));
};

/** A payment that came to the bank: a part of an invoice, all of it, or too much; also of one that was written off. */
export const paidOutside: Event = async (day) => {
  const invoice = takeInvoice(day, ({ state }) => state === 'open' || state === 'uncollectible');
  if (invoice === undefined) return false;
  const part = [3_000, 10_000, 12_000][day.upTo(3)] ?? 10_000;
  const amountMicros = Math.max(10_000, microsOfCents(Math.floor((invoice.remainingMicros * part) / 10_000 / 10_000)));
  const receivedAt = iso(day.standing.at - HOUR);
  return ordered(day, { kind: 'outside_payment', invoice: invoice.id, amountMicros, receivedAt, reference: 'SEPA 7' });
};

/** Money of the market's own leaves for its bank, as far as it may. */
export const bankPayout: Event = async (day) => {
  const currency = day.upTo(2) === 0 ? ('USD' as const) : ('EUR' as const);
  if (day.touched.has(`bank ${currency}`)) return false;
  day.touched.add(`bank ${currency}`);
  return ordered(day, {
    kind: 'bank_payout',
    currency,
    amountMicros: microsOfCents(100 + day.upTo(9_00)),
    note: 'Rent',
  });
};

async function ordered(day: Day, order: CashOrderInput): Promise<boolean> {
  const id = `order-${day.name()}`;
  const entered = await day.world.insist('order', (call) => enterOrder(call, id, order, 'maker'));
  if (!entered.ok) return false;
  must(await day.world.insist('order', (call) => approveOrder(call, id, 'checker')));
  return true;
}

/** A bank takes a payment back. */
export const chargeback: Event = async (day) => {
  const { standing, world } = day;
  const invoice = takeInvoice(day, ({ id, state }) => state === 'paid' && !standing.chargedBack.has(id));
  if (invoice === undefined) return false;
  return atStripe(() => world.test.switches.act('chargeback', { invoice: invoice.stripeInvoice }));
};

/** A bank decides a chargeback. */
export const chargebackDecided: Event = async (day) => {
  const { standing, upTo, world } = day;
  const one = take(day, standing.chargebacks, ({ id }) => id);
  if (one === undefined || day.touched.has(`claims ${one.invoice}`)) return false;
  day.touched.add(one.invoice);
  const name = upTo(2) === 0 ? 'win_dispute' : 'lose_dispute';
  return atStripe(() => world.test.switches.act(name, { dispute: one.id }));
};

/** Two people write an overdue invoice off. */
export const writtenOff: Event = async (day) => {
  const { world, standing } = day;
  const invoice = takeInvoice(day, (one) => one.state === 'open' && isOverdue(one, standing.at));
  if (invoice === undefined) return false;
  await world.insist('write-off', (call) => writeOff(call, 'maker', invoice.id));
  return (await world.insist('write-off', (call) => writeOff(call, 'checker', invoice.id))).ok;
};

/** An open invoice is made void: the next month's bills it again. */
export const voided: Event = async (day) => {
  const invoice = takeInvoice(day, ({ state }) => state === 'open');
  if (invoice === undefined) return false;
  return (await day.world.insist('void', (call) => voidInvoice(call, invoice.id))).ok;
};

/** Stripe takes its fee. */
export const stripeFee: Event = async ({ world, upTo }) =>
  atStripe(() => world.test.switches.act('stripe_fee', { amount: 1 + upTo(300), currency: 'usd' }));

/** A little time passes. */
export const timePasses: Event = async ({ world, upTo }) => {
  await world.advance(world.now + (1 + upTo(3)) * 10 * MINUTE);
  return true;
};

/** How often each is drawn. */
const WEIGHTS: readonly (readonly [name: string, event: Event, weight: number])[] = [
  ['charges', charges, 6],
  ['late resolution', lateResolution, 3],
  ['dispute', dispute, 5],
  ['dispute goes on', disputeGoesOn, 5],
  ['refund decided', refundDecided, 3],
  ['credit paid out', creditPaidOut, 2],
  ['paid by card', paidByCard, 2],
  ['paid outside', paidOutside, 3],
  ['bank payout', bankPayout, 1],
  ['chargeback', chargeback, 3],
  ['chargeback decided', chargebackDecided, 3],
  ['written off', writtenOff, 2],
  ['voided', voided, 1],
  ['stripe fee', stripeFee, 1],
  ['time passes', timePasses, 2],
];
const BAG = WEIGHTS.flatMap(([name, event, weight]) => Array.from({ length: weight }, () => [name, event] as const));

/** Of what is drawn much cannot happen just then: so often it is drawn again. */
const MOST_DRAWS = 8;

/** One event; answers what it was, null where nothing that was drawn could happen. */
export async function happen(day: Day): Promise<string | null> {
  for (let draw = 0; draw < MOST_DRAWS; draw++) {
    const [name, event] = pick(day, BAG) ?? ['charges', charges];
    if (await event(day)) return name;
  }
  return null;
}
