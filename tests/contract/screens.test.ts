/**
 * Everything an API user of a role can do, a person of it can do on a screen: routes and their fields come from the registry,
 * screens and what they ask from the web app's sources. What is left out stands here with its reason.
 */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '../../shared/api/registry.ts';
import type { Route } from '../../shared/api/route.ts';
import type { Role } from '../../shared/identity/identity.ts';
import { type ApiCall, type Module, moduleOf, pagesOf, reachedFrom, webSources } from '../support/web-source.ts';

/** Routes that no screen needs, by what a person has instead. */
const FOR_PROGRAMS: Readonly<Record<string, string>> = {
  'GET /healthz': 'for whoever watches the machines; the operator has the page of the sweeps and dead letters',
  'POST /v1/requests/batch': 'people send many by a file, with progress and its errors',
  'POST /v1/inbound/{connector}': 'other systems post here; people see what came on the page of the connector',
  'POST /v1/stripe/{destination}': 'Stripe posts here',
  'GET /v1/invoice-details/{detailLink}/csv':
    'the link of an invoice as mailed; who is signed in has the invoice’s page',
  'GET /v1/invoice-details/{detailLink}/charges/csv': 'the same, down to the charges: the page of a line',
};
/** Fields that no form and no list needs, by route. */
const FIELDS_FOR_PROGRAMS: Readonly<Record<string, string>> = {
  'POST /v1/imports cases': 'the values of a file’s column are those of the market, or are corrected in the file',
  'POST /v1/imports take':
    'where words stand in several columns, such as subject and body, the usual mapping takes them all',
  'GET /v1/links/{token}/messages order': 'the page shows a thread from its beginning on',
};

const sources = webSources();
const modules: ReadonlyMap<string, Module> = new Map(sources.map((source) => [source.path, moduleOf(source)]));
const pages = pagesOf(sources);
const partsOf = new Map(pages.map(({ module }) => [module, reachedFrom(module, modules)]));
const frame = reachedFrom('web/src/main.tsx', modules);
const customer = reachedFrom('web/src/customer/main.tsx', modules);

const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;
const known: ReadonlySet<string> = new Set(routes.map(({ path }) => path));

/** Whether a path in the sources is a route's: written the same, or with the places filled in. */
function isOf(route: Route, { method, path }: ApiCall): boolean {
  if (method !== 'any' && method !== route.method.toLowerCase()) return false;
  if (known.has(path)) return path === route.path;
  const [wanted, given] = [route.path.split('/'), path.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, n) => part.startsWith('{') || part === given[n] || given[n] === '*')
  );
}

/** What somebody's screens are made of: those of a role, of anybody signed in, of a customer's link; all of them for nobody in particular. */
function partsFor(who: Role | 'person' | 'everybody' | 'customer'): Module[] {
  if (who === 'customer') return customer;
  if (who === 'everybody') return [...modules.values()];
  const open = pages.filter(
    ({ who: wanted }) => wanted === 'everybody' || wanted === 'person' || wanted.includes(who as Role),
  );
  return [...frame, ...open.flatMap(({ module }) => partsOf.get(module) ?? [])];
}

const callersOf = ({ access }: Route) => (access.who === 'members' ? access.roles : [access.who]);

describe('everything an API user of a role can do', () => {
  it('a person of it can do on a screen, or a program alone for a reason', () => {
    const missing = routes.flatMap((route) => {
      if (nameOf(route) in FOR_PROGRAMS || route.localOnly === true) return [];
      const without = callersOf(route).filter(
        (who) => !partsFor(who).some(({ calls }) => calls.some((call) => isOf(route, call))),
      );
      return without.length === 0 ? [] : [`${nameOf(route)}: no screen of ${without.join(', ')} asks for it`];
    });
    expect(missing).toEqual([]);
  });

  it('a form or a list has every field of, or a program alone for a reason', () => {
    const missing = routes.flatMap((route) => {
      if (nameOf(route) in FOR_PROGRAMS || route.localOnly === true) return [];
      const words = wordsBy(route);
      const without = fieldsOf(route).filter(
        (field) => !words.has(field) && !(`${nameOf(route)} ${field}` in FIELDS_FOR_PROGRAMS),
      );
      return without.length === 0 ? [] : [`${nameOf(route)}: no screen knows its ${without.join(', ')}`];
    });
    expect(missing).toEqual([]);
  });

  it('the exceptions are of routes that no screen asks for, and of fields that there are', () => {
    const names = new Set(routes.map(nameOf));
    const called = [...modules.values()].flatMap(({ calls }) => calls);
    const idle = [
      ...Object.keys(FOR_PROGRAMS).filter((name) => {
        const route = routes.find((one) => nameOf(one) === name);
        return !names.has(name) || (route !== undefined && called.some((call) => isOf(route, call)));
      }),
      ...Object.keys(FIELDS_FOR_PROGRAMS).filter((key) => {
        const field = key.split(' ').at(-1) ?? '';
        const route = routes.find((one) => key === `${nameOf(one)} ${field}`);
        return route === undefined || !fieldsOf(route).includes(field);
      }),
    ];
    expect(idle).toEqual([]);
  });
});

/** The words of the screens that call a route, and of what they are built of. */
function wordsBy(route: Route): ReadonlySet<string> {
  const callers = [...partsOf.values(), customer].filter((parts) =>
    parts.some(({ calls }) => calls.some((call) => isOf(route, call))),
  );
  return new Set(callers.flat().flatMap(({ words }) => [...words]));
}

/** The names of all that can be sent: fields of the body at any depth, and what a list is asked by. */
function fieldsOf({ query, body }: Route): string[] {
  const schemas = [query, body].filter((schema) => schema !== undefined);
  const names = schemas.flatMap((schema) => namesIn(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })));
  return [...new Set(names)].filter((name) => !BY_THE_LIST.includes(name)).toSorted();
}

/** What `usePages` and the table send by themselves. */
const BY_THE_LIST: readonly string[] = ['cursor', 'limit'];

function namesIn(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(namesIn);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'properties'
      ? Object.entries(value as object).flatMap(([name, of]) => [name, ...namesIn(of)])
      : namesIn(value),
  );
}
