import { describe, expect, it } from 'vitest';
import type { Runtime } from '../runtime.ts';
import type { ApiEvent } from './context.ts';
import { ORIGIN_HEADER, refusedAtTheEdge, sourceAddressOf, VIEWER_HEADER } from './edge.ts';

const OLD = 'a'.repeat(48);
const NEW = 'b'.repeat(48);

const behind = (...secrets: string[]): Runtime => ({ originSecrets: async () => secrets }) as unknown as Runtime;
const NO_EDGE = {} as Runtime;
const event = (headers: ApiEvent['headers']): ApiEvent => ({
  routeKey: 'GET /v1/queues',
  headers,
  requestContext: { http: { sourceIp: '130.176.0.1' } },
});

describe('the way in', () => {
  it.each([[OLD], [NEW]])(
    'lets in who comes through the edge, while one secret takes the other’s place',
    async (sent) => {
      expect(await refusedAtTheEdge(behind(NEW, OLD), event({ [ORIGIN_HEADER]: sent }))).toBeUndefined();
    },
  );

  it.each([
    ['without a secret', {}],
    ['with another', { [ORIGIN_HEADER]: 'c'.repeat(48) }],
    ['with part of it', { [ORIGIN_HEADER]: OLD.slice(1) }],
    ['with nothing, where there was no secret before', { [ORIGIN_HEADER]: '' }],
  ])('turns away who comes past it %s', async (_, headers) => {
    expect(await refusedAtTheEdge(behind(OLD, ''), event(headers))).toMatchObject({ code: 'forbidden' });
  });

  it('asks nobody for anything where there is no edge', async () => {
    expect(await refusedAtTheEdge(NO_EDGE, event({}))).toBeUndefined();
  });
});

describe('where a call came from', () => {
  it('is what the edge says, behind it', () => {
    expect(sourceAddressOf(behind(OLD), event({ [VIEWER_HEADER]: '203.0.113.7' }))).toBe('203.0.113.7');
  });

  it('is what the gateway saw, where nobody else may say it', () => {
    expect(sourceAddressOf(NO_EDGE, event({ [VIEWER_HEADER]: '203.0.113.7' }))).toBe('130.176.0.1');
  });
});
