/** The paper of an invoice as Stripe keeps it. */
import * as z from 'zod';

export const InvoiceDocument = z
  .object({
    url: z.string().meta({ description: 'The page at Stripe with the invoice, where it is paid' }),
    pdf: z.string().nullable().meta({ description: 'Its PDF at Stripe' }),
  })
  .meta({ id: 'InvoiceDocument', description: 'Links of Stripe that end: ask anew rather than keep them' });
export type InvoiceDocument = z.infer<typeof InvoiceDocument>;
