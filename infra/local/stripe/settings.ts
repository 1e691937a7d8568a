/**
 * What Stripe would know from its contract with the market and from its dashboard: fees, days, tax, retries. Every
 * number is a default that the action `change_settings` replaces for one store.
 */
import * as z from 'zod';
import type { Context } from './context.ts';
import { action, type Resource } from './resource.ts';

const whole = z.int().min(0);
const fee = z.strictObject({ bps: whole, fixed: whole, most: whole.nullable() });

export const settingsSchema = z.strictObject({
  /** Where the market is at home: its own customers there pay tax even with a tax id. */
  country: z.string().length(2).default('IE'),
  /** Published at stripe.com/pricing for the US: 2.9 % and 30 cents of a card payment. */
  cardFee: fee.default({ bps: 290, fixed: 30, most: null }),
  /** Published for ACH debits: 0.8 %, at most 5.00. */
  debitFee: fee.default({ bps: 80, fixed: 0, most: 500 }),
  /** Cents for each chargeback. */
  disputeFee: whole.default(1_500),
  /** Whether a chargeback that is won brings its fee back. */
  isDisputeFeeReturned: z.boolean().default(false),
  /** Days until the money of a payment is available, to midnight UTC. */
  settlementDays: whole.default(2),
  /** Days a bank debit is `processing`. */
  debitDays: whole.default(4),
  /**
   * When the balance transaction of a bank debit is made. Stripe makes it with the debit for some methods, and takes it
   * back with a `payment_failure_refund` when the bank says no.
   */
  debitBookedAt: z.enum(['success', 'start']).default('success'),
  /** Seconds from a payment to its balance transaction, which `charge.updated` then tells (`automatic_async`); 0: with it. */
  bookedAfterSeconds: whole.default(0),
  /** Days that a refund to a bank account is `pending`. */
  bankRefundDays: whole.default(3),
  topupDays: whole.default(1),
  /** Days from a payout to the bank that it takes, and of them in `pending`. */
  payoutDays: whole.default(2),
  /** Days from each failed attempt to the next. */
  retryDays: z.array(z.int().min(1)).max(8).default([3, 5, 7]),
  /** What becomes of an invoice whose last retry failed. */
  afterRetries: z.enum(['open', 'uncollectible']).default('open'),
  /** Days after the due date until `invoice.overdue`. */
  overdueDays: whole.default(0),
  /** Less than this is not charged but put onto the customer's balance, in cents. */
  smallestCharge: whole.default(50),
  /** Days for evidence; then a dispute is lost. */
  evidenceDays: whole.default(14),
});
export type Settings = z.infer<typeof settingsSchema>;
export type Fee = Settings['cardFee'];

const NAME = 'settings';
const UNCHANGED = settingsSchema.parse({});

export function settingsOf(context: Context): Settings {
  const note = context.as('').get('local.note', NAME);
  return note === undefined ? UNCHANGED : settingsSchema.parse(note.changed);
}

export const settings: Resource = {
  actions: {
    change_settings: action('Change fees, days, tax or retries', settingsSchema.partial().shape, (context, changed) => {
      const platform = context.as('');
      const before = platform.get('local.note', NAME)?.changed ?? {};
      const given = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined));
      platform.put('local.note', { id: NAME, object: 'local.note', changed: { ...before, ...given } });
      return settingsOf(context);
    }),
  },
};
