/** A random sample of resolutions on which the customer stayed silent goes to audit: `Y#<queue>#<month>` / `<lease>`. */
import * as z from 'zod';
import { leaseKeyOf, readLease } from '../dispatch/lease.store.ts';
import { Lease, leaseIdOf } from '../dispatch/lease.ts';
import { termsOfRound } from '../dispatch/plan.store.ts';
import type { Call } from '../kernel/call.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Item, type Key, keyText } from '../kernel/table.ts';
import { iso, monthOf } from '../kernel/time.ts';
import { auditWrite, measure } from '../reputation/reputation.store.ts';
import { type AuditResult, type AuditSample, isDrawn } from './audit.ts';

const samplePartition = (queue: string, month: string): string => `Y#${queue}#${month}`;
const sampleKey = (lease: Lease, resolvedAt: number): Key => ({
  pk: samplePartition(lease.queue, monthOf(resolvedAt)),
  sk: leaseIdOf(lease),
});

const Stored = z.object({
  sk: z.string(),
  provider: z.string(),
  result: z.enum(['pass', 'fail']).nullable(),
  reason: z.string().optional(),
  auditor: z.string().optional(),
  auditedAt: z.number().optional(),
});
type Stored = z.infer<typeof Stored>;

/** Puts a resolution that is drawn among the samples. Drawing again changes nothing. */
export async function drawForAudit(call: Call, lease: Lease): Promise<void> {
  if (lease.state !== 'resolved') return;
  const { terms } = await termsOfRound(call, lease.queue, lease.round);
  if (!isDrawn(lease.sk, terms.auditBps)) return;
  const key = sampleKey(lease, lease.resolvedAt ?? call.now);
  await call.tables.put('requests', { ...key, provider: lease.provider, result: null }, ABSENT);
}

/** A page of a queue's samples of a month of resolution, with what their turns are now. */
export async function listSamples(
  call: Call,
  queue: string,
  month: string,
  page: { limit: number; after?: Item },
): Promise<{ samples: AuditSample[]; after: Item | undefined }> {
  const found = await call.tables.query('requests', Stored, {
    pk: samplePartition(queue, month),
    limit: page.limit,
    ...(page.after === undefined ? {} : { after: page.after }),
  });
  const keys = found.items.map((item) => leaseKeyOf(item.sk));
  const leases = await call.tables.getMany('requests', keys, Lease);
  const samples = found.items.flatMap((item) => {
    const lease = leases.get(keyText(leaseKeyOf(item.sk)));
    return lease === undefined ? [] : [sampleOf(item, lease)];
  });
  return { samples, after: found.after as Item | undefined };
}

function sampleOf(item: Stored, lease: Lease): AuditSample {
  return {
    lease: item.sk,
    request: lease.request,
    provider: lease.provider,
    company: lease.company,
    queue: lease.queue,
    round: lease.round,
    resolvedAt: iso(lease.resolvedAt ?? 0),
    state: lease.state,
    summary: lease.outcome?.summary ?? '',
    result: item.result,
    reason: item.reason ?? null,
    auditor: item.auditor ?? null,
    auditedAt: item.auditedAt === undefined ? null : iso(item.auditedAt),
  };
}

/**
 * Writes an audit's result down, once, together with its part in the provider's record, whose quality is measured anew.
 * The same result by the same auditor again is the same; another one is `audit_decided`.
 */
export async function recordAudit(
  call: Call,
  id: string,
  auditor: string,
  input: AuditResult,
): Promise<Result<AuditSample, 'not_found' | 'audit_decided'>> {
  const lease = await readLease(call, id, { consistent: true });
  if (lease === undefined || lease.resolvedAt === null) return NO_SAMPLE;
  const key = sampleKey(lease, lease.resolvedAt);
  const set = { ...input, auditor, auditedAt: call.now };
  const written = await call.tables.transact([
    { kind: 'update', table: 'requests', key, change: { set }, when: [['=', 'result', null]] },
    auditWrite(lease.provider, id, lease.resolvedAt, input.result),
  ]);
  if (!written.ok && written.old === null) return NO_SAMPLE;
  const stored: Stored = written.ok ? { sk: id, provider: lease.provider, ...set } : Stored.parse(written.old);
  if (stored.result !== input.result || stored.reason !== input.reason || stored.auditor !== auditor)
    return refuse('audit_decided', `${stored.auditor ?? 'Somebody'} found: ${stored.result}. A result stays as it is.`);
  await measure(call, lease.provider);
  return ok(sampleOf(stored, lease));
}

const NO_SAMPLE = refuse('not_found', 'This turn was not drawn for audit.');
