/**
 * What companies claim back and what banks take back, by processes that die at every call they make, to the table or to
 * Stripe, before it arrives or with its answer lost: whoever asked asks again, and it happens once and whole.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredProfile } from '../../shared/billing-profile/billing-profile.store.ts';
import { ensureCustomer } from '../../shared/billing-profile/customer.store.ts';
import { settleChargeback } from '../../shared/cash/chargeback.store.ts';
import { idOf } from '../../shared/cash/stripe-object.ts';
import { settlePayment } from '../../shared/cash/transaction.store.ts';
import { writeOff } from '../../shared/credit/dunning.store.ts';
import { change, openDispute } from '../../shared/dispute/dispute.store.ts';
import { answer, decide } from '../../shared/dispute/dispute.ts';
import { advanceDispute } from '../../shared/dispute/sweep.store.ts';
import { draftMonth } from '../../shared/invoice/draft.store.ts';
import { changeInvoice, readInvoice, savePlan } from '../../shared/invoice/invoice.store.ts';
import { runInvoice } from '../../shared/invoice/run.store.ts';
import { creditLateResolution } from '../../shared/invoice/sla-credit.store.ts';
import { sweepSlaCredits } from '../../shared/invoice/sla-credit-sweep.store.ts';
import { syncInvoice } from '../../shared/invoice/sync.store.ts';
import { voidInvoice } from '../../shared/invoice/void.store.ts';
import { timeKey } from '../../shared/kernel/id.ts';
import { DAY, HOUR, iso, MINUTE } from '../../shared/kernel/time.ts';
import { allEntries, chargeEvent, post } from '../../shared/ledger/ledger.store.ts';
import { chargeLegs } from '../../shared/ledger/postings/charge.ts';
import { organisationKey } from '../../shared/organisation/organisation.store.ts';
import { createQueue } from '../../shared/queue/queue.store.ts';
import { payCredit } from '../../shared/refund/pay.store.ts';
import { askCreditPayout, releaseRefund } from '../../shared/refund/refund.store.ts';
import type { StripeCall } from '../../shared/stripe-call/stripe-call.store.ts';
import { CashWorld } from '../support/cash.ts';
import { dying, isTried, untilDead, type When } from '../support/dying.ts';
import { must, TERMS } from '../support/round.ts';

const JANUARY = '2026-01';
const PROVIDER = 'pr_claims1';
/** P = b + f, in micro-units: 42.00 = 40.00 + 2.00. */
const RATED = { priceMicros: 42_000_000, bidMicros: 40_000_000, feeMicros: 2_000_000, poolMicros: 0 };
const [P, B, F] = [42_00, 40_00, 2_00];
/** One call in so many is tried in `npm test`. */
const EVERY = 23;

let world: CashWorld;
let queue: string;
beforeAll(async () => {
  world = await CashWorld.open('claims');
  const serviceClass = {
    category: 'claims',
    channel: 'Web' as const,
    language: 'en-US',
    region: 'US',
    slaTier: 'standard' as const,
  };
  queue = must(await createQueue(world.call(), { serviceClass, currency: 'USD', terms: TERMS })).queue.id;
  await register(PROVIDER, 'provider');
  await world.test.stripe.topups.create({ amount: 9_000_00, currency: 'usd' });
});
afterAll(() => world.stop());

async function register(id: string, kind: 'company' | 'provider'): Promise<void> {
  const createdAt = world.edge.now - DAY;
  await world.engine.tables.put('market', {
    ...organisationKey(id),
    id,
    kind,
    name: id,
    providerKind: kind === 'provider' ? 'agent_pool' : null,
    status: 'approved',
    creditLimitMicros: 1_000_000_000_000,
    qualityBps: null,
    createdAt,
    registeredBy: id,
    registeredWith: id,
    opk: `ORGANISATIONS#${kind}`,
    osk: `${timeKey(createdAt)}#${id}`,
  });
}

/** `about` is what a claim has become: a dispute, a refund, a payment, a chargeback. */
type Claim = { company: string; request: string; invoice: string; stripeInvoice: string; about: string };
let claims = 0;

