/** Refusals that several functions answer. */
import { ROLES_OF, type Role } from '../../shared/identity/identity.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { kindOf } from '../../shared/organisation/organisation.store.ts';
import { type FieldRefusal, refuseFields } from './fields.ts';

export const NOT_APPROVED = refuse(
  'organisation_not_approved',
  'The market has not approved your company for money yet; GET /v1/organisation shows its status.',
);

/** Roles belong to a kind of organisation: a company has no provider's agents. */
export function refuseForeignRoles(tenant: string, roles: readonly Role[]): FieldRefusal | undefined {
  const own: readonly Role[] = ROLES_OF[kindOf(tenant)];
  if (roles.every((role) => own.includes(role))) return undefined;
  return refuseFields([{ field: 'roles', message: `must be among the roles of your organisation: ${own.join(', ')}` }]);
}
