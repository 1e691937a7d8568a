/** What the market's finance people set for all invoices. */
import * as z from 'zod';
import { Instant } from '../kernel/time.ts';

export const BillingSettingsInput = z
  .strictObject({
    tax: z
      .enum(['none', 'automatic'])
      .meta({ description: '`automatic`: Stripe Tax reckons it from the company’s address and tax id' }),
  })
  .meta({ id: 'BillingSettingsInput' });
export type BillingSettingsInput = z.infer<typeof BillingSettingsInput>;

export const BillingSettings = z
  .object({
    ...BillingSettingsInput.shape,
    version: z.int(),
    updatedAt: Instant.nullable(),
    updatedBy: z.string().nullable(),
  })
  .meta({ id: 'BillingSettings' });
export type BillingSettings = z.infer<typeof BillingSettings>;

/** Before anybody has set anything. */
export const DEFAULT_SETTINGS: BillingSettings = { tax: 'none', version: 0, updatedAt: null, updatedBy: null };
