/** How much was settled, by company and UTC day: what our lists say, and what the meter at Stripe has counted. */
import { readCustomers } from '../billing-profile/billing-profile.store.ts';
import { mapConcurrent } from '../kernel/call.ts';
import { DAY, dayOf } from '../kernel/time.ts';
import type { Moved } from '../ledger/moved.store.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { countedAtStripe, countedHours, type Hours, readParts, within } from '../witness/witness.store.ts';
import type { Said } from './reconciliation.ts';

const WIDTH = 8;
type Sides = { ledger: Map<string, Said>; stripe: Map<string, Said> };

/** Of companies with activity in the hours since `since` (ms) that were sent. */
export async function witnessSides(call: StripeCall, moved: ReadonlyMap<string, Moved>, since: number): Promise<Sides> {
  const sides: Sides = { ledger: new Map(), stripe: new Map() };
  const hours = await countedHours(call, since);
  if (hours === null) return sides;
  const active = [...moved].flatMap(([company, { charges }]): [string, Map<number, number>][] => {
    const counts = within(charges, hours);
    return counts.size === 0 ? [] : [[company, counts]];
  });
  const customers = await readCustomers(
    call,
    active.map(([company]) => company),
  );
  await mapConcurrent(active, WIDTH, ([company, counts]) =>
    addCompany(call, { company, counts, hours, customer: customers.get(company) }, sides),
  );
  return sides;
}

type Active = { company: string; counts: ReadonlyMap<number, number>; hours: Hours; customer: string | undefined };

async function addCompany(call: StripeCall, active: Active, { ledger, stripe }: Sides): Promise<void> {
  const { company, counts, hours, customer } = active;
  const own = new Map<string, Said>();
  for (const [hour, count] of counts) {
    const subject = `${company} ${dayOf(hour)}`;
    const before = own.get(subject);
    own.set(subject, { value: (before?.value ?? 0) + count, at: Math.max(before?.at ?? 0, hour), party: company });
  }
  let isSame = true;
  // Whole days at Stripe: of the first one also what lies before, where that was sent.
  const from = Math.floor(hours.from / DAY) * DAY;
  // One without a profile is a customer all the same: what was sent says which.
  const id = customer ?? (await readParts(call, company, hours)).at(-1)?.customer;
  const counted =
    id === undefined ? new Map<number, number>() : await countedAtStripe(call, id, { ...hours, from }, 'day');
  for (const [day, value] of counted) {
    const subject = `${company} ${dayOf(day)}`;
    stripe.set(subject, { value, at: null, party: company });
    isSame &&= own.get(subject)?.value === value;
  }
  isSame &&= counted.size === own.size;
  for (const [subject, said] of isSame ? own : await withSending(call, company, hours, own)) ledger.set(subject, said);
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
