/** The scopes that mean something for an organisation of each kind: those that some route takes from one of its roles. */
import type { Scope } from '../../../../shared/identity/identity.ts';

export type Kind = 'company' | 'provider' | 'market';

export const SCOPES_OF: Readonly<Record<Kind, readonly Scope[]>> = {
  company: [
    'organisation:read',
    'organisation:write',
    'demand:read',
    'demand:write',
    'requests:read',
    'requests:write',
    'finance:read',
    'finance:write',
    'webhooks:read',
    'webhooks:write',
  ],
  provider: [
    'organisation:read',
    'organisation:write',
    'supply:read',
    'supply:write',
    'work:read',
    'work:write',
    'finance:read',
    'finance:write',
    'webhooks:read',
    'webhooks:write',
  ],
  market: ['organisation:read', 'organisation:write', 'market:read', 'market:write', 'finance:read', 'finance:write'],
};

/** What a sandbox key may do, see `shared/sandbox`. */
const IN_SANDBOX = /^(?:requests|work|webhooks):/;

export const scopesFor = (kind: Kind, isSandbox: boolean): readonly Scope[] =>
  SCOPES_OF[kind].filter((scope) => !isSandbox || IN_SANDBOX.test(scope));
