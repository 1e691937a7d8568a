/** What the close of a month has planned for a company and currency: which invoice bills it, or why none does. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { Currency, MICROS_PER_UNIT, wholeCents } from '../kernel/money.ts';
import { Sums } from './billable.ts';
import { hasVolumes, Volumes } from './variance.ts';

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
  /** 1100 before that month, in micro-units. */
  baseMicros: z.int(),
  /** In how many months up to this one it was below the floor. */
  belowFloorMonths: z.int(),
  /** What was resolved in the month itself. */
  volumes: Volumes,
  /** What is carried over came to this, so that the next month's plan goes on from it; without it those months are read again. */
  sums: Sums.optional(),
});
export type Plan = z.infer<typeof Plan>;

/** How a charge of a period stands: the invoice that bills it, or null with why it is not billed yet. */
export type Invoiced = { invoice: string; reason: null } | { invoice: null; reason: NotInvoiced | 'not_closed' };

/** Whether a later month's plan bills what this one came to. Less than a cent is no more than an amount that is left over. */
export const isCarried = ({ invoice, reason }: Pick<Plan, 'invoice' | 'reason'>): boolean =>
  invoice === null && reason !== 'nothing';

/** Whether the next month's close has to look at it: to bill what is carried over, or to explain that nothing is bought now. */
export const concernsNext = (plan: Pick<Plan, 'invoice' | 'reason' | 'volumes'>): boolean =>
  isCarried(plan) || hasVolumes(plan.volumes);

/** Below it an amount is not worth an invoice, in micro-units of its currency. */
export const FLOOR_MICROS = 25 * MICROS_PER_UNIT;
/** So many months it is carried over for that, at the most. */
export const MOST_BELOW_FLOOR_MONTHS = 3;

/** Whether an amount owed is invoiced, in whole cents, or why not. `belowFloorMonths`: how often it was carried over before. */
export function decideInvoice(owedMicros: number, belowFloorMonths: number): NotInvoiced | null {
  if (owedMicros < 0) return 'credit_balance';
  if (wholeCents(owedMicros) === 0) return 'nothing';
  return owedMicros < FLOOR_MICROS && belowFloorMonths < MOST_BELOW_FLOOR_MONTHS ? 'below_floor' : null;
}
