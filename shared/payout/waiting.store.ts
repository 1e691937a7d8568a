/** Payouts that wait for money at Stripe: what is there is asked once, so that none is sent in vain. */
import { microsOfCents } from '../kernel/money.ts';
import { keyText } from '../kernel/table.ts';
import { failureOf, type StripeCall } from '../stripe-call/stripe-call.store.ts';
import { payoutKey } from './payout.store.ts';
import { Payout } from './payout.ts';

/**
 * Of these payouts, in this order, those that Stripe refused for want of money and would refuse again now. None where Stripe
 * does not say what is available: it will tell each by itself.
 */
export async function stillWaiting(call: StripeCall, payouts: readonly string[]): Promise<Set<string>> {
  const keys = payouts.map(payoutKey);
  const found = await call.tables.getMany('ledger', keys, Payout, { consistent: true });
  const waiting = keys.flatMap((key) => found.get(keyText(key)) ?? []).filter(({ state }) => state === 'waiting');
  const available = waiting.length === 0 ? undefined : await availableAtStripe(call);
  if (available === undefined) return new Set();
  const short = new Set<string>();
  for (const { id, currency, amountMicros } of waiting) {
    const left = (available.get(currency) ?? 0) - amountMicros;
    if (left < 0) short.add(id);
    else available.set(currency, left);
  }
  return short;
}

async function availableAtStripe(call: StripeCall): Promise<Map<string, number> | undefined> {
  try {
    const { available } = await call.stripe.balance.retrieve();
    return new Map(available.map(({ currency, amount }) => [currency.toUpperCase(), microsOfCents(amount)]));
  } catch (error) {
    if (failureOf(error) === undefined) throw error;
    return undefined;
  }
}
