/** What a credit note comes to, reckoned from what its invoice says and what was credited before. No clock, no store. */
import type { Stripe } from 'stripe';
import { invalid } from '../errors.ts';
import { sumOfTaxes, totalTaxes } from './tax.ts';

export type NoteLineInput = {
  type: 'invoice_line_item' | 'custom_line_item';
  amount?: number | undefined;
  description?: string | undefined;
  invoice_line_item?: string | undefined;
  metadata?: Record<string, string | null> | null | undefined;
  quantity?: number | undefined;
  unit_amount?: number | undefined;
};
/** An invoice line with what earlier notes took of it, before tax. */
export type Creditable = { line: Stripe.InvoiceLineItem; credited: number; creditedTax: number };
/** A line of a note without id. */
export type NoteLine = Omit<Stripe.CreditNoteLineItem, 'id' | 'object' | 'livemode' | 'metadata'> & {
  metadata: Record<string, string | null> | null | undefined;
};
type Taxes = Stripe.CreditNoteLineItem.Tax[];

const base = {
  discount_amount: 0,
  discount_amounts: [],
  pretax_credit_amounts: [],
  tax_rates: [],
};

/** The lines of a note. `isTaxed`: Stripe reckons the tax, and only lines of the invoice can be credited. */
export function noteLines(
  inputs: readonly NoteLineInput[],
  lines: ReadonlyMap<string, Creditable>,
  isTaxed: boolean,
): NoteLine[] {
  const taken = new Map<string, { amount: number; tax: number }>();
  return inputs.map((input, at) => {
    if (input.type === 'custom_line_item') return customLine(input, at, isTaxed);
    const found = lines.get(input.invoice_line_item ?? '');
    const param = `lines[${at}][invoice_line_item]`;
    if (found === undefined)
      throw invalid(`No such line item: '${input.invoice_line_item ?? ''}'`, { code: 'resource_missing', param });
    const before = taken.get(found.line.id) ?? { amount: found.credited, tax: found.creditedTax };
    const made = invoiceLine(input, found.line, before, at);
    taken.set(found.line.id, {
      amount: before.amount + made.amount,
      tax: before.tax + sumOfTaxes(made.taxes),
    });
    return made;
  });
}

function invoiceLine(
  input: NoteLineInput,
  line: Stripe.InvoiceLineItem,
  before: { amount: number; tax: number },
  at: number,
): NoteLine {
  const { amount, quantity } = input;
  if ((amount === undefined) === (quantity === undefined))
    throw invalid('You must specify either amount or quantity for an invoice line item.', {
      param: `lines[${at}][amount]`,
    });
  const whole = line.quantity ?? 1;
  const wanted = amount ?? (quantity === whole ? line.amount : Math.floor((line.amount * (quantity ?? 0)) / whole));
  const left = line.amount - before.amount;
  if (wanted < 0)
    throw invalid('Invalid non-negative integer', { code: 'parameter_invalid_integer', param: `lines[${at}][amount]` });
  if (wanted > left)
    throw invalid(
      `The amount (${wanted}) is greater than what is left to credit of the line item ${line.id} (${left}).`,
      {
        param: `lines[${at}][amount]`,
      },
    );
  return {
    ...base,
    amount: wanted,
    description: line.description,
    invoice_line_item: line.id,
    metadata: input.metadata,
    quantity: quantity ?? 1,
    taxes: (line.taxes ?? []).map((tax) => creditedTax(tax, line.amount, wanted, before)),
    type: 'invoice_line_item',
    unit_amount: null,
    unit_amount_decimal: null,
  };
}

/** The tax on a part of a line: the line's own in proportion, so that all parts together give back exactly all of it. */
function creditedTax(
  tax: Stripe.InvoiceLineItem.Tax,
  lineAmount: number,
  amount: number,
  before: { amount: number; tax: number },
): Taxes[number] {
  const upTo =
    lineAmount === 0 ? 0 : Number((BigInt(tax.amount) * BigInt(before.amount + amount)) / BigInt(lineAmount));
  return { ...tax, amount: upTo - before.tax, taxable_amount: (tax.taxable_amount ?? 0) === 0 ? 0 : amount };
}

function customLine(input: NoteLineInput, at: number, isTaxed: boolean): NoteLine {
  if (isTaxed)
    throw invalid('Custom line items are not supported on invoices with automatic tax.', {
      param: `lines[${at}][type]`,
    });
  const { quantity = 1, unit_amount: unit } = input;
  if (unit === undefined)
    throw invalid('Missing required param: unit_amount.', {
      code: 'parameter_missing',
      param: `lines[${at}][unit_amount]`,
    });
  return {
    ...base,
    amount: unit * quantity,
    description: input.description ?? null,
    metadata: input.metadata,
    quantity,
    taxes: [],
    type: 'custom_line_item',
    unit_amount: unit,
    unit_amount_decimal: null,
  };
}

export type Sums = { subtotal: number; taxes: Stripe.CreditNote.TotalTax[]; total: number };

export function sumsOf(lines: readonly NoteLine[]): Sums {
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0);
  const taxes = totalTaxes(lines);
  return { subtotal, taxes, total: subtotal + sumOfTaxes(taxes) };
}

export type Split = {
  /** Cents off what the invoice still asks for. */
  pre: number;
  /** Cents off what was paid, and how they are given back. */
  post: number;
  refund: number;
  linked: number;
  credit: number;
  outOfBand: number;
};
export type SplitAsked = {
  refund: number | undefined;
  linked: number;
  credit: number | undefined;
  outOfBand: number | undefined;
};

/**
 * First what the invoice still asks for, then what was paid: refunds + credit + out of band = that, to the cent.
 * `creditable` is what is left of the invoice to be credited.
 */
export function splitOf(total: number, remaining: number, creditable: number, asked: SplitAsked): Split {
  if (total <= 0) throw invalid('The credit note must have a total of more than zero.', { param: 'amount' });
  if (total > creditable)
    throw invalid(`The credit note (${total}) is greater than what is left to credit of the invoice (${creditable}).`, {
      param: 'amount',
    });
  const pre = Math.min(total, remaining);
  const post = total - pre;
  const { refund = 0, linked, credit = 0, outOfBand = 0 } = asked;
  const given = refund + linked + credit + outOfBand;
  if (given !== post)
    throw invalid(
      `The sum of credit amount, refund amount and out of band amount (${given}) must equal the post payment amount of the credit note (${post}).`,
    );
  return { pre, post, refund, linked, credit, outOfBand };
}