/** A company with one charge; on an invoice and paid by a card where asked. */
async function claim(billed: 'not billed' | 'unpaid' | 'paid'): Promise<Claim> {
  claims += 1;
  const company = `co_claim${claims}`;
  const request = `${company}.${'0'.repeat(22)}`;
  await register(company, 'company');
  const parties = { company, provider: PROVIDER, queue, round: 1 };
  const lease = `48-72.${world.edge.now}.0.${request}.${'l'.repeat(22)}`;
  await post(world.call(), {
    event: chargeEvent(request),
    kind: 'charge',
    occurredAt: world.edge.now,
    currency: 'USD',
    company,
    provider: PROVIDER,
    legs: chargeLegs(RATED, { ...parties, isRoundClosed: false }),
    facts: { ...parties, request, outcome: 'confirmed', route: 'slot', lease, ...RATED },
  });
  if (billed === 'not billed') return { company, request, invoice: '', stripeInvoice: '', about: '' };
  const customer = must(await ensureCustomer(world.call(), company));
  const { stripe } = world.test;
  const method = await stripe.paymentMethods.attach('pm_card_bypassPending', { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method.id } });
  const [draft] = await draftMonth(world.call(), { company, firstMonth: JANUARY }, JANUARY);
  if (draft === undefined) throw new Error('nothing to bill');
  const collectionMethod = billed === 'paid' ? 'charge_automatically' : 'send_invoice';
  const profile = { collectionMethod, daysUntilDue: 30 } as StoredProfile;
  const invoice = (await savePlan(world.call(), draft, { profile, automaticTax: false })).invoice ?? '';
  const made = must(await runInvoice(world.call(), invoice));
  await world.settle();
  return { company, request, invoice, stripeInvoice: made.stripeInvoice ?? '', about: '' };
}

const disputed = async (of: Claim, wants: 'credit' | 'refund' = 'credit'): Promise<Claim> => {
  const input = { reason: { code: 'came_back' as const, text: '' }, share: { bps: 10_000 }, wants };
  const { dispute } = must(await openDispute(world.call(), of.company, 'ada', of.request, input));
  return { ...of, about: dispute.id };
};
const accepted = async (call: StripeCall, { about }: Claim): Promise<void> => {
  must(await change(call, about, (found) => answer(found, { answer: 'accept' }, 'bob', call.now), 'answered'));
  await advanceDispute(call, about);
};
const charged = async (of: Claim): Promise<Claim> => {
  const { id } = world.test.switches.act('chargeback', { invoice: of.stripeInvoice }) as { id: string };
  return { ...of, about: id };
};

type Flow = {
  name: string;
  /** Where it begins. */
  begin: () => Promise<Claim>;
  /** What the process does; whoever asked for it does it again. */
  does: (call: StripeCall, claim: Claim) => Promise<unknown>;
  /** What the company's entries come to at the end, in cents by account; what is not named is nothing. */
  ends: Record<string, number>;
  /** What Stripe made of it. */
  atStripe?: (claim: Claim) => Promise<void>;
};

const notesOf = async ({ stripeInvoice }: Claim): Promise<number[]> =>
  (await world.test.stripe.creditNotes.list({ invoice: stripeInvoice, limit: 100 })).data.map(({ total }) => total);
const refundsOf = async ({ stripeInvoice }: Claim): Promise<number[]> => {
  const { data } = await world.test.stripe.invoicePayments.list({ invoice: stripeInvoice, limit: 100 });
  const intent = idOf(data[0]?.payment.payment_intent ?? null) ?? '';
  return (await world.test.stripe.refunds.list({ payment_intent: intent, limit: 100 })).data.map(
    ({ amount }) => amount,
  );
};
const PAID = { '1390': P };

