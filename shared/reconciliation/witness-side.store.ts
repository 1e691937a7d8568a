/** How much was settled, by company and UTC day: what our lists say, and what the meter at Stripe has counted. */
import { mapConcurrent } from '../kernel/call.ts';
import { DAY, dayOf } from '../kernel/time.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { countedAtStripe, countedHours, type Hours, readParts, settledByHour } from '../witness/witness.store.ts';
import type { Said } from './reconciliation.ts';

const WIDTH = 8;
type Sides = { ledger: Map<string, Said>; stripe: Map<string, Said> };

/** Of `companies`, with activity in the hours since `since` (ms) that were sent. A day is as young as what was sent of it last. */
export async function witnessSides(call: StripeCall, companies: readonly string[], since: number): Promise<Sides> {
  const sides: Sides = { ledger: new Map(), stripe: new Map() };
  const hours = await countedHours(call, since);
  if (hours === null) return sides;
  await mapConcurrent(companies, WIDTH, (company) => addCompany(call, company, hours, sides));
  return sides;
}

async function addCompany(call: StripeCall, company: string, hours: Hours, { ledger, stripe }: Sides): Promise<void> {
  const [settled, parts] = [await settledByHour(call, company, hours), await readParts(call, company, hours)];
  for (const [hour, count] of settled) {
    const subject = `${company} ${dayOf(hour)}`;
    const before = ledger.get(subject);
    const sent = parts.filter((part) => part.hour === hour).map(({ firstAt }) => firstAt);
    const at = Math.max(before?.at ?? 0, hour, ...sent);
    ledger.set(subject, { value: (before?.value ?? 0) + count, at, party: company });
  }
  const customer = parts.at(-1)?.customer;
  if (customer === undefined) return;
  // Whole days at Stripe: of the first one also what lies before, where that was sent.
  const from = Math.floor(hours.from / DAY) * DAY;
  for (const [day, value] of await countedAtStripe(call, customer, { ...hours, from }, 'day'))
    stripe.set(`${company} ${dayOf(day)}`, { value, at: null, party: company });
}
