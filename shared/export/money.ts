/** Documents of money as rows: invoices, credit notes, disputes, payouts, what is open, balances, breaks. Times are UTC. */
import type { DisputeView } from '../dispute/dispute-view.ts';
import type { AgedRow } from '../finance-report/aged.ts';
import type { CreditNoteView } from '../invoice/credit-note.ts';
import type { Invoice, InvoiceLine } from '../invoice/invoice.ts';
import type { AccountLine } from '../ledger/ledger.ts';
import type { Payout } from '../payout/payout.ts';
import type { SelfBilledInvoice } from '../payout/self-billed.ts';
import type { Break } from '../reconciliation/reconciliation.ts';
import type { Cell, Column } from './table.ts';

const amount = (micros: number | null): Cell => (micros === null ? null : { micros });

export const INVOICE_COLUMNS: readonly Column<Invoice>[] = [
  ['invoice', ({ id }) => id],
  ['number', ({ number }) => number],
  ['company', ({ company }) => company],
  ['since', ({ since }) => since],
  ['period', ({ period }) => period],
  ['currency', ({ currency }) => currency],
  ['state', ({ state }) => state],
  ['subtotal', (of) => amount(of.subtotalMicros)],
  ['tax', (of) => amount(of.taxMicros)],
  ['total', (of) => amount(of.totalMicros)],
  ['credit_applied', (of) => amount(of.creditAppliedMicros)],
  ['paid', (of) => amount(of.paidMicros)],
  ['credited', (of) => amount(of.creditedMicros)],
  ['remaining', (of) => amount(of.remainingMicros)],
  ['purchase_order', ({ purchaseOrder }) => purchaseOrder],
  ['cost_centre', ({ costCentre }) => costCentre],
  ['final_at', ({ finalizedAt }) => finalizedAt],
  ['due_at', ({ dueAt }) => dueAt],
  ['paid_at', ({ paidAt }) => paidAt],
  ['stripe_invoice', ({ stripeInvoice }) => stripeInvoice],
];

export type LineRow = { invoice: Invoice; line: InvoiceLine; stripeLine: string | null };
export const LINE_COLUMNS: readonly Column<LineRow>[] = [
  ['invoice', ({ invoice }) => invoice.id],
  ['number', ({ invoice }) => invoice.number],
  ['company', ({ invoice }) => invoice.company],
  ['period', ({ invoice }) => invoice.period],
  ['currency', ({ invoice }) => invoice.currency],
  ['line', ({ line }) => line.line],
  ['kind', ({ line }) => line.kind],
  ['queue', ({ line }) => line.queue],
  ['round', ({ line }) => line.round],
  ['quantity', ({ line }) => line.quantity],
  ['amount', ({ line }) => amount(line.micros)],
  ['credited', ({ line }) => amount(line.creditedMicros)],
  ['description', ({ line }) => line.description],
  ['purchase_order', ({ invoice }) => invoice.purchaseOrder],
  ['cost_centre', ({ invoice }) => invoice.costCentre],
  ['stripe_line', ({ stripeLine }) => stripeLine],
];

export const CREDIT_NOTE_COLUMNS: readonly Column<CreditNoteView>[] = [
  ['credit_note', ({ id }) => id],
  ['number', ({ number }) => number],
  ['invoice', ({ invoice }) => invoice],
  ['company', ({ company }) => company],
  ['currency', ({ currency }) => currency],
  ['cause', ({ cause }) => cause],
  ['reason', ({ reason }) => reason],
  ['net', (of) => amount(of.netMicros)],
  ['tax', (of) => amount(of.taxMicros)],
  ['taken_off_unpaid', (of) => amount(of.unpaidMicros)],
  ['charged_back', (of) => amount(of.chargedBackMicros)],
  ['credit', (of) => amount(of.creditMicros)],
  ['refund', (of) => amount(of.refundMicros)],
  ['next_invoice', (of) => amount(of.nextInvoiceMicros)],
  ['made_at', ({ madeAt }) => madeAt],
];

/** A dispute and one side's amounts; the market sees both sides, each as a row. */
export type DisputeRow = { dispute: DisputeView; amounts: DisputeView['amounts'][number] };
export const DISPUTE_COLUMNS: readonly Column<DisputeRow>[] = [
  ['dispute', ({ dispute }) => dispute.id],
  ['request', ({ dispute }) => dispute.request],
  ['company', ({ dispute }) => dispute.company],
  ['provider', ({ dispute }) => dispute.provider],
  ['queue', ({ dispute }) => dispute.queue],
  ['round', ({ dispute }) => dispute.round],
  ['currency', ({ dispute }) => dispute.currency],
  ['state', ({ dispute }) => dispute.state],
  ['reason', ({ dispute }) => dispute.reason.code],
  ['opened_at', ({ dispute }) => dispute.openedAt],
  ['resolved_at', ({ dispute }) => dispute.resolvedAt],
  ['invoice', ({ dispute }) => dispute.invoice],
  ['credit_note', ({ dispute }) => dispute.creditNote],
  ['means', ({ amounts }) => amounts.means],
  ['whole', ({ amounts }) => amount(amounts.wholeMicros)],
  ['claimed', ({ amounts }) => amount(amounts.claimedMicros)],
  ['offered', ({ amounts }) => amount(amounts.offeredMicros)],
  ['given_back', ({ amounts }) => amount(amounts.givenBackMicros)],
];

