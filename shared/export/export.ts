/** What can be exported, and by whom. */
import * as z from 'zod';

type Tenant = 'company' | 'provider' | 'market';
const COMPANY: readonly Tenant[] = ['company', 'market'];
const PROVIDER: readonly Tenant[] = ['provider', 'market'];
const ALL: readonly Tenant[] = ['company', 'provider', 'market'];
const MARKET: readonly Tenant[] = ['market'];

const KINDS = {
  charges: [
    ['company', 'provider'],
    'what a month came to, entry by entry, with the invoice it is billed on or why not',
  ],
  focus: [['company'], 'the same as costs, in the columns of FOCUS'],
  journal: [ALL, 'legs for the general ledger'],
  requests: [['company'], 'every request of a queue’s round, billed or why not'],
  invoices: [COMPANY, 'invoices that bill the month'],
  'invoice-lines': [COMPANY, 'their lines'],
  'credit-notes': [COMPANY, 'credit notes made in the month'],
  disputes: [ALL, 'disputes opened in the month'],
  payouts: [PROVIDER, 'payouts prepared in the month with their transfers, and where each one’s remittance is'],
  'self-billed-invoices': [PROVIDER, 'self-billed invoices for the month and their credit notes'],
  receivables: [COMPANY, 'what is owed on invoices now, by how long it has been due'],
  payables: [PROVIDER, 'what providers are owed now, by how long it has been due'],
  'trial-balance': [MARKET, 'every account of the market'],
  reconciliation: [MARKET, 'breaks that the reconciliations of the month’s days found'],
  'audit-trail': [ALL, 'who changed what'],
} as const satisfies Record<string, readonly [by: readonly Tenant[], what: string]>;

const names = Object.keys(KINDS) as [keyof typeof KINDS, ...(keyof typeof KINDS)[]];
export const ExportKind = z.enum(names).meta({
  id: 'ExportKind',
  description: names.map((kind) => `${kind}: ${KINDS[kind][1]}`).join('. '),
});
export type ExportKind = z.infer<typeof ExportKind>;

/** Whether a kind is about figures that an organisation has: a party its own, the market all. */
export const isExportedBy = (kind: ExportKind, tenant: Tenant): boolean =>
  (KINDS[kind][0] as readonly Tenant[]).includes(tenant);

export const tenantKind = (tenant: string): Tenant =>
  tenant.startsWith('co_') ? 'company' : tenant.startsWith('pr_') ? 'provider' : 'market';
