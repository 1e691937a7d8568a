/** Providers whose pay is held until a person has looked: `PH#<provider>` / `-`, listed under `payout-holds`. */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { ABSENT, type Item, type Key, keyText } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { PayoutHold } from './hold.ts';

const holdKey = (provider: string): Key => ({ pk: `PH#${provider}`, sk: '-' });
const HOLDS = 'payout-holds';
const BY_PROVIDER = { name: 'byProvider', pk: 'ppk', sk: 'psk' };

/** Holds a provider's next payouts, as where the reconciliation found that Stripe and the ledger disagree on it. */
export async function holdPayouts(call: Call, provider: string, reason: string): Promise<void> {
  const hold: PayoutHold = { provider, reason, heldAt: iso(call.now) };
  const listed = { ppk: HOLDS, psk: `${timeKey(call.now)}#${provider}` };
  await call.tables.put('ledger', { ...holdKey(provider), ...hold, ...listed }, ABSENT);
}

/** Lets a provider be paid again; undefined where it was not held. */
export async function releaseHold(call: Call, provider: string): Promise<PayoutHold | undefined> {
  const hold = await readHold(call, provider);
  if (hold === undefined) return undefined;
  await call.tables.delete('ledger', holdKey(provider), [['=', 'heldAt', hold.heldAt]]);
  return hold;
}

export const readHold = (call: Call, provider: string): Promise<PayoutHold | undefined> =>
  call.tables.get('ledger', holdKey(provider), PayoutHold, { consistent: true });

/** The holds of some providers, by provider; who is not held is absent. */
export async function readHolds(call: Call, providers: readonly string[]): Promise<Map<string, PayoutHold>> {
  const found = await call.tables.getMany('ledger', providers.map(holdKey), PayoutHold, { consistent: true });
  return new Map([...found.values()].map((hold) => [hold.provider, hold]));
}

/** A page of the holds, the oldest first. */
export async function listHolds(
  call: Call,
  page: { limit: number; after?: Item },
): Promise<{ items: PayoutHold[]; after: Item | undefined }> {
  const found = await call.tables.query('ledger', z.object({ pk: z.string(), sk: z.string() }), {
    index: BY_PROVIDER,
    pk: HOLDS,
    ...page,
  });
  const items = await call.tables.getMany('ledger', found.items, PayoutHold, { consistent: true });
  return { items: found.items.flatMap((key) => items.get(keyText(key)) ?? []), after: found.after as Item | undefined };
}
