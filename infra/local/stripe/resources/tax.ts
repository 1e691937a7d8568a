/**
 * Tax as the stand-in reckons it, for Stripe Tax: the standard rate of the customer's country on the whole amount, on
 * top; no tax where none is collected; the customer's own duty (reverse charge) where a tax id stands and the customer
 * is in another country than the market. Each line is rounded by itself, half a cent away from zero.
 */
import type { Stripe } from 'stripe';

/** Hundredths of a percent: the standard rates of VAT or GST in 2026. A country without an entry is not collected in. */
const STANDARD_BPS: Readonly<Record<string, number>> = {
  AT: 2_000,
  AU: 1_000,
  BE: 2_100,
  BG: 2_000,
  CH: 810,
  CY: 1_900,
  CZ: 2_100,
  DE: 1_900,
  DK: 2_500,
  EE: 2_400,
  ES: 2_100,
  FI: 2_550,
  FR: 2_000,
  GB: 2_000,
  GR: 2_400,
  HR: 2_500,
  HU: 2_700,
  IE: 2_300,
  IT: 2_200,
  LT: 2_100,
  LU: 1_700,
  LV: 2_100,
  MT: 1_800,
  NL: 2_100,
  NO: 2_500,
  NZ: 1_500,
  PL: 2_300,
  PT: 2_300,
  RO: 2_100,
  SE: 2_500,
  SI: 2_200,
  SK: 2_300,
};
/** Stripe's tax code for what is not taxed at all. */
const NOT_TAXABLE = 'txcd_00000000';

export type TaxParty = {
  country: string | null;
  exempt: 'none' | 'exempt' | 'reverse';
  hasTaxId: boolean;
  /** Where the market is at home. */
  home: string;
};
type Reason = Stripe.InvoiceLineItem.Tax['taxability_reason'];
export type TaxRule = { bps: number; reason: Reason };

/** What is taken of a customer for something with this tax code. */
export function taxRule(party: TaxParty, taxCode: string | null): TaxRule {
  const { country } = party;
  if (taxCode === NOT_TAXABLE) return { bps: 0, reason: 'product_exempt' };
  const bps = country === null ? undefined : STANDARD_BPS[country];
  if (bps === undefined) return { bps: 0, reason: 'not_collecting' };
  if (party.exempt === 'exempt') return { bps: 0, reason: 'customer_exempt' };
  if (party.exempt === 'reverse' || (party.hasTaxId && country !== party.home))
    return { bps: 0, reason: 'reverse_charge' };
  return { bps, reason: 'standard_rated' };
}

/** Cents of tax on cents. */
export function taxOn(amount: number, bps: number): number {
  const product = BigInt(Math.abs(amount)) * BigInt(bps);
  const cents = Number((product * 2n + 10_000n) / 20_000n);
  return amount < 0 ? -cents : cents;
}

/** One line's taxes, as they stand on it. */
export function lineTaxes(amount: number, rule: TaxRule, country: string | null): Stripe.InvoiceLineItem.Tax[] {
  return [
    {
      amount: taxOn(amount, rule.bps),
      tax_behavior: 'exclusive',
      tax_rate_details: { tax_rate: rateId(country, rule) },
      taxability_reason: rule.reason,
      taxable_amount: rule.bps === 0 ? 0 : amount,
      type: 'tax_rate_details',
    },
  ];
}

/** The same rate has the same id, as Stripe's has. */
const rateId = (country: string | null, { bps, reason }: TaxRule): string =>
  `txr_${country ?? 'XX'}${bps}${reason.replaceAll('_', '')}`;

type Sum = Stripe.Invoice.TotalTax;

/** The taxes of all lines, one sum for each rate, in the order in which they first stand. */
export function totalTaxes(lines: readonly { taxes: readonly Sum[] | null }[]): Sum[] {
  const sums = new Map<string, Sum>();
  for (const tax of lines.flatMap((line) => line.taxes ?? [])) {
    const rate = tax.tax_rate_details?.tax_rate ?? '';
    const sum = sums.get(rate);
    sums.set(rate, {
      ...tax,
      amount: (sum?.amount ?? 0) + tax.amount,
      taxable_amount: (sum?.taxable_amount ?? 0) + (tax.taxable_amount ?? 0),
    });
  }
  return [...sums.values()];
}

export const sumOfTaxes = (taxes: readonly { amount: number }[] | null): number =>
  (taxes ?? []).reduce((sum, tax) => sum + tax.amount, 0);
