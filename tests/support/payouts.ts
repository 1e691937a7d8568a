/** A market with providers, charges, invoices and a Stripe of its own, as far as pay needs them; months close by hand. */
import Stripe from 'stripe';
import { noteGivenUp } from '../../shared/invoice/given-up.store.ts';
import { invoiceKey } from '../../shared/invoice/invoice.store.ts';
import { type Invoice, invoiceIdOf } from '../../shared/invoice/invoice.ts';
import { closeKey, planKey } from '../../shared/invoice/plan.store.ts';
import type { Plan } from '../../shared/invoice/plan.ts';
import type { Currency } from '../../shared/kernel/money.ts';
import type { Tables } from '../../shared/kernel/table.ts';
import { DAY, iso, monthOf } from '../../shared/kernel/time.ts';
import { allEntries, chargeEvent, type NewEntry, post } from '../../shared/ledger/ledger.store.ts';
import { periodKey } from '../../shared/ledger/period.store.ts';
import { endOf, months } from '../../shared/ledger/period.ts';
import { chargeLegs, type Rated } from '../../shared/ledger/postings/charge.ts';
import { organisationKey, registerOrganisation } from '../../shared/organisation/organisation.store.ts';
import { onboardingLink, putPayoutProfile, refreshAccount } from '../../shared/payout/account.store.ts';
import { PayoutProfileInput } from '../../shared/payout/account.ts';
import type { StripeCall } from '../../shared/stripe-call/stripe-call.store.ts';
import { startTestTables } from './engine.ts';
import { openMoney } from './stripe-money.ts';

export const START = Date.UTC(2026, 0, 5, 9);
export const JANUARY = '2026-01';
/** The 45 days after January, and a day. */
export const LATE = endOf(JANUARY) + 46 * DAY;

export type PayWorld = Awaited<ReturnType<typeof openPayWorld>>;

