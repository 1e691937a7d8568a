/**
 * Customers' credit at Stripe: of all customers before a month is closed and when people ask, else of those whose it may
 * have changed, and of those who had some, `RC` / `credit`.
 */
import * as z from 'zod';
import { readCustomers } from '../billing-profile/billing-profile.store.ts';
import type { Call } from '../kernel/call.ts';
import type { Key } from '../kernel/table.ts';
import type { Moved } from '../ledger/moved.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { type CreditAtStripe, creditAtStripe, creditOfCustomers, customersChanged } from './stripe-side.store.ts';

/** Whose credit is looked at. */
export type CreditOf = 'all' | 'changed';

const HAD: Key = { pk: 'RC', sk: 'credit' };
/** The customers that had credit at Stripe, and the companies that had some here. */
const Had = z.object({ customers: z.array(z.string()), companies: z.array(z.string()) });
type Had = z.infer<typeof Had>;

/** Who had credit when it was looked at last. */
export const readHad = (call: Call): Promise<Had | undefined> => call.tables.get('ledger', HAD, Had);

/** What customers have at Stripe; `moved` are the companies of which something was posted since `since` (ms). */
export async function readCredit(
  call: StripeCall,
  of: CreditOf,
  since: number,
  moved: ReadonlyMap<string, Moved>,
  had: Had | undefined,
): Promise<CreditAtStripe> {
  if (of === 'all' || had === undefined) return creditAtStripe(call);
  const posted = [...moved].flatMap(([company, { accounts }]) => (accounts.has('2200') ? [company] : []));
  const companies = new Set([...had.companies, ...posted]);
  const known = await readCustomers(call, [...companies]);
  // Whose customer is not known here may be any.
  if (known.size < companies.size) return creditAtStripe(call);
  const changed = await customersChanged(call, since);
  return creditOfCustomers(call, [...new Set([...had.customers, ...known.values(), ...changed])]);
}

/** Keeps who has credit, by either side, where that is not who `had` some: they are looked at the next time too. */
export async function noteCredit(call: Call, had: Had | undefined, now: Had): Promise<void> {
  const sorted: Had = { customers: [...now.customers].sort(), companies: [...new Set(now.companies)].sort() };
  if (had !== undefined && JSON.stringify(had) === JSON.stringify(sorted)) return;
  await call.tables.put('ledger', { ...HAD, ...sorted });
}
