import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { sdkRoutes } from '../../../tests/support/stripe-types.ts';
import type { Route } from './resource.ts';
import { RESOURCES } from './resources.ts';
import { routesOf } from './routes.ts';

const ROUTES = RESOURCES.flatMap((resource) => resource.routes ?? []);
const served = ROUTES.map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, ':')}`);

it('serves only what the SDK can ask for', () => {
  const known = sdkRoutes();
  expect(known.size).toBeGreaterThan(500);
  expect(served.filter((route) => !known.has(route))).toEqual([]);
});

it('serves each method of a path once', () => {
  expect(served.filter((route, at) => served.indexOf(route) !== at)).toEqual([]);
});

it('names each action and each job once', () => {
  for (const part of ['actions', 'jobs'] as const) {
    const names = RESOURCES.flatMap((resource) => Object.keys(resource[part] ?? {}));
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  }
});

const PATTERNS = ROUTES.map((route) => ({
  route,
  names: [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name),
  pattern: new RegExp(`^${route.path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '([^/]+)')}$`),
}));

/** The rule as it is told: of all routes that fit, the one with the fewest names, the first of those. */
function byTheRule(method: string, path: string): { route: Route; ids: Record<string, string> } | undefined {
  const fitting = PATTERNS.flatMap(({ route, names, pattern }) => {
    const found = route.method === method ? pattern.exec(path) : null;
    if (found === null) return [];
    const ids = Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(found[at + 1] ?? '')]));
    return [{ route, ids, names: names.length }];
  });
  const [best] = fitting.toSorted((a, b) => a.names - b.names);
  return best === undefined ? undefined : { route: best.route, ids: best.ids };
}

it('leads every request to the route that the rule names, words before names', () => {
  const find = routesOf(ROUTES);
  const words = [...new Set(ROUTES.flatMap(({ path }) => path.split('/')))].filter((word) => !word.startsWith(':'));
  const paths = ROUTES.flatMap(({ path }) => [
    path.replaceAll(/:\w+/g, 'in_1%20a'),
    path.replaceAll(/:\w+/g, ''),
    `${path.replaceAll(/:\w+/g, 'in_1')}/`,
    ...words.map((word) => path.replace(/:\w+/, word).replaceAll(/:\w+/g, 'il_1')),
  ]);
  const asked = [...new Set(paths)].flatMap((path) => ['GET', 'POST', 'DELETE'].map((method) => [method, path]));
  const differing = asked.filter(
    ([method = '', path = '']) => !isDeepStrictEqual(find(method, path), byTheRule(method, path)),
  );
  expect(differing).toEqual([]);
  expect(asked.filter(([method = '', path = '']) => find(method, path)).length).toBeGreaterThan(ROUTES.length);
});
