/** How a company is billed: who it is on an invoice, and how it pays. The same for all currencies. */
import * as z from 'zod';
import { CollectionMethod } from '../invoice/invoice.ts';
import { OrganisationId } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { dayOf, Instant } from '../kernel/time.ts';

const line = (most: number) => z.string().trim().min(1).max(most);

export const Address = z
  .strictObject({
    line1: line(200),
    line2: line(200).nullable().default(null),
    city: line(100),
    postalCode: line(20).nullable().default(null),
    state: line(100).nullable().default(null),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be a country code of two letters, such as DE')
      .meta({ description: 'ISO 3166-1 alpha-2' }),
  })
  .meta({ id: 'Address' });
export type Address = z.infer<typeof Address>;

export const TaxId = z
  .strictObject({
    type: z
      .string()
      .regex(/^[a-z]{2}_[a-z0-9_]{2,30}$/, 'must be a type of tax id such as eu_vat, gb_vat or us_ein')
      .meta({ description: 'As Stripe names the types of tax ids, such as eu_vat, gb_vat, us_ein' }),
    value: line(40),
  })
  .meta({ id: 'TaxId' });
export type TaxId = z.infer<typeof TaxId>;

export const PurchaseOrder = z
  .strictObject({
    // Stripe prints it as a custom field of the invoice: 140 characters.
    number: line(100),
    expiresOn: z.iso.date().nullable().default(null).meta({ description: 'The last UTC day on which it holds' }),
  })
  .meta({ id: 'PurchaseOrder' });
export type PurchaseOrder = z.infer<typeof PurchaseOrder>;

/** An invoice that is sent is due so many days after it is final, at the latest. */
export const MOST_DAYS_UNTIL_DUE = 60;

export const BillingProfileInput = z
  .strictObject({
    legalName: line(150),
    address: Address,
    taxId: TaxId.nullable().default(null),
    billingEmail: z.email().max(254).meta({ description: 'Where invoices and notices go' }),
    purchaseOrder: PurchaseOrder.nullable()
      .default(null)
      .meta({ description: 'Stands on every invoice until it expires' }),
    costCentre: line(60).nullable().default(null),
    collectionMethod: CollectionMethod.default('charge_automatically'),
    daysUntilDue: z
      .int()
      .min(1)
      .max(MOST_DAYS_UNTIL_DUE)
      .default(30)
      .meta({ description: 'For `send_invoice`: days from final to due' }),
  })
  .meta({ id: 'BillingProfileInput' });
export type BillingProfileInput = z.infer<typeof BillingProfileInput>;

/** What Stripe found of a tax id, as it names it; `unavailable` where nobody looks that type up. */
export const TaxIdVerification = z
  .enum(['pending', 'verified', 'unverified', 'unavailable'])
  .meta({ id: 'TaxIdVerification' });
export type TaxIdVerification = z.infer<typeof TaxIdVerification>;

export const BillingProfile = z
  .object({
    company: OrganisationId,
    ...BillingProfileInput.shape,
    paymentMethod: z
      .string()
      .nullable()
      .meta({ description: 'What is charged, such as `visa ending in 4242`; null until one is set up' }),
    taxIdVerification: TaxIdVerification.nullable().meta({
      description: 'Whether the tax id was verified; null where there is none, or Stripe does not have it yet',
    }),
    refused: z
      .string()
      .nullable()
      .meta({ description: 'Why Stripe did not take the profile as it is; null where it did, or was not asked yet' }),
    version: z.int().meta({ description: 'Counts changes' }),
    updatedAt: Instant,
  })
  .meta({ id: 'BillingProfile' });
export type BillingProfile = z.infer<typeof BillingProfile>;

/** Refuses a purchase order that no longer holds on the day that it is entered. */
export const checkProfile = (
  input: BillingProfileInput,
  now: number,
): Result<BillingProfileInput, 'purchase_order_expired'> =>
  holdsOn(input.purchaseOrder, now) || input.purchaseOrder === null
    ? ok(input)
    : refuse(
        'purchase_order_expired',
        `The purchase order ${input.purchaseOrder.number} ended on ${input.purchaseOrder.expiresOn} (UTC): enter a current one, or none.`,
      );

/** Whether a purchase order may stand on an invoice that becomes final now. */
export const holdsOn = (order: PurchaseOrder | null, now: number): boolean =>
  order !== null && (order.expiresOn === null || dayOf(now) <= order.expiresOn);
