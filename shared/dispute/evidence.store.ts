/** Reads the evidence of a dispute: the receipt's facts, and the turns that its request still names. */
import { leaseKeyOf } from '../dispatch/lease.store.ts';
import { Lease } from '../dispatch/lease.ts';
import type { Call } from '../kernel/call.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { type ReceiptRefusal, receiptOfLease } from '../receipt/receipt.store.ts';
import { readHead } from '../request/request.store.ts';
import type { Dispute } from './dispute.ts';
import { type Evidence, evidenceOf } from './evidence.ts';

/** The evidence as one side sees it. */
export async function readEvidence(
  call: Call,
  dispute: Dispute,
  audience: 'company' | 'provider',
): Promise<Result<Evidence, ReceiptRefusal>> {
  const head = await readHead(call, dispute.request, { consistent: true });
  if (head === undefined) return refuse('not_found', 'There is no such request.');
  const receipt = await receiptOfLease(call, dispute.lease, audience, head);
  if (!receipt.ok) return receipt;
  const ids = [...new Set([head.firstResolved, ...head.leases, head.lease, dispute.lease])].filter((id) => id !== null);
  const leases = await call.tables.getMany('requests', ids.map(leaseKeyOf), Lease, { consistent: true });
  return ok(evidenceOf(receipt.value, head, [...leases.values()]));
}