const FLOWS: readonly Flow[] = [
  {
    name: 'a dispute is opened before the invoice',
    begin: () => claim('not billed'),
    does: (call, { company, request }) =>
      openDispute(call, company, 'ada', request, {
        reason: { code: 'came_back', text: '' },
        share: { bps: 10_000 },
        wants: 'credit',
      }),
    ends: { '1110': P, '2110': -B, '2300': -F },
  },
  {
    name: 'a dispute is accepted before the invoice',
    begin: async () => disputed(await claim('not billed')),
    does: accepted,
    ends: {},
  },
  {
    name: 'a dispute is rejected after the invoice',
    begin: async () => {
      const of = await disputed(await claim('unpaid'));
      const said = { answer: 'contest' as const, statement: 'It was another case.' };
      must(await change(world.call(), of.about, (found) => answer(found, said, 'bob', world.edge.now), 'answered'));
      return of;
    },
    does: async (call, { about }) => {
      const decision = { outcome: 'reject' as const, reason: 'The receipt shows it.' };
      must(await change(call, about, (found) => decide(found, decision, 'olga', call.now), 'decided'));
      await advanceDispute(call, about);
    },
    ends: { '1200': P, '2100': -B, '4100': -F },
  },
  {
    name: 'a dispute is accepted after the invoice, by a credit note',
    begin: async () => disputed(await claim('unpaid')),
    does: accepted,
    ends: {},
    atStripe: async (of) => {
      expect(await notesOf(of)).toEqual([P]);
      expect((await world.test.stripe.invoices.retrieve(of.stripeInvoice)).amount_remaining).toBe(0);
    },
  },
  {
    name: 'a dispute of what was paid is paid back',
    begin: async () => {
      const of = await disputed(await claim('paid'), 'refund');
      await accepted(world.call(), of);
      return of;
    },
    does: async (call, { about }) => {
      must(await releaseRefund(call, about, 'second', { way: 'stripe' }));
      await advanceDispute(call, about);
    },
    ends: { ...PAID, '1310': -P },
    atStripe: async (of) => {
      expect([await notesOf(of), await refundsOf(of)]).toEqual([[P], [P]]);
    },
  },
  {
    name: 'credit is paid out',
    begin: async () => {
      const of = await disputed(await claim('paid'));
      await accepted(world.call(), of);
      const input = { invoice: of.invoice, micros: RATED.priceMicros, reason: 'The company asked for it.' };
      return { ...of, about: must(await askCreditPayout(world.call(), 'maker', input)).id };
    },
    does: async (call, { about }) => {
      must(await releaseRefund(call, about, 'second', { way: 'stripe' }));
      await payCredit(call, about);
    },
    ends: { ...PAID, '1310': -P },
    atStripe: async (of) => {
      expect(await refundsOf(of)).toEqual([P]);
      const customer = must(await ensureCustomer(world.call(), of.company));
      expect(await world.test.stripe.customers.retrieve(customer)).toMatchObject({ balance: 0 });
    },
  },
  {
    name: 'a late resolution is credited after the invoice',
    begin: () => claim('unpaid'),
    does: async (call, { company, request }) => {
      const [providerMicros, marketMicros] = [4_000_000, 200_000];
      const of = { company, request, provider: PROVIDER, queue, round: 1, currency: 'USD' as const, period: JANUARY };
      const late = { deadline: iso(call.now - DAY), resolvedAt: iso(call.now - HOUR), occurredAt: world.edge.now };
      const kind = { outcome: 'confirmed' as const, route: 'slot' as const };
      await creditLateResolution(call, { ...of, ...late, ...kind, providerMicros, marketMicros });
      await sweepSlaCredits(call);
    },
    ends: { '1200': P - 4_20, '2100': 4_00 - B, '4100': -F, '4190': 20 },
    atStripe: async (of) => {
      expect(await notesOf(of)).toEqual([4_20]);
    },
  },
  {
    name: 'a payment comes in',
    begin: async () => {
      const of = await claim('unpaid');
      await world.test.stripe.invoices.pay(of.stripeInvoice);
      const { data } = await world.test.stripe.invoicePayments.list({ invoice: of.stripeInvoice, status: 'paid' });
      return { ...of, about: data[0]?.id ?? '' };
    },
    does: async (call, { about, stripeInvoice }) => {
      await settlePayment(call, about);
      await syncInvoice(call, stripeInvoice);
    },
    ends: { ...PAID, '2100': -B, '4100': -F },
  },
  {
    name: 'a bank takes a payment back',
    begin: async () => charged(await claim('paid')),
    does: (call, { about }) => settleChargeback(call, about),
    // Stripe's fee for it is 15.00.
    ends: { ...PAID, '2100': -B, '4100': -F, '1400': P, '5110': 15_00, '1310': -P - 15_00 },
  },
  {
    name: 'a chargeback is lost',
    begin: async () => {
      const of = await charged(await claim('paid'));
      await settleChargeback(world.call(), of.about);
      world.test.switches.act('lose_dispute', { dispute: of.about });
      return of;
    },
    does: (call, { about }) => settleChargeback(call, about),
    ends: { ...PAID, '2100': -B, '4100': -F, '5300': P, '5110': 15_00, '1310': -P - 15_00 },
  },
  {
    name: 'a chargeback is won before its loss of money was seen',
    begin: async () => {
      const of = await charged(await claim('paid'));
      world.test.switches.act('win_dispute', { dispute: of.about });
      return of;
    },
    does: (call, { about }) => settleChargeback(call, about),
    ends: { ...PAID, '2100': -B, '4100': -F, '5110': 15_00, '1310': -15_00 },
  },
  {
    name: 'an invoice is voided',
    begin: () => claim('unpaid'),
    does: (call, { invoice }) => voidInvoice(call, invoice),
    ends: { '1100': P, '2100': -B, '4100': -F },
  },
  {
    name: 'an invoice is written off',
    begin: async () => {
      const of = await claim('unpaid');
      await changeInvoice(world.call(), of.invoice, ['open'], { dueAt: iso(world.edge.now - MINUTE) });
      await writeOff(world.call(), 'maker', of.invoice);
      return of;
    },
    does: (call, { invoice }) => writeOff(call, 'checker', invoice),
    ends: { '5200': P, '2100': -B, '4100': -F },
  },
];

