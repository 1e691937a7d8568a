/**
 * Every route, called with what fits its schemas and what does not, by everybody who may and everybody who may not: it
 * answers as its description says and never with a failure of ours. Routes and callers come from the registry, so that a
 * new route is called too. `npm run test:contract -- --runs N --seed S` calls more, or the same again.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../shared/api/route.ts';
import { callsOf, faultsOf, fits, mayCall, served, wrongCallsOf } from '../support/contract.ts';
import type { Answer, CallOptions } from '../support/edge.ts';
import { LaidMarket, type Tenant } from '../support/laid-market.ts';

const RUNS = Number(process.env.PARLEY_CONTRACT_RUNS ?? 4);
const SEED = Number(process.env.PARLEY_CONTRACT_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** Things of every kind: some calls use theirs up. */
const EACH = 3;

let laid: LaidMarket;
beforeAll(async () => {
  console.log(`seed ${SEED}, ${RUNS} runs a route and caller: npm run test:contract -- --runs ${RUNS} --seed ${SEED}`);
  laid = await LaidMarket.lay(EACH);
}, 180_000);
afterAll(() => laid.stop());

/** Programs may not call these at all, whatever they send. */
const isByPeople = ({ access }: Route): boolean => access.who === 'members' && access.byPeople === true;

type Caller = { name: string; token?: string; ids: Tenant['ids'] };

/** Who may call a route: a person with the role, a program with every scope, a sandbox's key; without a login everybody. */
function callersOf(route: Route): Caller[] {
  const able = laid.tenants.filter((tenant) => mayCall(route, tenant));
  const { who } = route.access;
  if (who === 'everybody' || who === 'customer') {
    const company = laid.tenant('company 0');
    return [{ name: 'nobody', ids: { ...company.ids, organisation: [] } }];
  }
  if (who === 'person') {
    const { ids } = laid.tenant('company 1');
    return [{ name: 'a newcomer', token: laid.edge.person('newcomer'), ids }];
  }
  return able
    .filter(({ name }) => !name.endsWith('1') && !name.endsWith('3'))
    .flatMap(({ name, token, key, ids }) => [
      { name, token, ids },
      ...(key === undefined || isByPeople(route) ? [] : [{ name: `program of ${name}`, token: key, ids }]),
    ]);
}

/** Who may not, with the problem that says so. */
function strangersOf(route: Route): (Caller & { code: string })[] {
  if (route.access.who === 'everybody' || route.access.who === 'customer') return [];
  const { ids } = laid.tenant('company 0');
  const nobody = { name: 'nobody', ids, code: 'unauthenticated' };
  const forged = { ...nobody, name: 'a forged key', token: 'parley_x_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' };
  const late = {
    ...nobody,
    name: 'a token that has ended',
    token: laid.edge.person('late', -1),
    code: 'token_expired',
  };
  if (route.access.who === 'person')
    return [
      nobody,
      late,
      { ...nobody, name: 'a program', token: laid.tenant('company 0').key ?? '', code: 'forbidden' },
    ];
  const { scope } = route.access;
  const others = laid.tenants
    .filter((tenant) => !mayCall(route, tenant))
    .map(({ name, token, ids: own }) => ({ name, token, ids: own, code: 'forbidden' }));
  const narrow = laid.tenants
    .filter((tenant) => !tenant.sandbox && mayCall(route, tenant))
    .map((tenant) => {
      const [, token = ''] = Object.entries(tenant.narrow).find(([own]) => own !== scope) ?? [];
      return { name: `a narrow key of ${tenant.name}`, token, ids: tenant.ids, code: 'forbidden' };
    });
  const alone = {
    name: 'a person without an organisation',
    token: laid.edge.person('nowhere'),
    ids,
    code: 'forbidden',
  };
  return [nobody, forged, late, alone, ...others, ...narrow];
}

/** What is wrong with a call's answer, and with what the call left in the log. */
async function faults(route: Route, caller: Caller, call: CallOptions, check: (answer: Answer) => string[] = () => []) {
  laid.edge.lines.length = 0;
  const answer = await laid.call(route, { ...call, ...(caller.token === undefined ? {} : { token: caller.token }) });
  const logged = laid.edge.lines
    .filter(({ level, message }) => level === 'error' || message.includes('does not declare'))
    .map(({ message, fields }) => `logs '${message}' ${String(fields.error ?? fields.code)}`);
  return [...faultsOf(route, answer), ...check(answer), ...logged].map(
    (fault) => `${route.id} called by ${caller.name}: ${fault}`,
  );
}

const fitting = new Map<string, CallOptions>();
/** One call to a route that would be good from somebody who may call it. */
function fittingCall(route: Route): CallOptions {
  const found =
    fitting.get(route.id) ??
    fc
      .sample(callsOf(route, laid.tenant('company 0').ids), { numRuns: 50, seed: 1 })
      .find((call) => fits(route, call)) ??
    {};
  fitting.set(route.id, found);
  return found;
}

/** A different, repeatable stream of calls for each route and caller. */
const seedOf = (route: Route, caller: Caller): number =>
  Array.from(`${route.id} ${caller.name}`).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) | 0, SEED);

const sample = <T>(calls: fc.Arbitrary<T>, route: Route, caller: Caller): T[] =>
  fc.sample(calls, { numRuns: RUNS, seed: seedOf(route, caller) });

describe('every route', () => {
  it.each(served.map((route) => [route.id, route] as const))('%s answers as it is described', async (_, route) => {
    const found: string[] = [];
    for (const caller of callersOf(route)) {
      for (const call of sample(callsOf(route, caller.ids), route, caller)) {
        const isFit = fits(route, call);
        found.push(...(await faults(route, caller, call, (answer) => parsed(answer, isFit, call))));
      }
      for (const call of sample(wrongCallsOf(route, caller.ids), route, caller)) {
        const isFit = fits(route, call);
        found.push(...(await faults(route, caller, call, (answer) => parsed(answer, isFit, call))));
      }
    }
    expect(found).toEqual([]);
  });

  it.each(served.map((route) => [route.id, route] as const))(
    '%s is closed to whoever may not call it',
    async (_, route) => {
      const found: string[] = [];
      for (const caller of strangersOf(route))
        found.push(
          ...(await faults(route, caller, fittingCall(route), ({ body }) =>
            body.code === caller.code ? [] : [`answers ${String(body.code)} where it must be ${caller.code}`],
          )),
        );
      expect(found).toEqual([]);
    },
  );
});

/** What does not fit is refused as such; links and invitations that do not open anything are so before anything is read. */
function parsed({ status, body }: Answer, isFit: boolean, call: CallOptions): string[] {
  if (isFit || status === 400 || status === 413) return [];
  if (body.code === 'not_found' || body.code === 'link_expired' || body.code === 'rate_limited') return [];
  return [`answers ${status} to what does not fit its schema: ${JSON.stringify(call).slice(0, 300)}`];
}
