/** The resources of money: what is billed, paid, given back and paid out. */
import type { Resource } from '../resource.ts';
import { settings } from '../settings.ts';
import { balance } from './balance.ts';
import { invoiceEdits } from './invoice-edits.ts';
import { invoices } from './invoices.ts';
import { paymentRecords } from './payment-records.ts';
import { payments } from './payments.ts';
import { products } from './products.ts';
import { transfers } from './transfers.ts';

export const MONEY: readonly Resource[] = [
  balance,
  invoiceEdits,
  invoices,
  paymentRecords,
  payments,
  products,
  settings,
  transfers,
];