export async function openPayWorld() {
  const engine = await startTestTables();
  const money = await openMoney('payouts');
  const world = { now: START };
  const stripeOver = (client?: Stripe.HttpClient) =>
    new Stripe(money.access.secretKey, {
      host: '127.0.0.1',
      port: money.access.standIn.port,
      protocol: 'http',
      telemetry: false,
      maxNetworkRetries: 0,
      ...(client === undefined ? {} : { httpClient: client }),
    });
  const plain = stripeOver();
  const call = (over: { tables?: Tables; stripe?: Stripe } = {}): StripeCall => ({
    tables: over.tables ?? engine.tables,
    stripe: over.stripe ?? plain,
    now: world.now,
  });
  const at = (now: number): void => {
    world.now = now;
    money.clock.at = now;
    money.switches.tick();
  };
  at(START);
  return {
    ...money,
    tables: engine.tables,
    call,
    at,
    stripeOver,
    stop: async () => {
      await money.stop();
      await engine.stop();
    },
    company: async (name: string) => organisation(engine.tables, { kind: 'company', name }, world.now),
    /** A provider; with its account ready to be paid unless left out. */
    provider: async (name: string, more: { account?: boolean; profile?: Partial<PayoutProfileInput> } = {}) => {
      const provider = await organisation(
        engine.tables,
        { kind: 'provider', name, providerKind: 'agent_pool' },
        world.now,
      );
      if (more.account === false) return provider;
      const profile = {
        legalName: name,
        address: { line1: '1 Quay', city: 'Cork', country: 'IE' },
        contactEmail: 'pay@provider.example',
        ...more.profile,
      };
      await putPayoutProfile(call(), provider, PayoutProfileInput.parse(profile));
      const pages = { returnUrl: 'https://parley.example/back', refreshUrl: 'https://parley.example/again' };
      const link = await onboardingLink(call(), provider, pages);
      if (!link.ok) throw new Error(link.detail);
      const account = (await refreshAccount(call(), provider))?.account ?? '';
      money.act('complete_onboarding', { account });
      await refreshAccount(call(), provider);
      return provider;
    },
    /** Takes a provider off the list of providers, so that later runs pass it by. */
    unlist: (provider: string) => engine.tables.update('market', organisationKey(provider), { remove: ['opk', 'osk'] }),
    /** A settled resolution. */
    charge: async (
      of: {
        company: string;
        provider: string;
        request: string;
        currency?: Currency;
        queue?: string;
      } & Partial<Rated>,
    ) => {
      const { bidMicros = 1_000_000, feeMicros = 50_000 } = of;
      const { priceMicros = bidMicros + feeMicros, poolMicros = priceMicros - bidMicros - feeMicros } = of;
      const parties = { company: of.company, provider: of.provider, queue: of.queue ?? 'mortgage', round: 1 };
      const facts = { ...parties, request: of.request, lease: 'l', outcome: 'confirmed', route: 'slot' };
      const rated = { priceMicros, bidMicros, feeMicros, poolMicros };
      const legs = chargeLegs(rated, { ...parties, isRoundClosed: false });
      const entry: NewEntry = {
        event: chargeEvent(of.request),
        kind: 'charge',
        occurredAt: world.now,
        currency: of.currency ?? 'EUR',
        company: of.company,
        provider: of.provider,
        legs,
        facts: { ...facts, ...rated },
      };
      await post(call(), entry);
    },
    post: (entry: NewEntry) => post(call(), entry),
    /** Closes a month, and with it all before. */
    close: async (period: string) => {
      await engine.tables.put('ledger', {
        ...periodKey(period),
        period,
        state: 'closed',
        closingAt: iso(endOf(period)),
        closedAt: iso(endOf(period)),
        entries: 0,
      });
    },
    /** A month's invoice, final at an instant, with so much of its cash available (micro-units; tax is left out). */
    invoice: async (
      company: string,
      period: string,
      of: {
        micros: number;
        availableMicros?: number;
        finalizedAt?: number;
        dueAt?: number;
        state?: Invoice['state'];
        taxMicros?: number;
      },
    ) => {
      const { micros, availableMicros = 0, finalizedAt = endOf(period), taxMicros = 0, state = 'open' } = of;
      const id = invoiceIdOf(company, 'EUR', period, 0);
      const total = micros + taxMicros;
      const plan: Plan = {
        company,
        currency: 'EUR',
        period,
        since: period,
        invoice: id,
        reason: null,
        balanceMicros: micros,
        invoicedMicros: micros,
        baseMicros: 0,
        belowFloorMonths: 0,
        volumes: { items: {}, otherMicros: 0 },
      };
      const invoice: Invoice = {
        id,
        company,
        currency: 'EUR',
        period,
        version: 0,
        state,
        since: period,
        lines: 1,
        details: 0,
        held: null,
        writeOff: null,
        subtotalMicros: micros,
        taxMicros,
        totalMicros: total,
        creditAppliedMicros: 0,
        creditedMicros: 0,
        paidMicros: availableMicros,
        availableMicros,
        remainingMicros: total - availableMicros,
        collectionMethod: 'charge_automatically',
        stripeInvoice: null,
        number: 'N-1',
        purchaseOrder: null,
        daysUntilDue: 30,
        automaticTax: false,
        costCentre: null,
        paidAt: null,
        plannedAt: iso(finalizedAt),
        finalizedAt: iso(finalizedAt),
        dueAt: iso(of.dueAt ?? finalizedAt + 400 * DAY),
      };
      // Plans are made by the month's close alone.
      await engine.tables.put('ledger', { ...closeKey(period), state: 'closed', planningSince: finalizedAt });
      await engine.tables.put('ledger', { ...planKey(company, 'EUR', period), ...plan });
      if (state === 'uncollectible') await noteGivenUp(call(), invoice);
      await engine.tables.put('ledger', { ...invoiceKey(id), ...invoice });
      return id;
    },
    /** A provider's balance in an account of the ledger, positive where credit, over all months. */
    balance: async (provider: string, account: string, since = JANUARY) => {
      let sum = 0;
      for (const period of months(since, monthOf(world.now))) {
        for (const { currency, legs } of await allEntries(call(), provider, period))
          for (const leg of legs)
            if (currency === 'EUR' && leg.account === account && leg.of === provider) sum -= leg.micros;
      }
      return sum;
    },
    /** What Stripe says a provider was paid: transfers less reversals, in micro-units. */
    paid: async (provider: string) => {
      const list = await plain.transfers.list({ transfer_group: `${provider}.EUR`, limit: 100 });
      return list.data.reduce((sum, { amount, amount_reversed }) => sum + (amount - amount_reversed) * 10_000, 0);
    },
  };
}

let registered = 0;
async function organisation(
  tables: Tables,
  input: Parameters<typeof registerOrganisation>[2],
  now: number,
): Promise<string> {
  registered += 1;
  const person = { user: 'founder', email: 'founder@example.com' };
  return (await registerOrganisation(tables, person, input, `key-${registered}`, now)).id;
}
