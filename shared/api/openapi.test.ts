/** The description: valid by structure, complete, and true to the registry. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { PROBLEMS } from '../kernel/problem.ts';
import { EXAMPLES } from './examples.ts';
import { openApi } from './openapi.ts';
import { routes } from './registry.ts';
import { defineRoutes } from './route.ts';

type Json = { [key: string]: Json } & { [index: number]: Json };
type Links = Record<string, { operationId: string; parameters: Record<string, string> }>;
type Operation = {
  operationId: string;
  security: Record<string, string[]>[];
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { required: boolean; content: Record<string, { schema: object; example?: unknown }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }>; links?: Links }>;
};
type Document = { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Json> } };

const document = openApi(routes, { title: 'Parley', version: '1', local: true }) as unknown as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : referencesIn(inner)));
}

describe('the description', () => {
  it('has one operation for every route, and no other', () => {
    const described = operations.map(({ path, method, operation }) => `${method} ${path} ${operation.operationId}`);
    const registered = routes.map((route) => `${route.method.toLowerCase()} ${route.path} ${route.id}`);
    expect(described.sort()).toEqual(registered.sort());
    expect(new Set(operations.map((o) => o.operation.operationId)).size).toBe(operations.length);
  });

  it('leads every reference somewhere, and has no component that nothing leads to', () => {
    const references = new Set(referencesIn(document));
    for (const reference of references) {
      const found = reference
        .slice(2)
        .split('/')
        .reduce<Json | undefined>((at, part) => at?.[part], document as unknown as Json);
      expect(found, reference).toBeDefined();
    }
    for (const name of Object.keys(document.components.schemas))
      expect(references, name).toContain(`#/components/schemas/${name}`);
  });

  it('leads from what a route makes to all that can be done with it, and every link fills the path it leads to', () => {
    const byId = new Map(operations.map((one) => [one.operation.operationId, one]));
    for (const { operation } of operations)
      for (const [status, { links = {} }] of Object.entries(operation.responses))
        for (const { operationId, parameters } of Object.values(links)) {
          expect(Number(status)).toBeLessThan(300);
          const inPath = [...(byId.get(operationId)?.path ?? '').matchAll(/\{(\w+)\}/g)].map((match) =>
            String(match[1]),
          );
          expect(Object.keys(parameters).sort(), `${operation.operationId} to ${operationId}`).toEqual(inPath.sort());
        }
    const to = (id: string, status: string, target: string) =>
      byId.get(id)?.operation.responses[status]?.links?.[target]?.parameters;
    expect(to('createRequest', '201', 'confirmRequest')).toEqual({ request: '$response.body#/id' });
    expect(to('claim', '200', 'resolve')).toEqual({ lease: ['$response.body#', 'work', '0', 'lease', 'id'].join('/') });
    expect(to('createLink', '200', 'notSolved')).toEqual({ token: '$response.body#/token' });
    expect(to('testWebhook', '201', 'replayDelivery')).toEqual({
      webhook: '$request.path.webhook',
      delivery: '$response.body#/id',
    });
    expect(to('getRequest', '200', 'cancelRequest')).toBeUndefined();
  });

  it('declares every parameter of a path once, as required, and nothing that is not in the path', () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => String(match[1]));
      const declared = operation.parameters.filter((parameter) => parameter.in === 'path');
      expect(declared.map((parameter) => parameter.name).sort()).toEqual(inPath.sort());
      expect(declared.every((parameter) => parameter.required)).toBe(true);
      const names = operation.parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('gives every operation an answer and problems with known codes under their status', () => {
    for (const { operation } of operations) {
      const statuses = Object.keys(operation.responses);
      expect(statuses.some((status) => status.startsWith('2'))).toBe(true);
      for (const [status, { description, content }] of Object.entries(operation.responses)) {
        expect(description).not.toBe('');
        const schema = content?.['application/problem+json']?.schema as { allOf?: Json[] } | undefined;
        const codes =
          (schema?.allOf?.[1] as { properties?: { code: { enum: string[] } } })?.properties?.code.enum ?? [];
        for (const code of codes) expect(PROBLEMS[code as keyof typeof PROBLEMS][0]).toBe(Number(status));
        expect(codes.length > 0).toBe(Number(status) >= 400);
      }
    }
  });

  it('asks for an Idempotency-Key exactly where the edge does', () => {
    for (const route of routes) {
      const operation = document.paths[route.path]?.[route.method.toLowerCase()];
      const header = operation?.parameters.find((parameter) => parameter.name === 'Idempotency-Key');
      expect(header?.required ?? null).toBe({ key: true, natural: false, none: null }[route.repeat]);
    }
  });

  it('says for members which scope a program needs', () => {
    const commit = document.paths['/v1/queues/{queue}/rounds/{round}/commitment']?.put;
    expect(commit?.security).toEqual([{ person: [] }, { program: ['demand:write'] }]);
    expect(document.paths['/v1/queues']?.get?.security).toEqual([]);
  });

  it('leaves out what only one machine serves when it is for elsewhere', () => {
    const deployed = openApi(routes, { title: 'Parley', version: '1', local: false }) as unknown as Document;
    expect(Object.keys(deployed.paths)).not.toContain('/v1/test-clock');
    expect(Object.keys(deployed.components.schemas)).not.toContain('ClockView');
  });

  it('names the form that is sent apart where it differs from the one that is answered', () => {
    const { Terms, TermsInput, RoundLength } = document.components.schemas;
    expect(TermsInput?.required).not.toContain('feeBps');
    expect(Terms?.required).toContain('feeBps');
    expect(TermsInput?.additionalProperties).toBe(false);
    expect(Terms?.additionalProperties).toBeUndefined();
    expect(RoundLength).toBeDefined();
    expect(document.components.schemas.RoundLengthInput).toBeUndefined();
  });

  it('keeps apart what refers to something with two forms', () => {
    const inner = z.strictObject({ size: z.int().default(1) }).meta({ id: 'TestInner' });
    const outer = z.strictObject({ inner }).meta({ id: 'TestOuter' });
    const list = defineRoutes([
      {
        id: 'x',
        function: 'market',
        method: 'POST',
        path: '/x',
        access: { who: 'everybody' },
        repeat: 'none',
        summary: '',
        body: outer,
        responses: { 200: outer },
        problems: [],
      },
    ]);
    const { components } = openApi(list, { local: true }) as unknown as Document;
    expect(Object.keys(components.schemas)).toEqual([
      'Problem',
      'TestInner',
      'TestInnerInput',
      'TestOuter',
      'TestOuterInput',
    ]);
    expect(referencesIn(components.schemas.TestOuterInput)).toEqual(['#/components/schemas/TestInnerInput']);
    expect(referencesIn(components.schemas.TestOuter)).toEqual(['#/components/schemas/TestInner']);
  });

  it('is plain JSON and the same each time', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(openApi(routes, { title: 'Parley', version: '1', local: true })).toEqual(document);
  });
});

describe('an example', () => {
  it.each(Object.entries(EXAMPLES))('of %s is a good body', (id, example) => {
    const route = routes.find((known) => known.id === id);
    expect(route?.body?.safeParse(example).error?.issues).toBeUndefined();
    expect(route).toBeDefined();
  });
});
