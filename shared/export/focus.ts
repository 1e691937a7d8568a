/**
 * A company's charges in the columns of FOCUS 1.2 (FinOps Open Cost and Usage Specification, focus.finops.org), so that
 * they stand beside its cloud costs. What FOCUS wants of infrastructure (zones, regions, commitments) is left out.
 */
import { fromIso, iso, nextPeriodStart, SECOND } from '../kernel/time.ts';
import type { ChargeRow } from './charges.ts';
import type { Cell, Column } from './table.ts';

/** `micros`: what the entry costs. */
export type FocusRow = ChargeRow & { account: { id: string; name: string } };

const CREDITS = ['sla_credit', 'release_credit', 'true_up', 'credit_note'];
const isCharge = ({ entry }: FocusRow): boolean => entry.kind === 'charge';
const text = (row: FocusRow, name: string): string => String(row.entry.facts[name] ?? '');

/** Usage: resolutions. Credit: what comes back by the rules. Adjustment: disputes and corrections. Purchase: shortfall. */
export function chargeCategory({ kind }: { kind: string }): 'Usage' | 'Purchase' | 'Credit' | 'Adjustment' {
  if (kind === 'charge') return 'Usage';
  if (kind === 'shortfall') return 'Purchase';
  return CREDITS.includes(kind) ? 'Credit' : 'Adjustment';
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  shortfall: 'Shortfall below the part of the award that is paid for at least',
  sla_credit: 'Credit for a resolution after its deadline',
  release_credit: 'Credit for capacity released to others',
  true_up: "Share of what was left of the round's pool",
};

function description(row: FocusRow): string {
  if (isCharge(row)) return `Resolution, ${text(row, 'outcome')}, ${text(row, 'queue')} round ${text(row, 'round')}`;
  return DESCRIPTIONS[row.entry.kind] ?? row.entry.kind.replaceAll('_', ' ');
}

const cost = ({ micros }: FocusRow): Cell => ({ micros });
const ofCharge =
  (cell: (row: FocusRow) => Cell) =>
  (row: FocusRow): Cell =>
    isCharge(row) ? cell(row) : null;
/** FOCUS writes times without fractions of a second. */
const time = (ms: number): string => iso(ms).replace('.000Z', 'Z');
const startOf = ({ entry }: FocusRow): number => fromIso(`${entry.period}-01T00:00:00Z`);
const toSecond = (text: string): number => Math.floor(fromIso(text) / SECOND) * SECOND;

export const FOCUS_COLUMNS: readonly Column<FocusRow>[] = [
  ['BilledCost', cost],
  ['EffectiveCost', cost],
  ['ContractedCost', cost],
  ['ListCost', cost],
  ['BillingAccountId', ({ account }) => account.id],
  ['BillingAccountName', ({ account }) => account.name],
  ['BillingAccountType', () => 'Company'],
  ['BillingCurrency', ({ entry }) => entry.currency],
  ['BillingPeriodStart', (row) => time(startOf(row))],
  ['BillingPeriodEnd', (row) => time(nextPeriodStart(startOf(row), 'month'))],
  ['ChargePeriodStart', ({ entry }) => time(toSecond(entry.occurredAt))],
  ['ChargePeriodEnd', ({ entry }) => time(toSecond(entry.occurredAt) + SECOND)],
  ['ChargeCategory', ({ entry }) => chargeCategory(entry)],
  ['ChargeClass', ({ entry }) => (entry.facts.closedPeriod === undefined ? null : 'Correction')],
  ['ChargeDescription', description],
  ['ChargeFrequency', (row) => (isCharge(row) ? 'Usage-Based' : 'One-Time')],
  ['ConsumedQuantity', ofCharge(() => 1)],
  ['ConsumedUnit', ofCharge(() => 'Resolutions')],
  ['PricingQuantity', ofCharge(() => 1)],
  ['PricingUnit', ofCharge(() => 'Resolutions')],
  ['PricingCategory', ofCharge((row) => (text(row, 'route') === 'overflow' ? 'Dynamic' : 'Committed'))],
  ['ContractedUnitPrice', ofCharge(cost)],
  ['ListUnitPrice', ofCharge(cost)],
  ['InvoiceId', ({ billed }) => billed.invoice],
  ['InvoiceIssuerName', () => 'Parley'],
  ['PublisherName', () => 'Parley'],
  ['ProviderName', () => 'Parley'],
  ['ServiceCategory', () => 'Business Applications'],
  ['ServiceName', () => 'Customer service resolutions'],
  ['SkuId', (row) => (text(row, 'queue') === '' ? null : text(row, 'queue'))],
  ['SkuPriceId', ofCharge((row) => `${text(row, 'queue')}#${text(row, 'round')}`)],
  ['ResourceId', (row) => (text(row, 'request') === '' ? null : text(row, 'request'))],
  ['SubAccountId', ({ billed }) => billed.costCentre],
  [
    'Tags',
    ({ billed: { costCentre, order, because } }) =>
      JSON.stringify({
        ...(costCentre === null ? {} : { cost_centre: costCentre }),
        ...(order === null ? {} : { purchase_order: order }),
        ...(because === null ? {} : { not_billed_because: because }),
      }),
  ],
];
