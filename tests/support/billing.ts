/** Companies with charges on the ledger, and the close of their month, with the stand-in for Stripe. */
import type Stripe from 'stripe';
import { putProfile } from '../../shared/billing-profile/billing-profile.store.ts';
import { BillingProfileInput } from '../../shared/billing-profile/billing-profile.ts';
import { approveClose, readClose, startClose } from '../../shared/close/close.store.ts';
import { type CloseParts, stepClose } from '../../shared/close/step.store.ts';
import { runInvoice } from '../../shared/invoice/run.store.ts';
import type { Currency } from '../../shared/kernel/money.ts';
import { type TableConfig, Tables } from '../../shared/kernel/table.ts';
import { DAY, MINUTE } from '../../shared/kernel/time.ts';
import { chargeEvent, post } from '../../shared/ledger/ledger.store.ts';
import { endOf } from '../../shared/ledger/period.ts';
import { chargeLegs, slaCreditLegs } from '../../shared/ledger/postings/charge.ts';
import { registerOrganisation } from '../../shared/organisation/organisation.store.ts';
import type { StripeCall } from '../../shared/stripe-call/stripe-call.store.ts';
import { must } from './round.ts';

export const PROFILE = BillingProfileInput.parse({
  legalName: 'Acme Bank plc',
  address: { line1: '1 High Street', city: 'Dublin', postalCode: 'D01', country: 'IE' },
  billingEmail: 'billing@acme.example',
});

export type TestCharge = {
  micros: number;
  queue?: string;
  round?: number;
  outcome?: 'confirmed' | 'assumed';
  route?: 'slot' | 'overflow';
  currency?: Currency;
};

let markets = 0;

export class TestBilling {
  /** Business time in milliseconds; the stand-in's too. */
  now: number;
  tables: Tables;
  readonly stripe: Stripe;
  readonly sent: { kind: string; id: string }[] = [];
  parts: CloseParts = {
    unpostedBefore: async () => null,
    reconcile: async () => null,
    mayGoOn: () => true,
  };
  private requests = 0;
  private readonly market = markets++;

  constructor(tables: Tables, stripe: Stripe, now: number) {
    // Caches belong to a set of tables.
    this.tables = new Tables({ ...(tables.owner as TableConfig) });
    this.stripe = stripe;
    this.now = now;
  }

  call(tables = this.tables): StripeCall {
    return {
      tables: tables.metered(),
      now: this.now,
      stripe: this.stripe,
      hurry: async (_queue, bodies) => void this.sent.push(...(bodies as { kind: string; id: string }[])),
    };
  }

  async company(name: string, profile: Partial<BillingProfileInput> | null = {}): Promise<string> {
    const person = { user: `user-${name}`, email: `${name}@example.com` };
    const key = `register-${this.market}-${name}`;
    const { id } = await registerOrganisation(this.tables, person, { kind: 'company', name }, key, this.now);
    if (profile !== null) must(await putProfile(this.call(), id, { ...PROFILE, ...profile }));
    return id;
  }

  /** Who resolves everything; registered long ago, since the lists of the provider's side begin with their organisations. */
  provider(): Promise<string> {
    const person = { user: 'user-provider', email: 'provider@example.com' };
    const input = { kind: 'provider', name: 'Some', providerKind: 'agent_pool' } as const;
    const since = this.now - 400 * DAY;
    this.resolver ??= registerOrganisation(this.tables, person, input, `register-${this.market}-provider`, since);
    return this.resolver.then(({ id }) => id);
  }
  private resolver: ReturnType<typeof registerOrganisation> | undefined;

  /** Posts a settled resolution; answers its request. */
  async charge(company: string, charge: TestCharge, at = this.now): Promise<string> {
    const {
      micros,
      queue = 'mortgage-web',
      round = 1,
      outcome = 'confirmed',
      route = 'slot',
      currency = 'USD',
    } = charge;
    const request = `${company}.${String(this.requests++).padStart(22, '0')}`;
    const provider = await this.provider();
    const parties = { company, provider, queue, round };
    const rated = { priceMicros: micros, bidMicros: micros, feeMicros: 0, poolMicros: 0 };
    await post(this.call(), {
      event: chargeEvent(request),
      kind: 'charge',
      occurredAt: at,
      currency,
      company,
      provider,
      legs: chargeLegs(rated, { ...parties, isRoundClosed: false }),
      facts: { ...parties, request, outcome, route, lease: 'lease', ...rated },
    });
    return request;
  }

  async slaCredit(company: string, request: string, micros: number, at = this.now): Promise<void> {
    const provider = await this.provider();
    const rated = { priceMicros: micros, bidMicros: micros, feeMicros: 0, poolMicros: 0 };
    await post(this.call(), {
      event: `sla#${request}`,
      kind: 'sla_credit',
      occurredAt: at,
      currency: 'USD',
      company,
      provider,
      legs: slaCreditLegs(rated, 10_000, { company, provider }),
      facts: { request, company, provider, queue: 'mortgage-web', round: 1 },
    });
  }

  /** Brings a month's close to where a second person approves it. */
  async plan(period: string, tables = this.tables): Promise<void> {
    this.now = Math.max(this.now, endOf(period) + 10 * MINUTE);
    must(await startClose(this.call(tables), 'maker', period));
    await this.step(period, tables);
  }

  /** Takes a close on, over its waits. */
  async step(period: string, tables = this.tables): Promise<void> {
    for (let i = 0; i < 10; i++) {
      const nextAt = await stepClose(this.call(tables), period, this.parts);
      const close = await readClose(this.call(tables), period);
      if (nextAt === null || close?.state === 'invoice') return;
      this.now = Math.max(this.now, nextAt);
    }
  }

  async approve(period: string): Promise<void> {
    must(await approveClose(this.call(), 'checker', period));
    await this.step(period);
  }

  /** Works the messages that were sent, as the consumer does. */
  async work(tables = this.tables): Promise<void> {
    for (const message of this.sent.splice(0))
      if (message.kind === 'invoice') await runInvoice(this.call(tables), message.id);
  }

  /** The whole close of a month. */
  async close(period: string): Promise<void> {
    await this.plan(period);
    await this.approve(period);
    await this.work();
    await this.step(period);
  }
}
