/** Which files each side may have, in what order, and what each is for. */
import type { ExportKind } from '../../../../shared/export/export.ts';

export type Side = 'company' | 'provider' | 'market';

const KINDS: readonly (readonly [ExportKind, readonly Side[]])[] = [
  ['charges', ['company', 'provider']],
  ['focus', ['company']],
  ['requests', ['company']],
  ['invoices', ['company', 'market']],
  ['invoice-lines', ['company', 'market']],
  ['credit-notes', ['company', 'market']],
  ['disputes', ['company', 'provider', 'market']],
  ['payouts', ['provider', 'market']],
  ['self-billed-invoices', ['provider', 'market']],
  ['receivables', ['company', 'market']],
  ['payables', ['provider', 'market']],
  ['journal', ['company', 'provider', 'market']],
  ['trial-balance', ['market']],
  ['reconciliation', ['market']],
  ['audit-trail', ['company', 'provider', 'market']],
];

/** The kinds of files of one side. */
export const kindsFor = (side: Side): ExportKind[] =>
  KINDS.filter(([, sides]) => sides.includes(side)).map(([kind]) => kind);
