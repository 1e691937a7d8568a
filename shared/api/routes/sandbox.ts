/** Where an organisation tries everything out. */
import { SandboxView } from '../../sandbox/sandbox.ts';
import { defineRoutes } from '../route.ts';

const ROLES = ['company.admin', 'company.operator', 'provider.admin', 'provider.agent'] as const;

export const sandboxRoutes = defineRoutes([
  {
    id: 'getSandbox',
    function: 'market',
    method: 'GET',
    path: '/v1/sandbox',
    access: { who: 'members', roles: ROLES, scope: 'organisation:read' },
    repeat: 'none',
    summary: 'One’s sandbox: for whom one acts there, and whether it is open',
    responses: { 200: SandboxView },
    problems: [],
  },
  {
    id: 'openSandbox',
    function: 'market',
    method: 'POST',
    path: '/v1/sandbox',
    access: { who: 'members', roles: ROLES, scope: 'organisation:write' },
    repeat: 'natural',
    summary: 'Open one’s sandbox; again, it changes nothing',
    description:
      'Nothing in it is real: no customer, nobody opposite, no money. It is there before the market has approved one.',
    responses: { 200: SandboxView },
    problems: [],
  },
]);
