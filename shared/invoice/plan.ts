/** What the close of a month has planned for a company and currency: which invoice bills it, or why none does. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';

/** `below_floor`: carried over until it is worth an invoice. `credit_balance`: the company is in credit. `void`: its invoice was voided. */
export const NotInvoiced = z
  .enum(['below_floor', 'credit_balance', 'nothing', 'void'])
  .meta({ id: 'NotInvoicedReason' });
export type NotInvoiced = z.infer<typeof NotInvoiced>;

export const Plan = z.object({
  company: OrganisationId,
  currency: Currency,
  period: z.string(),
  /** Null where the period is not billed by an invoice of its own; then `reason` says why. */
  invoice: z.string().nullable(),
  reason: NotInvoiced.nullable(),
  /** 1100 at the cut-off, in micro-units. */
  balanceMicros: z.int(),
  /** What of it is billed, in whole cents; 0 without an invoice. */
  invoicedMicros: z.int(),
  /** The first month whose entries it bills: earlier than `period` where those were carried over. */
  since: z.string(),
});
export type Plan = z.infer<typeof Plan>;

/** How a charge of a period stands: the invoice that bills it, or null with why it is not billed yet. */
export type Invoiced = { invoice: string; reason: null } | { invoice: null; reason: NotInvoiced | 'not_closed' };