export const PAYOUT_COLUMNS: readonly Column<Payout>[] = [
  ['payout', ({ id }) => id],
  ['run', ({ run }) => run],
  ['provider', ({ provider }) => provider],
  ['currency', ({ currency }) => currency],
  ['state', ({ state }) => state],
  ['reason', ({ reason }) => reason],
  ['carried_in', (of) => amount(of.carriedInMicros)],
  ['earned', (of) => amount(of.linesMicros)],
  ['amount', (of) => amount(of.amountMicros)],
  ['carried_out', (of) => amount(of.carriedOutMicros)],
  ['prepared_at', ({ preparedAt }) => preparedAt],
  ['paid_at', ({ paidAt }) => paidAt],
  ['transfer', ({ transfer }) => transfer],
  ['taken_back', (of) => amount(of.reversedMicros)],
  ['remittance', ({ id }) => `/v1/payouts/${id}/remittance/csv`],
];

/** Of a document its head: its lines have no tax of their own. */
export const SELF_BILLED_COLUMNS: readonly Column<SelfBilledInvoice>[] = [
  ['document', ({ id }) => id],
  ['kind', ({ kind }) => kind],
  ['number', ({ number }) => number],
  ['provider', ({ provider }) => provider],
  ['supplier', ({ supplier }) => supplier.legalName],
  ['tax_id', ({ supplier }) => supplier.taxId?.value ?? null],
  ['period', ({ period }) => period],
  ['issued_at', ({ issuedAt }) => issuedAt],
  ['currency', ({ currency }) => currency],
  ['quantity', ({ lines }) => lines.reduce((sum, { quantity }) => sum + quantity, 0)],
  ['net', (of) => amount(of.netMicros)],
  ['vat_regime', ({ vatRegime }) => vatRegime],
  ['vat_rate_bps', ({ vatRateBps }) => vatRateBps],
  ['tax', (of) => amount(of.taxMicros)],
  ['total', (of) => amount(of.totalMicros)],
  ['notes', ({ notes }) => notes.join(' ')],
];

export const AGED_COLUMNS: readonly Column<AgedRow>[] = [
  ['party', ({ party }) => party],
  ['currency', ({ currency }) => currency],
  ['not_due', ({ micros }) => amount(micros.not_due)],
  ['days_1_30', ({ micros }) => amount(micros.days_1_30)],
  ['days_31_60', ({ micros }) => amount(micros.days_31_60)],
  ['days_61_90', ({ micros }) => amount(micros.days_61_90)],
  ['days_over_90', ({ micros }) => amount(micros.days_over_90)],
  ['total', (of) => amount(of.totalMicros)],
];

export type BalanceRow = AccountLine & { period: string; currency: string };
/** Debit positive, credit negative, but for what moved. */
export const BALANCE_COLUMNS: readonly Column<BalanceRow>[] = [
  ['period', ({ period }) => period],
  ['account', ({ account }) => account],
  ['name', ({ name }) => name],
  ['currency', ({ currency }) => currency],
  ['opening', (of) => amount(of.openingMicros)],
  ['debit', (of) => amount(of.debitMicros)],
  ['credit', (of) => amount(of.creditMicros)],
  ['closing', (of) => amount(of.closingMicros)],
];

export type BreakRow = { day: string; reconciliation: string; found: Break };
const said = ({ currency }: Break, value: number | null): Cell =>
  value === null || currency === null ? value : { micros: value };
export const BREAK_COLUMNS: readonly Column<BreakRow>[] = [
  ['day', ({ day }) => day],
  ['reconciliation', ({ reconciliation }) => reconciliation],
  ['comparison', ({ found }) => found.comparison],
  ['kind', ({ found }) => found.kind],
  ['subject', ({ found }) => found.subject],
  ['party', ({ found }) => found.party],
  ['currency', ({ found }) => found.currency],
  ['ledger', ({ found }) => said(found, found.ledger)],
  ['stripe', ({ found }) => said(found, found.stripe)],
  ['done', ({ found }) => found.done.join(' ')],
];
