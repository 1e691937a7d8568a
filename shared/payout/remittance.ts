/** What a payout pays for, down to the charge and its receipt. */
import * as z from 'zod';
import type { Column } from '../export/table.ts';
import { Instant, iso } from '../kernel/time.ts';
import { EntryKind } from '../ledger/ledger.ts';
import type { PayLine } from './book.ts';
import { type Movement, ReleaseReason } from './payable.ts';

export const RemittanceRow = z
  .object({
    line: z.int().meta({ description: 'Of the payout' }),
    kind: EntryKind,
    because: ReleaseReason.nullable(),
    period: z.string().nullable().meta({ description: 'The UTC month of the charge' }),
    company: z.string().nullable(),
    request: z.string().nullable(),
    lease: z.string().nullable().meta({ description: 'The provider’s own turn that it is about' }),
    receipt: z.string().nullable().meta({ description: 'Where its signed receipt is' }),
    entry: z.string().meta({ description: 'The event in the ledger' }),
    occurredAt: Instant.nullable(),
    micros: z.int(),
  })
  .meta({ id: 'RemittanceRow' });
export type RemittanceRow = z.infer<typeof RemittanceRow>;

const receiptOf = (lease: string | null): string | null => (lease === null ? null : `/v1/leases/${lease}/receipt`);

/** An entry that a line sums up. */
export const rowOfEntry = (line: PayLine, movement: Movement): RemittanceRow => ({
  line: line.line,
  kind: movement.kind,
  because: line.because,
  period: line.period,
  company: line.company,
  request: movement.request,
  lease: movement.lease,
  receipt: receiptOf(movement.lease),
  entry: movement.event,
  occurredAt: iso(movement.occurredAt),
  micros: movement.micros,
});

/** A line that is one entry itself; `lease`: the provider's turn that its charge is of, where there is one. */
export const rowOfAdjustment = (line: PayLine, lease: string | null): RemittanceRow => ({
  line: line.line,
  kind: line.entryKind ?? 'adjustment',
  because: null,
  period: line.period,
  company: line.company,
  request: line.request,
  lease,
  receipt: receiptOf(lease),
  entry: line.event ?? '',
  occurredAt: null,
  micros: line.micros,
});

export const REMITTANCE_COLUMNS: readonly Column<RemittanceRow>[] = [
  ['Line', ({ line }) => line],
  ['Kind', ({ kind }) => kind],
  ['Payable because', ({ because }) => because],
  ['Month (UTC)', ({ period }) => period],
  ['Company', ({ company }) => company],
  ['Request', ({ request }) => request],
  ['Receipt', ({ receipt }) => receipt],
  ['Ledger entry', ({ entry }) => entry],
  ['Time (UTC)', ({ occurredAt }) => occurredAt],
  ['Amount', ({ micros }) => ({ micros })],
];
