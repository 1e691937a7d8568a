/** The resources of money: what is billed, paid, given back and paid out. */
import type { Resource } from '../resource.ts';
import { settings } from '../settings.ts';
import { balance } from './balance.ts';
import { balanceSettings } from './balance-settings.ts';
import { creditNotes } from './credit-notes.ts';
import { disputes } from './disputes.ts';
import { invoiceEdits } from './invoice-edits.ts';
import { invoices } from './invoices.ts';
import { paymentRecords } from './payment-records.ts';
import { payments } from './payments.ts';
import { payouts, schedulePayout } from './payouts.ts';
import { products } from './products.ts';
import { refunds } from './refunds.ts';
import { topups } from './topups.ts';
import { transfers } from './transfers.ts';

export const MONEY: readonly Resource[] = [
  balance,
  balanceSettings(schedulePayout),
  creditNotes,
  disputes,
  invoiceEdits,
  invoices,
  paymentRecords,
  payments,
  payouts,
  products,
  refunds,
  settings,
  topups,
  transfers,
];
