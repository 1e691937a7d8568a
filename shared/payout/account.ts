/** Who is paid: a provider's tax data, and its account at Stripe, with what Stripe still asks for in words. */
import * as z from 'zod';
import { Address, TaxId } from '../billing-profile/billing-profile.ts';
import { OrganisationId } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';

/**
 * `none`: it charges no tax, and is not asked to. `small_business`: exempt by its size. `domestic`: its rate is added.
 * `reverse_charge`: the market owes the tax, as the invoice says.
 */
export const VatRegime = z.enum(['none', 'small_business', 'domestic', 'reverse_charge']).meta({ id: 'VatRegime' });
export type VatRegime = z.infer<typeof VatRegime>;

export const PayoutProfileInput = z
  .strictObject({
    legalName: z.string().trim().min(1).max(150),
    entityType: z.enum(['company', 'individual', 'non_profit']).default('company'),
    address: Address,
    taxId: TaxId.nullable().default(null),
    contactEmail: z.email().max(254).meta({ description: 'Where Stripe and the market write about pay' }),
    vatRegime: VatRegime.default('none'),
    vatRateBps: z
      .int()
      .min(0)
      .max(3_000)
      .default(0)
      .meta({ description: 'Its rate of tax in basis points; only for `domestic`' }),
  })
  .refine((profile) => profile.taxId !== null || !['domestic', 'reverse_charge'].includes(profile.vatRegime), {
    path: ['taxId'],
    message: 'is needed where tax is charged or reversed: send type and value, such as eu_vat and DE123456789',
  })
  .refine((profile) => (profile.vatRegime === 'domestic') === profile.vatRateBps > 0, {
    path: ['vatRateBps'],
    message: 'must be more than 0 for `domestic`, and 0 otherwise',
  })
  .meta({ id: 'PayoutProfileInput' });
export type PayoutProfileInput = z.infer<typeof PayoutProfileInput>;

export const PayoutProfile = z
  .object({ provider: OrganisationId, ...PayoutProfileInput.shape, version: z.int(), updatedAt: Instant })
  .meta({ id: 'PayoutProfile' });
export type PayoutProfile = z.infer<typeof PayoutProfile>;

/** `active`: it may be paid. `incomplete`: Stripe asks for more. `pending`: Stripe is checking. `closed`: it is over. */
export const AccountStatus = z
  .enum(['none', 'incomplete', 'pending', 'active', 'closed'])
  .meta({ id: 'PayoutAccountStatus' });
export type AccountStatus = z.infer<typeof AccountStatus>;

export const PayoutAccount = z
  .object({
    provider: OrganisationId,
    status: AccountStatus,
    account: z.string().nullable().meta({ description: "Stripe's id" }),
    needs: z.array(z.string()).meta({ description: 'What Stripe still asks for, in words' }),
    checkedAt: Instant.nullable().meta({ description: 'When Stripe was last asked' }),
    bank: z
      .object({
        state: z.string().meta({ description: 'As Stripe names it: pending, in_transit, paid, failed, canceled' }),
        currency: Currency,
        micros: z.int(),
        arrivesAt: Instant,
        failure: z.string().nullable(),
      })
      .nullable()
      .meta({ description: "The newest payment from Stripe to the provider's bank" }),
    schedule: z.string().meta({ description: "When Stripe pays on to the provider's bank" }),
  })
  .meta({ id: 'PayoutAccount' });
export type PayoutAccount = z.infer<typeof PayoutAccount>;

/** Stripe pays a provider's bank weekly, but for this much (micro-units of each currency), so that a clawback finds something. */
export const MINIMUM_BALANCE_MICROS = 100_000_000;
export const BANK_SCHEDULE = 'Every Friday, all but 100.00 in each currency';

/** The parts of Stripe's account that decide. */
export type AccountFacts = {
  isClosed: boolean;
  /** Of the capability to take transfers. */
  capability: string | undefined;
  requirements: readonly { description: string; awaits: string }[];
};

export function statusOf({ isClosed, capability }: AccountFacts): AccountStatus {
  if (isClosed) return 'closed';
  if (capability === 'active' || capability === 'pending') return capability;
  return 'incomplete';
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/default_outbound_destination|external_account|bank_account/, 'a bank account to be paid to'],
  [/terms_of_service|attestations/, "agreement to Stripe's terms"],
  [/verification|document/, 'a document that proves who you are'],
  [/registered_name|legal_name/, 'the legal name of the business'],
  [/id_numbers|tax_id|registration_number/, 'a tax or registration number'],
  [/address/, 'an address'],
  [/date_of_birth|\bdob\b/, 'a date of birth'],
  [/phone/, 'a telephone number'],
  [/email/, 'an e-mail address'],
  [/owners|directors|executives|representative|persons/, 'the people who own or run the business'],
];

/** What Stripe asks of the provider, each thing once; what it checks itself is no request. */
export function needsOf({ requirements }: AccountFacts): string[] {
  const asked = requirements.filter(({ awaits }) => awaits !== 'stripe');
  return [...new Set(asked.map(({ description }) => inWords(description)))];
}

function inWords(description: string): string {
  const known = WORDS.find(([pattern]) => pattern.test(description));
  if (known !== undefined) return known[1];
  const last = description.split('.').at(-1) ?? description;
  return last.replaceAll('_', ' ');
}
