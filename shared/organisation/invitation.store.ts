/** Invitations to an organisation: only the SHA-256 of a link's token is stored; seven days of business time. */
import * as z from 'zod';
import { joined, type Membership, memberWrites, readMembership } from '../identity/identity.store.ts';
import { Role } from '../identity/identity.ts';
import { sha256Hex } from '../kernel/hash.ts';
import { type Refusal, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Key, type Tables } from '../kernel/table.ts';
import { DAY, iso } from '../kernel/time.ts';
import type { Invitation } from './organisation.ts';

export const INVITATION_MS = 7 * DAY;

const InvitationItem = z.object({
  organisation: z.string(),
  organisationName: z.string(),
  email: z.string(),
  roles: z.array(Role),
  invitedBy: z.string(),
  expiresAt: z.number(),
  acceptedBy: z.string().optional(),
});
type InvitationItem = z.infer<typeof InvitationItem>;

const keyOf = async (token: string): Promise<Key> => ({ pk: `N#${await sha256Hex(token)}`, sk: '-' });

/**
 * Stores an invitation under its token and gives its expiry in milliseconds. The same token again gives the expiry of the
 * first, so a repeated call makes no second invitation.
 */
export async function createInvitation(
  tables: Tables,
  tenant: string,
  invitation: { token: string; organisationName: string; email: string; roles: readonly Role[]; invitedBy: string },
  now: number,
): Promise<number> {
  const { token, ...content } = invitation;
  const expiresAt = now + INVITATION_MS;
  const item = { ...(await keyOf(token)), ...content, organisation: tenant, expiresAt };
  const written = await tables.put('market', item, ABSENT);
  return written.ok ? expiresAt : InvitationItem.parse(written.old).expiresAt;
}

type Unusable = Refusal<'not_found' | 'invitation_expired'>;
const UNKNOWN = refuse('not_found', 'This invitation is not known. Ask for a new link.');
const EXPIRED = refuse('invitation_expired', 'The invitation was good for seven days. Ask for a new link.');

/** What an invitation is for. Whoever holds the link may see it. Refuses `not_found`, `invitation_expired`. */
export async function readInvitation(
  tables: Tables,
  token: string,
  now: number,
): Promise<{ ok: true; value: z.infer<typeof Invitation> } | Unusable> {
  const item = await tables.get('market', await keyOf(token), InvitationItem, { consistent: true });
  if (item === undefined) return UNKNOWN;
  if (now >= item.expiresAt) return EXPIRED;
  const { organisation, organisationName, email, roles, expiresAt } = item;
  return { ok: true, value: { organisation, organisationName, email, roles, expiresAt: iso(expiresAt) } };
}

/**
 * Makes the invited person a member, once: the invitation is used up in the same transaction. Who accepted before gets
 * the same answer again. Refuses `not_found`, `email_mismatch`, `invitation_used`, `invitation_expired`.
 */
export async function acceptInvitation(
  tables: Tables,
  token: string,
  person: { user: string; email: string },
  now: number,
): Promise<Result<Membership, 'email_mismatch' | 'invitation_used'> | Unusable> {
  const key = await keyOf(token);
  for (let attempt = 1; attempt <= 5; attempt++) {
    const item = await tables.get('market', key, InvitationItem, { consistent: true });
    if (item === undefined) return UNKNOWN;
    const old = await readMembership(tables, item.organisation, person.user);
    const refusal = refusalOf(item, person, now);
    if (refusal !== undefined) return refusal;
    if (item.acceptedBy !== undefined) return old === undefined ? UNKNOWN : { ok: true, value: old };
    const membership = joined(old, item.organisation, { ...person, roles: item.roles }, now);
    const written = await tables.transact([
      {
        kind: 'update',
        table: 'market',
        key,
        change: { set: { acceptedBy: person.user, acceptedAt: now } },
        when: [
          ['present', 'pk'],
          ['absent', 'acceptedBy'],
        ],
      },
      ...memberWrites(membership, old === undefined),
    ]);
    if (written.ok) return { ok: true, value: membership };
  }
  throw new Error('the invitation kept changing');
}

function refusalOf(
  item: InvitationItem,
  person: { user: string; email: string },
  now: number,
): Refusal<'email_mismatch' | 'invitation_used' | 'invitation_expired'> | undefined {
  if (item.email.toLowerCase() !== person.email.toLowerCase())
    return refuse('email_mismatch', 'Sign in with the e-mail address that was invited, or ask for another invitation.');
  if (item.acceptedBy === person.user) return undefined;
  if (item.acceptedBy !== undefined)
    return refuse('invitation_used', 'This invitation was accepted already. Ask for a new link.');
  return now >= item.expiresAt ? EXPIRED : undefined;
}
