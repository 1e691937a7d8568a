/** What an invoice would be by now, before its month is closed. */
import * as z from 'zod';
import { Currency } from '../kernel/money.ts';
import { InvoiceLine } from './invoice.ts';
import { NotInvoiced } from './plan.ts';
import { Variance } from './variance.ts';

export const InvoiceEstimate = z
  .object({
    label: z.literal('estimate'),
    company: z.string(),
    currency: Currency,
    period: z.string().meta({ description: 'UTC month' }),
    since: z.string().meta({ description: 'The first month that it would bill' }),
    subtotalMicros: z.int().meta({ description: 'Without tax, in whole cents; 0 where nothing would be invoiced' }),
    owedMicros: z.int().meta({ description: 'All that is unbilled by now, to the micro-unit' }),
    reason: NotInvoiced.nullable().meta({ description: 'Why nothing would be invoiced' }),
    lines: z.array(
      InvoiceLine.pick({
        line: true,
        kind: true,
        queue: true,
        round: true,
        quantity: true,
        micros: true,
        description: true,
      }),
    ),
    variance: Variance.meta({ description: 'Against the month before' }),
  })
  .meta({ id: 'InvoiceEstimate' });
export type InvoiceEstimate = z.infer<typeof InvoiceEstimate>;
