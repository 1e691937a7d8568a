/** Who belongs to an organisation, and who is still invited. */

import { readMembership } from '../../shared/identity/identity.store.ts';
import { ROLES_OF, type Role } from '../../shared/identity/identity.ts';
import { changeRoles, removeMember as remove } from '../../shared/identity/member.store.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { iso } from '../../shared/kernel/time.ts';
import { listInvitations, withdrawInvitation as withdraw } from '../../shared/organisation/invitation.store.ts';
import { kindOf } from '../../shared/organisation/organisation.store.ts';
import type { Handler } from '../middleware/context.ts';
import { refuseForeignRoles } from '../middleware/refusals.ts';

const NOBODY = refuse('not_found', 'Nobody of that name belongs to your organisation.');

/** The role that every organisation keeps somebody in. */
const adminRoleOf = (tenant: string): Role => ROLES_OF[kindOf(tenant)][0];

export const changeMember: Handler<'changeMember'> = async ({ tables, actor }, { params, body }) => {
  // Whether somebody belongs here is told first: of another organisation's people nothing is.
  if ((await readMembership(tables, actor.tenant, params.user)) === undefined) return NOBODY;
  const foreign = refuseForeignRoles(actor.tenant, body.roles);
  if (foreign !== undefined) return foreign;
  const change = { roles: body.roles, adminRole: adminRoleOf(actor.tenant) };
  const changed = await changeRoles(tables, actor.tenant, params.user, change);
  if (!changed.ok) return changed;
  const { user, email, roles, joinedAt } = changed.value;
  return { status: 200, body: { user, email, roles, joinedAt: iso(joinedAt) } };
};

export const removeMember: Handler<'removeMember'> = async ({ tables, actor }, { params }) => {
  const removed = await remove(tables, actor.tenant, params.user, adminRoleOf(actor.tenant));
  if (!removed.ok) return removed;
  return { status: 204, body: null };
};

export const listOpenInvitations: Handler<'listOpenInvitations'> = async ({ tables, actor, now }) => ({
  status: 200,
  body: { items: await listInvitations(tables, actor.tenant, now) },
});

export const withdrawInvitation: Handler<'withdrawInvitation'> = async ({ tables, actor, now }, { params }) => {
  const withdrawn = await withdraw(tables, actor.tenant, params.invitation, now);
  return withdrawn.ok ? { status: 204, body: null } : withdrawn;
};
