/** A company, a provider or the market itself: a tenant with members. */
import * as z from 'zod';
import { ProviderKind } from '../bid/bid.ts';
import { CallLimit } from '../call-limit/call-limit.ts';
import { Role } from '../identity/identity.ts';
import { OrganisationId } from '../kernel/id.ts';
import { Instant } from '../kernel/time.ts';

export const OrganisationStatus = z
  .enum(['pending', 'approved', 'suspended'])
  .meta({ id: 'OrganisationStatus', description: 'Only an approved organisation commits, bids and works for money' });
export type OrganisationStatus = z.infer<typeof OrganisationStatus>;

const Name = z.string().trim().min(1).max(120).meta({ description: 'Its legal or trading name' });

/** A thousand million units at the most. */
const CreditLimitMicros = z
  .int()
  .min(0)
  .max(1_000_000_000_000_000)
  .meta({ description: 'In micro-units, over all currencies as they are' });

export const RegistrationInput = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('company'), name: Name }),
    z.strictObject({ kind: z.literal('provider'), name: Name, providerKind: ProviderKind }),
  ])
  .meta({ id: 'RegistrationInput' });
export type RegistrationInput = z.infer<typeof RegistrationInput>;

export const Organisation = z
  .object({
    id: OrganisationId,
    kind: z.enum(['company', 'provider', 'market']),
    name: Name,
    providerKind: ProviderKind.nullable(),
    status: OrganisationStatus,
    /** Companies: the most it may owe, unpaid and unbilled; 0 until approved for money. */
    creditLimitMicros: CreditLimitMicros,
    /** Providers: the quality the market holds of it; set at approval, measured later. */
    qualityBps: z.int().min(0).max(10_000).nullable(),
    calls: CallLimit.nullable().default(null).meta({
      description: 'How many calls it may make; null: what is usual for its kind',
    }),
    createdAt: Instant,
  })
  .meta({ id: 'Organisation' });
export type Organisation = z.infer<typeof Organisation>;

export const ApprovalInput = z
  .strictObject({
    creditLimitMicros: CreditLimitMicros.optional().meta({
      description: 'Companies: the most it may owe; 1,000,000 units where it is left out at the first approval',
    }),
    qualityBps: z
      .int()
      .min(0)
      .max(10_000)
      .optional()
      .meta({ description: 'Providers: quality assumed until it is measured; 8000 where left out' }),
    calls: CallLimit.nullable()
      .optional()
      .meta({ description: 'How many calls it may make; null for what is usual, and as it was where left out' }),
  })
  .meta({ id: 'ApprovalInput' });

export const OrganisationMember = z
  .object({ user: z.string(), email: z.string().nullable(), roles: z.array(Role), joinedAt: Instant })
  .meta({ id: 'OrganisationMember' });
export type OrganisationMember = z.infer<typeof OrganisationMember>;

export const InvitationInput = z
  .strictObject({ email: z.email().max(254), roles: z.array(Role).min(1).max(3) })
  .meta({ id: 'InvitationInput' });
export const Invitation = z
  .object({
    organisation: OrganisationId,
    organisationName: z.string(),
    email: z.string(),
    roles: z.array(Role),
    expiresAt: Instant,
  })
  .meta({ id: 'Invitation' });

export const InvitationId = z.string().regex(/^[0-9a-f]{64}$/, 'is not the id of an invitation');
/** An invitation as the admins of its organisation see it: without the link. */
export const OpenInvitation = z
  .object({
    id: InvitationId,
    email: z.string(),
    roles: z.array(Role),
    invitedBy: z.string().meta({ description: 'The user who invited' }),
    expiresAt: Instant,
  })
  .meta({ id: 'OpenInvitation' });
export type OpenInvitation = z.infer<typeof OpenInvitation>;

export type OrganisationEvent = 'approve' | 'suspend';

/** The one transition table of an organisation's status; null where the event does not apply. */
export function nextStatus(status: OrganisationStatus, event: OrganisationEvent): OrganisationStatus | null {
  const table: Record<OrganisationStatus, Record<OrganisationEvent, OrganisationStatus | null>> = {
    pending: { approve: 'approved', suspend: 'suspended' },
    approved: { approve: 'approved', suspend: 'suspended' },
    suspended: { approve: 'approved', suspend: 'suspended' },
  };
  return table[status][event];
}
