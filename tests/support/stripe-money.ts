/** The stand-in for Stripe with what tests of money need: customers who can pay, invoices, a clock to move. */
import { Stripe } from 'stripe';
import { startTestStripe } from './stripe.ts';

export const DAY_MS = 86_400_000;
/** A Monday. */
const START = Date.UTC(2026, 8, 7, 9);

export type Money = Awaited<ReturnType<typeof openMoney>>;

export async function openMoney(seed = 'money') {
  const clock = { at: START, now: () => clock.at };
  const { stripe, switches, stop, access } = await startTestStripe({ clock, seed });
  const act = <Result = unknown>(name: string, params: Record<string, unknown> = {}): Result =>
    switches.act(name, params) as Result;
  return {
    stripe,
    access,
    act,
    clock,
    switches,
    stop,
    /** Seconds by the market clock. */
    now: () => Math.floor(clock.at / 1_000),
    later: (days: number) => {
      clock.at += days * DAY_MS;
      switches.tick();
    },
    /** All events so far of the platform or of an account, the oldest first. */
    events: async (account?: string) => {
      const options = account === undefined ? {} : { stripeAccount: account };
      const found = await stripe.events.list({ limit: 100 }, options).autoPagingToArray({ limit: 10_000 });
      return found.reverse();
    },
    /** A customer with a card that pays, or with another of Stripe's test methods. */
    customer: async (given: { method?: string | null; country?: string; taxId?: string } = {}) => {
      const { method = 'pm_card_visa', country = 'IE', taxId } = given;
      const customer = await stripe.customers.create({
        name: 'Nettle Ltd',
        email: 'billing@nettle.example',
        address: { country, line1: '1 High Street', city: 'Town', postal_code: '1000' },
        ...(taxId === undefined ? {} : { tax_id_data: [{ type: 'eu_vat', value: taxId }] }),
      });
      if (method === null) return customer;
      const { id } = await stripe.paymentMethods.attach(method, { customer: customer.id });
      return stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: id } });
    },
    /** A connected account that may receive transfers. */
    account: async () => {
      const account = await stripe.v2.core.accounts.create({
        contact_email: 'desk@provider.example',
        display_name: 'Provider',
        dashboard: 'express',
        identity: { country: 'ie', entity_type: 'company' },
        configuration: { recipient: { capabilities: { stripe_balance: { stripe_transfers: { requested: true } } } } },
        defaults: { responsibilities: { fees_collector: 'application', losses_collector: 'application' } },
      });
      act('complete_onboarding', { account: account.id });
      return account;
    },
    /** Has so many cents available, less Stripe's fee. */
    fund: async (cents: number) => {
      const intent = { amount: cents, currency: 'eur', confirm: true, payment_method: 'pm_card_bypassPending' };
      await stripe.paymentIntents.create(intent);
    },
    /** Cents of an account, the platform's where none is named. */
    balance: async (account?: string, currency = 'eur') => {
      const balance = await stripe.balance.retrieve({}, account === undefined ? {} : { stripeAccount: account });
      const of = (part: Stripe.Balance.Available[]) => part.find((one) => one.currency === currency)?.amount ?? 0;
      return { available: of(balance.available), pending: of(balance.pending) };
    },
    /** A draft with a line for each amount in cents. */
    draft: async (customer: string, amounts: readonly number[], more: Stripe.InvoiceCreateParams = {}) => {
      const product = await stripe.products.create({ name: 'Resolutions' });
      const draft = await stripe.invoices.create({ customer, currency: 'eur', auto_advance: false, ...more });
      if (amounts.length === 0) return draft;
      return stripe.invoices.addLines(draft.id, {
        lines: amounts.map((amount, at) => ({
          description: `Line ${at + 1}`,
          quantity: 1,
          price_data: { currency: 'eur', product: product.id, tax_behavior: 'exclusive', unit_amount: amount },
        })),
      });
    },
    /** What is refused, as the caller sees it. */
    refusal: async (work: Promise<unknown>) => {
      try {
        await work;
      } catch (error) {
        if (!(error instanceof Stripe.errors.StripeError)) throw error;
        const { statusCode: status, type, code, param, decline_code: declineCode, message } = error;
        return { status, type: error.rawType ?? type, code, param, declineCode, message };
      }
      throw new Error('It was not refused.');
    },
  };
}