async function endsOf({ company }: Claim): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { account, micros } of (await allEntries(world.call(), company, JANUARY)).flatMap(({ legs }) => legs))
    sums[account] = (sums[account] ?? 0) + micros / 10_000;
  return Object.fromEntries(Object.entries(sums).filter(([, cents]) => cents !== 0));
}

/** Plays a flow with a process that dies; without `at` it lives. Answers how many calls it made. */
async function play(flow: Flow, at = Number.POSITIVE_INFINITY, when: When = 'before'): Promise<number> {
  const of = await flow.begin();
  const { secretKey, standIn } = world.test.access;
  const process = dying(world.call(), secretKey, standIn.port, at, when);
  await untilDead(process, (call) => flow.does(call, of));
  expect([flow.name, at, when, process.seen.dead]).toEqual([flow.name, at, when, Number.isFinite(at)]);
  if (process.seen.dead) await flow.does(world.call(), of);
  await world.settle();
  expect([flow.name, at, when, await endsOf(of)]).toEqual([flow.name, at, when, flow.ends]);
  await flow.atStripe?.(of);
  // Asked for once more, and swept, nothing more happens.
  await flow.does(world.call(), of);
  await world.settle();
  expect([flow.name, at, when, await endsOf(of)]).toEqual([flow.name, at, when, flow.ends]);
  if (of.invoice !== '') expect((await readInvoice(world.call(), of.invoice))?.held).toBeNull();
  return process.seen.calls;
}

describe('whichever call its process dies at, it happens once and whole:', () => {
  it.each(FLOWS.map((flow) => [flow.name, flow] as const))('%s', { timeout: 900_000 }, async (_, flow) => {
    const calls = await play(flow);
    for (let at = 1; at <= calls; at += 1)
      for (const when of ['before', 'after'] as const) if (isTried(at, when, EVERY)) await play(flow, at, when);
  });
});
