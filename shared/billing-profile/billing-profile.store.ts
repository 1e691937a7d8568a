/** A company's profile `BP#<company>` / `-`, with what Stripe knows of it. Other parts read it through `readProfile`. */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import type { Result } from '../kernel/result.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { type BillingProfile, BillingProfileInput, checkProfile, TaxIdVerification } from './billing-profile.ts';

export const StoredProfile = z.object({
  company: z.string(),
  ...BillingProfileInput.shape,
  version: z.int(),
  updatedAt: z.number(),
  /** The customer at Stripe; the version of the profile that it has. */
  customer: z.string().nullable(),
  syncedVersion: z.int(),
  paymentMethod: z.string().nullable(),
  taxIdVerification: TaxIdVerification.nullable().default(null),
  refused: z.string().nullable(),
});
export type StoredProfile = z.infer<typeof StoredProfile>;

export const profileKey = (company: string): Key => ({ pk: `BP#${company}`, sk: '-' });
const MOST_TRIES = 4;

/** A company's profile as stored; undefined where it has none. */
export async function readProfile(call: Call, company: string): Promise<StoredProfile | undefined> {
  return call.tables.get('ledger', profileKey(company), StoredProfile, { consistent: true });
}

/** The profiles of some companies; who has none is absent. */
export async function readProfiles(call: Call, companies: readonly string[]): Promise<Map<string, StoredProfile>> {
  const keys = companies.map(profileKey);
  const found = await call.tables.getMany('ledger', keys, StoredProfile, { consistent: true });
  return new Map([...found.values()].map((profile) => [profile.company, profile]));
}

/** The customers at Stripe of some companies, of those that are one by their profile. */
export async function readCustomers(call: Call, companies: readonly string[]): Promise<Map<string, string>> {
  const found = await call.tables.getMany('ledger', companies.map(profileKey), StoredProfile);
  return new Map(
    [...found.values()].flatMap(({ company, customer }) => (customer === null ? [] : [[company, customer] as const])),
  );
}

/** Sets or replaces a profile; the same content again changes nothing. Refused: `purchase_order_expired`. */
export async function putProfile(
  call: Call,
  company: string,
  input: BillingProfileInput,
): Promise<Result<StoredProfile, 'purchase_order_expired'>> {
  const checked = checkProfile(input, call.now);
  if (!checked.ok) return checked;
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const before = await readProfile(call, company);
    if (before !== undefined && sameContent(before, input)) return { ok: true, value: before };
    const keepsTaxId = JSON.stringify(before?.taxId) === JSON.stringify(input.taxId);
    const taxIdVerification = keepsTaxId ? (before?.taxIdVerification ?? null) : null;
    const next: StoredProfile = {
      ...(before ?? { company, customer: null, syncedVersion: 0, paymentMethod: null, version: 0 }),
      taxIdVerification,
      ...input,
      version: (before?.version ?? 0) + 1,
      updatedAt: call.now,
      refused: null,
    };
    const { version: _version, ...rest } = next;
    const written =
      before === undefined
        ? await call.tables.put('ledger', { ...profileKey(company), ...next }, ABSENT)
        : // What Stripe tells is written by others meanwhile: only what was entered is set.
          await call.tables.update(
            'ledger',
            profileKey(company),
            {
              set: {
                ...entered(rest),
                version: next.version,
                updatedAt: call.now,
                refused: null,
                ...(keepsTaxId ? {} : { taxIdVerification }),
              },
            },
            [['=', 'version', before.version]],
          );
    if (written.ok) return { ok: true, value: next };
  }
  throw new Error('a billing profile kept changing');
}

const entered = (input: BillingProfileInput): BillingProfileInput => BillingProfileInput.parse(pick(input));

function pick(input: BillingProfileInput): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(BillingProfileInput.shape).map((name) => [name, input[name as keyof BillingProfileInput]]),
  );
}

const sameContent = (a: BillingProfileInput, b: BillingProfileInput): boolean =>
  JSON.stringify(pick(a)) === JSON.stringify(pick(b));

/** The profile as its company and the market see it. */
export function profileView(stored: StoredProfile): BillingProfile {
  const { customer: _customer, syncedVersion: _synced, updatedAt, ...shown } = stored;
  return { ...shown, updatedAt: iso(updatedAt) };
}
