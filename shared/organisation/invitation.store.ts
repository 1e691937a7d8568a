/** Invitations to an organisation: only the SHA-256 of a link's token is stored; seven days of business time. */
import * as z from 'zod';
import { changingCallers } from '../identity/callers.ts';
import { joined, type Membership, memberWrites, readMembership } from '../identity/identity.store.ts';
import { Role } from '../identity/identity.ts';
import { sha256Hex } from '../kernel/hash.ts';
import { timeKey } from '../kernel/id.ts';
import { ok, type Refusal, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Key, keyText, type Tables, type Write } from '../kernel/table.ts';
import { DAY, iso } from '../kernel/time.ts';
import type { Invitation, OpenInvitation } from './organisation.ts';

export const INVITATION_MS = 7 * DAY;

const InvitationItem = z.object({
  organisation: z.string(),
  organisationName: z.string(),
  email: z.string(),
  roles: z.array(Role),
  invitedBy: z.string(),
  expiresAt: z.number(),
  acceptedBy: z.string().optional(),
  withdrawnAt: z.number().optional(),
});
type InvitationItem = z.infer<typeof InvitationItem>;

const keyById = (id: string): Key => ({ pk: `N#${id}`, sk: '-' });
/** An invitation's id is the SHA-256 of its token: who reads it in a list cannot use it. */
const keyOf = async (token: string): Promise<Key> => keyById(await sha256Hex(token));
const OWNER = { name: 'owner', pk: 'opk', sk: 'osk' };
/** Those nobody has accepted or withdrawn, by when they end. */
const listOf = (tenant: string): string => `INVITATIONS#${tenant}`;
const MOST_LISTED = 1_000;

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
  const key = await keyOf(token);
  const listed = { opk: listOf(tenant), osk: `${timeKey(expiresAt)}#${key.pk}` };
  const item = { ...key, ...content, organisation: tenant, expiresAt, ...listed };
  const written = await tables.put('market', item, ABSENT);
  return written.ok ? expiresAt : InvitationItem.parse(written.old).expiresAt;
}

/** The invitations of an organisation that can still be accepted, those that end first in front; a thousand at most. */
export async function listInvitations(tables: Tables, tenant: string, now: number): Promise<OpenInvitation[]> {
  const page = await tables.query('market', z.object({ pk: z.string(), sk: z.string() }), {
    index: OWNER,
    pk: listOf(tenant),
    // At the instant it names an invitation is over.
    from: timeKey(now + 1),
    limit: MOST_LISTED,
  });
  const items = await tables.getMany('market', page.items, InvitationItem, { consistent: true });
  return page.items.flatMap((key) => {
    const item = items.get(keyText(key));
    if (item === undefined || item.acceptedBy !== undefined || item.withdrawnAt !== undefined) return [];
    const { email, roles, invitedBy, expiresAt } = item;
    return [{ id: key.pk.slice('N#'.length), email, roles, invitedBy, expiresAt: iso(expiresAt) }];
  });
}

/** Takes an invitation of this organisation back: its link opens nothing any more. Refuses `not_found`, `invitation_used`. */
export async function withdrawInvitation(
  tables: Tables,
  tenant: string,
  id: string,
  now: number,
): Promise<Result<null, 'not_found' | 'invitation_used'>> {
  const change = { set: { withdrawnAt: now }, remove: ['opk', 'osk'] };
  const written = await tables.update('market', keyById(id), change, [
    ['=', 'organisation', tenant],
    ['absent', 'acceptedBy'],
  ]);
  if (written.ok) return ok(null);
  const old = written.old === null ? undefined : InvitationItem.parse(written.old);
  return old?.organisation === tenant
    ? refuse('invitation_used', 'This invitation was accepted already: take the member out instead.')
    : refuse('not_found', 'There is no such invitation; GET /v1/open-invitations lists them.');
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
  if (item === undefined || item.withdrawnAt !== undefined) return UNKNOWN;
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
    if (item === undefined || item.withdrawnAt !== undefined) return UNKNOWN;
    const old = await readMembership(tables, item.organisation, person.user);
    const refusal = refusalOf(item, person, now);
    if (refusal !== undefined) return refusal;
    if (item.acceptedBy !== undefined) return old === undefined ? UNKNOWN : { ok: true, value: old };
    const membership = joined(old, item.organisation, { ...person, roles: item.roles }, now);
    const writes: Write[] = [
      {
        kind: 'update',
        table: 'market',
        key,
        change: { set: { acceptedBy: person.user, acceptedAt: now }, remove: ['opk', 'osk'] },
        when: [
          ['present', 'pk'],
          ['absent', 'acceptedBy'],
          ['absent', 'withdrawnAt'],
        ],
      },
      ...memberWrites(membership, old === undefined),
    ];
    const written = await changingCallers(tables, [item.organisation, person.user], () => tables.transact(writes));
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
