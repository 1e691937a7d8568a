/** Audits of resolutions on which the customer stayed silent: which are drawn, and what somebody found. */
import * as z from 'zod';
import { LeaseId, LeaseState } from '../dispatch/lease.ts';
import { spread } from '../kernel/hash.ts';
import { OrganisationId, QueueId } from '../kernel/id.ts';
import { BPS } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';

/**
 * Whether a resolution is drawn: by the random token that the market gave its lease, so that nobody can choose what is
 * audited, each is drawn with the same chance of `auditBps`, and drawing again draws the same.
 */
export const isDrawn = (leaseSortKey: string, auditBps: number): boolean => spread(leaseSortKey) % BPS < auditBps;

export const AuditResult = z
  .strictObject({
    result: z.enum(['pass', 'fail']).meta({ description: 'Whether the request was solved as the provider claimed' }),
    reason: z.string().trim().min(1).max(1_000).meta({ description: 'What was looked at, and what was found' }),
  })
  .meta({ id: 'AuditResult' });
export type AuditResult = z.infer<typeof AuditResult>;

export const AuditSample = z
  .object({
    lease: LeaseId,
    request: z.string(),
    provider: OrganisationId,
    company: OrganisationId,
    queue: QueueId,
    round: z.int(),
    resolvedAt: Instant,
    state: LeaseState.meta({ description: 'Of the turn now: it may have been reopened since' }),
    summary: z.string().meta({ description: 'What the provider says it did' }),
    result: z.enum(['pass', 'fail']).nullable(),
    reason: z.string().nullable(),
    auditor: z.string().nullable(),
    auditedAt: Instant.nullable(),
  })
  .meta({ id: 'AuditSample' });
export type AuditSample = z.infer<typeof AuditSample>;
