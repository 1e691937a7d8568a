/** How much was settled, by company and UTC day: what our lists say, and what the meter at Stripe has counted. */
import { readCustomers } from '../billing-profile/billing-profile.store.ts';
import { mapConcurrent } from '../kernel/call.ts';
import { DAY, dayOf } from '../kernel/time.ts';
import { chargesWithin, type Hours, type Moved } from '../ledger/moved.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { countedAtStripe, countedHours, readParts } from '../witness/witness.store.ts';
import type { Said } from './reconciliation.ts';

const WIDTH = 8;

/** A company of which something was settled in the hours that were sent. */
export type Active = { company: string; charges: readonly number[]; hours: Hours };

/** Companies with activity in the hours since `since` (ms) that were sent, in order. */
export async function activeCompanies(
  call: StripeCall,
  moved: ReadonlyMap<string, Moved>,
  since: number,
): Promise<Active[]> {
  const hours = await countedHours(call, since);
  if (hours === null) return [];
  return [...moved]
    .flatMap(([company, { charges }]) =>
      chargesWithin(charges, hours).size === 0 ? [] : [{ company, charges, hours }],
    )
    .sort((a, b) => (a.company < b.company ? -1 : 1));
}

/** Both sides of each of some companies: given away one by one, so that no more than a few are held. */
export async function witnessSides(
  call: StripeCall,
  active: readonly Active[],
  take: (ledger: Map<string, Said>, stripe: Map<string, Said>) => void,
): Promise<void> {
  const customers = await readCustomers(
    call,
    active.map(({ company }) => company),
  );
  await mapConcurrent(active, WIDTH, async (one) => {
    const { ledger, stripe } = await sidesOf(call, one, customers.get(one.company));
    take(ledger, stripe);
  });
}

async function sidesOf(
  call: StripeCall,
  { company, charges, hours }: Active,
  customer: string | undefined,
): Promise<{ ledger: Map<string, Said>; stripe: Map<string, Said> }> {
  const own = new Map<string, Said>();
  for (const [hour, count] of chargesWithin(charges, hours)) {
    const subject = `${company} ${dayOf(hour)}`;
    const before = own.get(subject);
    own.set(subject, { value: (before?.value ?? 0) + count, at: Math.max(before?.at ?? 0, hour), party: company });
  }
  // Whole days at Stripe: of the first one also what lies before, where that was sent.
  const from = Math.floor(hours.from / DAY) * DAY;
  // One without a profile is a customer all the same: what was sent says which.
  const id = customer ?? (await readParts(call, company, hours)).at(-1)?.customer;
  const counted =
    id === undefined ? new Map<number, number>() : await countedAtStripe(call, id, { ...hours, from }, 'day');
  const stripe = new Map<string, Said>();
  for (const [day, value] of counted) stripe.set(`${company} ${dayOf(day)}`, { value, at: null, party: company });
  const isSame =
    stripe.size === own.size && [...stripe].every(([subject, { value }]) => own.get(subject)?.value === value);
  return { ledger: isSame ? own : await withSending(call, company, hours, own), stripe };
}
/** Where they differ it counts when each day was sent: it is as young as what was sent of it last. */
async function withSending(
  call: StripeCall,
  company: string,
  hours: Hours,
  own: ReadonlyMap<string, Said>,
): Promise<Map<string, Said>> {
  const sent = new Map<string, number>();
  for (const { hour, firstAt } of await readParts(call, company, hours)) {
    const subject = `${company} ${dayOf(hour)}`;
    sent.set(subject, Math.max(sent.get(subject) ?? 0, firstAt));
  }
  return new Map(
    [...own].map(([subject, said]) => [subject, { ...said, at: Math.max(said.at ?? 0, sent.get(subject) ?? 0) }]),
  );
}
