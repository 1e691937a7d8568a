import { expect, it } from 'vitest';
import { routes } from '../../../../shared/api/registry.ts';
import { ROLES_OF, Scope } from '../../../../shared/identity/identity.ts';
import { sandboxMay } from '../../../../shared/sandbox/sandbox.ts';
import { SCOPES_OF, scopesFor } from './scopes.ts';

it.each(['company', 'provider', 'market'] as const)(
  'offers a %s every scope that a route takes from its roles',
  (kind) => {
    const own: readonly string[] = ROLES_OF[kind];
    const taken = new Set<string>();
    for (const { access } of routes)
      if (access.who === 'members' && access.roles.some((role) => own.includes(role))) taken.add(access.scope);
    expect([...SCOPES_OF[kind]].sort()).toEqual([...taken].sort());
  },
);

it('offers a sandbox key no more than it may', () => {
  const offered = [...scopesFor('company', true), ...scopesFor('provider', true)];
  expect(offered.length).toBeGreaterThan(0);
  expect(offered.filter((scope) => !sandboxMay(scope))).toEqual([]);
  expect(Scope.options.filter((scope) => sandboxMay(scope) && !offered.includes(scope))).toEqual([]);
});
