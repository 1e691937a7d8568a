import { expect, it } from 'vitest';
import { sdkRoutes } from '../../../tests/support/stripe-types.ts';
import { RESOURCES } from './resources.ts';

const served = RESOURCES.flatMap((resource) => resource.routes ?? []).map(
  ({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, ':')}`,
);

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
