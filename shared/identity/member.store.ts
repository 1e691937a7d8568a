/** Changes to who belongs to an organisation and with which roles: it always keeps an admin. */
import { ok, type Result, refuse } from '../kernel/result.ts';
import type { Condition, Tables, Write } from '../kernel/table.ts';
import { changingCallers } from './callers.ts';
import { asWritten, listMembers, type Membership, memberKey, membershipKey, memberWrites } from './identity.store.ts';
import type { Role } from './identity.ts';

const MOST_TRIES = 4;
type Refused = 'not_found' | 'last_admin' | 'still_running';

/** Gives a member these roles instead of those it has. Repeating it changes nothing. */
export function changeRoles(
  tables: Tables,
  tenant: string,
  user: string,
  change: { roles: readonly Role[]; adminRole: Role },
): Promise<Result<Membership, Refused>> {
  const roles = [...new Set(change.roles)];
  return changeMember(tables, tenant, user, change.adminRole, (old) => {
    const next = { ...old, roles };
    const writes = memberWrites(next, false).map((write) => ({ ...write, when: asRead(old) }));
    return { next, writes };
  });
}

/** Takes a person out of an organisation. API keys that it made stay: they are the organisation's. */
export function removeMember(
  tables: Tables,
  tenant: string,
  user: string,
  adminRole: Role,
): Promise<Result<Membership, Refused>> {
  return changeMember(tables, tenant, user, adminRole, (old) => ({
    next: { ...old, roles: [] },
    writes: [membershipKey(user, tenant), memberKey(tenant, user)].map((key) => ({
      kind: 'delete',
      table: 'market',
      key,
      when: asRead(old),
    })),
  }));
}

const asRead = ({ roles }: Membership): Condition => [
  ['present', 'pk'],
  ['absent or =', 'rolesText', asWritten(roles).rolesText],
];

/** Where an admin stops being one, the same transaction checks that another still is: of two who leave at once, one stays. */
async function changeMember(
  tables: Tables,
  tenant: string,
  user: string,
  adminRole: Role,
  decide: (old: Membership) => { next: Membership; writes: Write[] },
): Promise<Result<Membership, Refused>> {
  for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
    const members = await listMembers(tables, tenant);
    const old = members.find((member) => member.user === user);
    if (old === undefined) return refuse('not_found', 'Nobody of that name belongs to your organisation.');
    const { next, writes } = decide(old);
    const losesAdmin = old.roles.includes(adminRole) && !next.roles.includes(adminRole);
    const other = members.find((member) => member.user !== user && member.roles.includes(adminRole));
    if (losesAdmin && other === undefined)
      return refuse('last_admin', `This is the only ${adminRole}: give somebody else that role first.`);
    if (next.roles.length > 0 && asWritten(next.roles).rolesText === asWritten(old.roles).rolesText) return ok(old);
    const check: Write[] =
      losesAdmin && other !== undefined
        ? [{ kind: 'check', table: 'market', key: memberKey(tenant, other.user), when: asRead(other) }]
        : [];
    const written = await changingCallers(tables, [tenant, user], () => tables.transact([...writes, ...check]));
    if (written.ok) return ok(next);
  }
  return refuse('still_running', 'Others change the members at the same time; read them and try again.', {
    retryable: true,
  });
}
