/** What a provider owes and later pay does not cover: taken back from its transfers. (Given up: `debt.store.ts`.) */
import type Stripe from 'stripe';
import type { Call } from '../kernel/call.ts';
import { type Currency, centsOf, microsOfCents } from '../kernel/money.ts';
import type { Item } from '../kernel/table.ts';
import { onceAtStripe, type StripeCall } from '../stripe-call/stripe-call.store.ts';
import { bookTransfer, listPayouts, transferChanged } from './payout.store.ts';
import { reversalKey, reversalsOf } from './payout.ts';

export type TakeBack = { run: string; provider: string; currency: Currency; account: string; micros: number };

export type Reversal = { transfer: string; micros: number };

/**
 * From which transfers so much is taken back: the newest first, as far as the balance of the provider's account goes. To be
 * kept before any of it is done, so that after a crash the same is asked of Stripe.
 */
export async function planTakeBack(call: StripeCall, order: TakeBack): Promise<Reversal[]> {
  const balance = await call.stripe.balance.retrieve({}, { stripeAccount: order.account });
  const code = order.currency.toLowerCase();
  const available = balance.available.find(({ currency }) => currency === code)?.amount ?? 0;
  const most = Math.min(order.micros, microsOfCents(Math.max(0, available)));
  return reversalsOf(most, await reversible(call, order));
}

/** Takes back as planned. Answers what came back, and null where Stripe did not answer for certain: then it is asked again. */
export async function takeBack(call: StripeCall, order: TakeBack, plan: readonly Reversal[]): Promise<number | null> {
  let sum = 0;
  for (const part of plan) {
    const done = await reverse(call, order, part);
    if (done === null) return null;
    sum += done;
  }
  return sum;
}

async function reversible(call: Call, order: TakeBack): Promise<{ transfer: string; leftMicros: number }[]> {
  const found: { transfer: string; leftMicros: number }[] = [];
  let left = order.micros;
  let after: Item | undefined;
  do {
    const page = await listPayouts(call, order.provider, { limit: 25, ...(after === undefined ? {} : { after }) });
    for (const payout of page.items) {
      const leftMicros = payout.amountMicros - payout.reversedMicros;
      if (payout.currency !== order.currency || payout.state !== 'paid' || payout.transfer === null || leftMicros === 0)
        continue;
      found.push({ transfer: payout.transfer, leftMicros });
      left -= leftMicros;
    }
    after = page.after;
  } while (after !== undefined && left > 0);
  return found;
}

async function reverse(
  call: StripeCall,
  { run, provider }: TakeBack,
  { transfer, micros }: Reversal,
): Promise<number | null> {
  const key = reversalKey(transfer, run);
  const made = await onceAtStripe<Stripe.TransferReversal>(call, {
    key,
    make: (options) =>
      call.stripe.transfers.createReversal(
        transfer,
        {
          amount: centsOf(micros),
          description: `Owed by ${provider}`,
          metadata: { parley: run, key },
          expand: ['balance_transaction'],
        },
        options,
      ),
    find: async () =>
      (
        await call.stripe.transfers.listReversals(transfer, { limit: 100, expand: ['data.balance_transaction'] })
      ).data.find(({ metadata }) => metadata?.key === key),
    read: (reversal) => call.stripe.transfers.retrieveReversal(transfer, reversal, { expand: ['balance_transaction'] }),
  });
  if (!made.ok) return made.code === 'stripe_unavailable' ? null : 0;
  await bookTransfer(call, provider, made.value);
  await transferChanged(call, await call.stripe.transfers.retrieve(transfer));
  return microsOfCents(made.value.amount);
}
