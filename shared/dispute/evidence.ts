/** What both sides of a dispute see of the work: the facts of the receipt, and what happened turn by turn. */
import * as z from 'zod';
import { type Lease, LeaseId, LeaseState, leaseIdOf, OutcomeCode } from '../dispatch/lease.ts';
import { OrganisationId } from '../kernel/id.ts';
import { Instant, iso } from '../kernel/time.ts';
import { Receipt } from '../receipt/receipt.ts';
import { type Head, RequestStep, stepsOf } from '../request/request.ts';

export const EvidenceTurn = z
  .object({
    lease: LeaseId,
    provider: OrganisationId.nullable().meta({ description: 'Null: another one than the provider that reads it' }),
    state: LeaseState,
    claimedAt: Instant,
    resolvedAt: Instant.nullable(),
    deadline: Instant,
    outcome: OutcomeCode.nullable(),
    summary: z
      .string()
      .nullable()
      .meta({ description: 'What the provider said it did; null where it claimed nothing' }),
    reason: z.string().nullable().meta({ description: 'Why the turn ended otherwise' }),
    stars: z.int().nullable(),
    isDisputed: z.boolean(),
  })
  .meta({ id: 'DisputeEvidenceTurn' });

export const Evidence = z
  .object({
    receipt: Receipt.meta({
      description: 'From the reader’s side; its signed form is at the request’s or turn’s receipt',
    }),
    wasLate: z.boolean().meta({ description: 'Whether the first resolution came after its deadline' }),
    reopens: z.int(),
    turns: z.array(EvidenceTurn).meta({ description: 'The last ones, oldest first' }),
    steps: z.array(RequestStep).meta({ description: 'What happened, in order of time' }),
  })
  .meta({ id: 'DisputeEvidence' });
export type Evidence = z.infer<typeof Evidence>;

/** The evidence of a disputed turn. */
export function evidenceOf(receipt: Receipt, head: Head, leases: readonly Lease[]): Evidence {
  // A provider sees that others had turns, not who they are or what they said.
  const isShown = (provider: string): boolean => receipt.audience !== 'provider' || provider === receipt.provider;
  const inOrder = [...leases].sort((a, b) => a.claimedAt - b.claimedAt);
  const first = inOrder.find((lease) => lease.resolvedAt !== null);
  return {
    receipt,
    wasLate: first !== undefined && first.resolvedAt !== null && first.resolvedAt > first.deadline,
    reopens: head.reopens,
    turns: inOrder.map((lease) => ({
      lease: leaseIdOf(lease),
      provider: isShown(lease.provider) ? lease.provider : null,
      state: lease.state,
      claimedAt: iso(lease.claimedAt),
      resolvedAt: lease.resolvedAt === null ? null : iso(lease.resolvedAt),
      deadline: iso(lease.deadline),
      outcome: lease.outcome?.code ?? null,
      summary: isShown(lease.provider) ? (lease.outcome?.summary ?? null) : null,
      reason: isShown(lease.provider) ? lease.reason : null,
      stars: lease.stars ?? null,
      isDisputed: leaseIdOf(lease) === receipt.lease,
    })),
    steps: stepsOf(
      head,
      inOrder.map((lease) => ({ id: leaseIdOf(lease), lease })),
    ).map((step) => (step.by.startsWith('pr_') && !isShown(step.by) ? { ...step, by: 'another provider' } : step)),
  };
}
