/** How people join: organisations, memberships, invitations. */
import { listMemberships as membershipsOf, listMembers as membersOf } from '../../shared/identity/identity.store.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { sign } from '../../shared/kernel/sign.ts';
import { iso } from '../../shared/kernel/time.ts';
import {
  acceptInvitation as acceptStored,
  createInvitation,
  readInvitation,
} from '../../shared/organisation/invitation.store.ts';
import { readOrganisation, registerOrganisation } from '../../shared/organisation/organisation.store.ts';
import { recordedJoining } from '../middleware/audit.ts';
import type { Handler } from '../middleware/context.ts';
import { keyOf } from '../middleware/idempotency.ts';
import { refuseForeignRoles } from '../middleware/refusals.ts';

const NO_ORGANISATION = refuse('not_found', 'There is no such organisation.');

export const register: Handler<'register'> = async (context, { body }) => {
  const { tables, actor, now } = context;
  const person = { user: actor.user, email: actor.email === '' ? null : actor.email };
  const organisation = await registerOrganisation(tables, person, body, keyOf(context), now);
  return { status: 201, body: organisation };
};

export const getOrganisation: Handler<'getOrganisation'> = async ({ tables, actor }) => {
  const organisation = await readOrganisation(tables, actor.tenant);
  return organisation === undefined ? NO_ORGANISATION : { status: 200, body: organisation };
};

export const listMemberships: Handler<'listMemberships'> = async ({ tables, actor }) => {
  const memberships = await membershipsOf(tables, actor.user);
  return { status: 200, body: { items: memberships.map(({ organisation, roles }) => ({ organisation, roles })) } };
};

export const listMembers: Handler<'listMembers'> = async ({ tables, actor }) => {
  const members = await membersOf(tables, actor.tenant);
  const items = members.map(({ user, email, roles, joinedAt }) => ({ user, email, roles, joinedAt: iso(joinedAt) }));
  return { status: 200, body: { items } };
};

export const invite: Handler<'invite'> = async (context, { body }) => {
  const { tables, actor, now, runtime } = context;
  const foreign = refuseForeignRoles(actor.tenant, body.roles);
  if (foreign !== undefined) return foreign;
  const organisation = await readOrganisation(tables, actor.tenant);
  if (organisation === undefined) return NO_ORGANISATION;
  // The token follows from the call, so a repeated call gives the same link though only its hash is stored.
  const token = await sign(runtime.signingKey, 'invitation', [actor.tenant, keyOf(context)]);
  const content = { email: body.email, roles: [...new Set(body.roles)], invitedBy: actor.user };
  const expiresAt = await createInvitation(
    tables,
    actor.tenant,
    { token, organisationName: organisation.name, ...content },
    now,
  );
  return { status: 201, body: { token, expiresAt: iso(expiresAt) }, onRepeat: { run: 'again' } };
};

export const getInvitation: Handler<'getInvitation'> = async ({ tables, now }, { params }) => {
  const invitation = await readInvitation(tables, params.token, now);
  return invitation.ok ? { status: 200, body: invitation.value } : invitation;
};

export const acceptInvitation: Handler<'acceptInvitation'> = async (context, { params }) => {
  const { tables, actor, now } = context;
  const accept = async (): Promise<Awaited<ReturnType<Handler<'acceptInvitation'>>>> => {
    const accepted = await acceptStored(tables, params.token, actor, now);
    if (!accepted.ok) return accepted;
    const { organisation, roles } = accepted.value;
    return { status: 200, body: { organisation, roles } };
  };
  const invitation = await readInvitation(tables, params.token, now);
  return invitation.ok ? recordedJoining(context, invitation.value.organisation, accept) : accept();
};
