/** Disputes of charges that are invoiced, over the stand-in: four charges of February at 8.40, and what is done with them. */
import { ensureCustomer } from '../../shared/billing-profile/customer.store.ts';
import { draftMonth } from '../../shared/invoice/draft.store.ts';
import { savePlan } from '../../shared/invoice/invoice.store.ts';
import { runInvoice } from '../../shared/invoice/run.store.ts';
import { DAY, HOUR } from '../../shared/kernel/time.ts';
import type { CashWorld } from './cash.ts';
import { DisputedMarket } from './disputes.ts';
import { must } from './round.ts';

export function billedDisputes(worldOf: () => CashWorld) {
  /** Four settled charges of February; the clock stands in March. */
  async function february(category: string): Promise<{ made: DisputedMarket; requests: string[] }> {
    const made = await DisputedMarket.open(worldOf().engine.tables, category, {
      edge: worldOf().edge,
      priceMicros: 8_000_000,
    });
    const requests: string[] = [];
    for (let i = 0; i < 4; i++) requests.push(await made.resolved());
    await made.advance(made.market.now + 9 * DAY);
    await made.advance(Date.parse('2026-03-02T09:00:00Z'));
    return { made, requests };
  }

  /** Plans February's invoice. */
  async function planned(made: DisputedMarket): Promise<string> {
    const [draft] = await draftMonth(worldOf().call(), { company: made.company.id, firstMonth: '2026-02' }, '2026-02');
    const plan = await savePlan(worldOf().call(), draft!, { profile: undefined, automaticTax: false });
    return plan.invoice!;
  }

  /** Makes it final, with a card that pays it where asked. */
  async function billed(made: DisputedMarket, pays: boolean): Promise<string> {
    const { stripe } = worldOf().test;
    const customer = must(await ensureCustomer(worldOf().call(), made.company.id));
    if (pays) {
      const method = await stripe.paymentMethods.attach('pm_card_bypassPending', { customer });
      await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method.id } });
    }
    const id = await planned(made);
    must(await runInvoice(worldOf().call(), id));
    await worldOf().settle();
    return id;
  }

  const accept = (made: DisputedMarket, dispute: string) =>
    made.call(made.provider.token, 'POST /v1/disputes/{dispute}/answer', { dispute }, { answer: 'accept' });
  const state = async (made: DisputedMarket, dispute: string) =>
    (await made.call(made.company.token, 'GET /v1/disputes/{dispute}', { dispute })).body.state;
  const notes = async (made: DisputedMarket) =>
    (await made.call(made.company.token, 'GET /v1/credit-notes', {})).body.items as Record<string, unknown>[];
  const sweep = async (made: DisputedMarket) => {
    await made.advance(made.market.now + 2 * HOUR);
    await worldOf().sweep();
  };

  return { february, planned, billed, accept, state, notes, sweep };
}
