/** The roles in people's words. */
import type { Role } from '../../../shared/identity/identity.ts';

const ROLES: Readonly<Record<Role, string>> = {
  'company.admin': 'Company admin',
  'company.operator': 'Company operator',
  'company.finance': 'Company finance',
  'provider.admin': 'Provider admin',
  'provider.agent': 'Agent',
  'provider.finance': 'Provider finance',
  'market.operator': 'Market operator',
  'market.finance': 'Market finance',
};

export const roleText = (role: Role): string => ROLES[role];
export const rolesText = (roles: readonly Role[]): string => roles.map(roleText).join(', ');
