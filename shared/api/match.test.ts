/** Which route a call finds. */
import { describe, expect, it } from 'vitest';
import { matchRoute } from './match.ts';
import { routes } from './registry.ts';

const found = (method: string, path: string) => {
  const match = matchRoute(method, path);
  return match === undefined ? undefined : 'route' in match ? [match.route.id, match.params] : match.allow;
};

describe('a call', () => {
  it('finds every route of the registry by its own path', () => {
    for (const route of routes) {
      const path = route.path.replaceAll(/\{(\w+)\}/g, 'value-of-$1');
      const match = matchRoute(route.method, path);
      expect(match !== undefined && 'route' in match ? match.route.id : match, path).toBe(route.id);
    }
  });

  it('finds a literal path before a parameter, for the methods that it takes', () => {
    expect(found('POST', '/v1/requests/batch')).toEqual(['createRequests', {}]);
    expect(found('GET', '/v1/requests/batch')).toEqual(['getRequest', { request: 'batch' }]);
  });

  it('gets its parameters decoded, also a slash inside one', () => {
    expect(found('GET', '/v1/requests/co_a%2Fb%20c')).toEqual(['getRequest', { request: 'co_a/b c' }]);
    expect(found('GET', '/v1/queues/a/terms/3')).toEqual(['getTerms', { queue: 'a', version: '3' }]);
  });

  it('finds nothing where a part is no valid encoding, empty, or too many', () => {
    for (const path of ['/v1/requests/%zz', '/v1/requests/', '/v1/requests/a/b', '/v1', '', 'v1/queues', '/v1//queues'])
      expect(found('GET', path), path).toBeUndefined();
  });

  it('learns which methods a path takes', () => {
    expect(found('DELETE', '/v1/queues')).toEqual(['GET', 'POST']);
    expect(found('PATCH', '/v1/queues/a/rounds/1/bid')).toEqual(['DELETE', 'GET', 'PUT']);
  });

  it('is found by HEAD as by GET', () => {
    expect(found('HEAD', '/v1/queues/a')).toEqual(['getQueue', { queue: 'a' }]);
  });

  it('does not fall for names that every object has', () => {
    expect(found('GET', '/constructor')).toBeUndefined();
    expect(found('GET', '/v1/requests/__proto__')).toEqual(['getRequest', { request: '__proto__' }]);
  });
});
