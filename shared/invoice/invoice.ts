/** An invoice to a company for one month and currency: what it bills, and how far it is collected. */
import * as z from 'zod';
import { OrganisationId, QueueId } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';

/**
 * `planned`: its amount is fixed. `draft`: it is at Stripe and has its lines. `open`: final and unpaid. `dropped`: the plan
 * was taken back before it was final.
 */
export const InvoiceState = z
  .enum(['planned', 'draft', 'open', 'paid', 'uncollectible', 'void', 'dropped'])
  .meta({ id: 'InvoiceState' });
export type InvoiceState = z.infer<typeof InvoiceState>;

export const CollectionMethod = z.enum(['charge_automatically', 'send_invoice']).meta({ id: 'CollectionMethod' });
export type CollectionMethod = z.infer<typeof CollectionMethod>;

export const InvoiceId = z
  .string()
  .regex(/^co_[0-9a-z]{4,20}\.[A-Z]{3}\.\d{4}-\d{2}\.v\d{1,3}$/, 'is not an invoice id')
  .meta({ description: 'An invoice: company, currency, month and version, such as co_7k2m9x4q1z.USD.2026-01.v0' });

/** All amounts in micro-units, whole cents. */
export const Invoice = z
  .object({
    id: z.string().meta({ description: 'company.currency.period.version' }),
    company: OrganisationId,
    currency: Currency,
    period: z.string().meta({ description: 'The UTC month that it bills' }),
    version: z.int().min(0).meta({ description: 'One more after each void' }),
    state: InvoiceState,
    subtotalMicros: z.int().meta({ description: 'The sum of its lines, without tax' }),
    taxMicros: z.int(),
    totalMicros: z.int(),
    creditAppliedMicros: z.int().meta({ description: 'Customer credit that was set off when it became final' }),
    paidMicros: z.int().meta({ description: 'Paid so far, through Stripe or outside' }),
    availableMicros: z.int().meta({
      description: 'Cash of it that is available at Stripe or came by bank, less chargebacks: what can be paid on',
    }),
    creditedMicros: z.int().meta({ description: 'Taken off what is unpaid by credit notes' }),
    remainingMicros: z.int().meta({ description: 'What is still to be paid' }),
    collectionMethod: CollectionMethod,
    stripeInvoice: z.string().nullable(),
    number: z.string().nullable().meta({ description: 'The legal number; known once it is final' }),
    daysUntilDue: z.int().meta({ description: 'For `send_invoice`: days from final to due' }),
    automaticTax: z.boolean().default(false).meta({ description: 'Whether Stripe reckons its tax' }),
    purchaseOrder: z.string().nullable(),
    costCentre: z.string().nullable(),
    since: z
      .string()
      .meta({ description: 'The first month that it bills: earlier than `period` where that was carried over' }),
    lines: z.int().meta({ description: 'How many lines it has' }),
    details: z.int().meta({ description: 'How many lines its detail has; 0 where the lines are the detail' }),
    held: z
      .string()
      .nullable()
      .meta({ description: 'Why it does not become final: what Stripe refused, or how it differs from the ledger' }),
    writeOff: z
      .object({
        by: z.string(),
        approvedBy: z.string().nullable(),
        micros: z.int(),
        payments: z.array(z.string()).default([]).meta({ description: 'What of it was paid before' }),
      })
      .nullable()
      .default(null)
      .meta({ description: 'Who proposed to write it off, who carried it out, and how much' }),
    plannedAt: Instant,
    finalizedAt: Instant.nullable(),
    dueAt: Instant.nullable(),
    paidAt: Instant.nullable(),
  })
  .meta({ id: 'Invoice' });
export type Invoice = z.infer<typeof Invoice>;

export const LineKind = z
  .enum(['confirmed', 'assumed', 'overflow', 'shortfall', 'carried', 'adjustment', 'queue'])
  .meta({
    id: 'InvoiceLineKind',
    description: '`queue`: all of a queue, on an invoice with too many rounds and kinds for a line each',
  });
export type LineKind = z.infer<typeof LineKind>;

export const InvoiceLine = z
  .object({
    line: z.int().min(1),
    kind: LineKind,
    queue: QueueId.nullable(),
    round: z.int().nullable(),
    quantity: z.int().min(0).meta({ description: 'Resolutions on it' }),
    micros: z.int().meta({ description: 'Whole cents; never negative' }),
    creditedMicros: z.int().meta({ description: 'Taken back by credit notes so far' }),
    description: z.string(),
  })
  .meta({ id: 'InvoiceLine' });
export type InvoiceLine = z.infer<typeof InvoiceLine>;

export const invoiceIdOf = (company: string, currency: Currency, period: string, version: number): string =>
  `${company}.${currency}.${period}.v${version}`;
