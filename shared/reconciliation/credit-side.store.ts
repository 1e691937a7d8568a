/**
 * Customers' credit at Stripe: of all customers before a month is closed and when people ask, else of those whose it may
 * have changed, and of those who had some, `RC` / `credit`.
 */
import * as z from 'zod';
import { readCustomers } from '../billing-profile/billing-profile.store.ts';
import type { Call } from '../kernel/call.ts';
import type { Key } from '../kernel/table.ts';
import type { Moved } from '../ledger/moved.store.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { type ByCurrency, creditAtStripe, creditOfCustomers, customersChanged } from './stripe-side.store.ts';

/** Whose credit is looked at. */
export type CreditOf = 'all' | 'changed';

const HAD: Key = { pk: 'RC', sk: 'credit' };
const Had = z.object({ companies: z.array(z.string()) });

/** What customers have at Stripe; `moved` are the companies of which something was posted since `since` (ms). */
export async function readCredit(
  call: StripeCall,
  of: CreditOf,
  since: number,
  moved: ReadonlyMap<string, Moved>,
): Promise<ByCurrency> {
  const had = of === 'all' ? undefined : await call.tables.get('ledger', HAD, Had);
  if (had === undefined) return creditAtStripe(call);
  const posted = [...moved].flatMap(([company, { accounts }]) => (accounts.has('2200') ? [company] : []));
  const known = await readCustomers(call, [...new Set([...had.companies, ...posted])]);
  return creditOfCustomers(call, [...new Set([...known.values(), ...(await customersChanged(call, since))])]);
}

/** Keeps which companies have credit, by either side: they are looked at the next time too. */
export async function noteCredit(call: Call, companies: readonly string[]): Promise<void> {
  const had = await call.tables.get('ledger', HAD, Had);
  const now = [...new Set(companies)].sort();
  if (had !== undefined && had.companies.join() === now.join()) return;
  await call.tables.put('ledger', { ...HAD, companies: now });
}
