/** What can be exported, and by whom. */
import * as z from 'zod';

export const ExportKind = z.enum(['charges', 'focus', 'journal', 'requests', 'audit-trail']).meta({
  id: 'ExportKind',
  description:
    'charges: what a month came to, entry by entry. focus: the same in the columns of FOCUS. journal: legs for the general ledger. requests: every request of a queue’s round, billed or why not. audit-trail: who changed what',
});
export type ExportKind = z.infer<typeof ExportKind>;

type Tenant = 'company' | 'provider' | 'market';
/** Whose figures each kind is about. */
export const EXPORTED_BY: Readonly<Record<ExportKind, readonly Tenant[]>> = {
  charges: ['company', 'provider'],
  focus: ['company'],
  journal: ['company', 'provider', 'market'],
  requests: ['company'],
  'audit-trail': ['company', 'provider', 'market'],
};

export const tenantKind = (tenant: string): Tenant =>
  tenant.startsWith('co_') ? 'company' : tenant.startsWith('pr_') ? 'provider' : 'market';
