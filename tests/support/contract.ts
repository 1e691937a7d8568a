/** What a route promises, held against one answer; and calls made up from what it takes. */
import fc from 'fast-check';
import * as z from 'zod';
import { EXAMPLES } from '../../shared/api/examples.ts';
import { openApi } from '../../shared/api/openapi.ts';
import { problemCodesOf } from '../../shared/api/problem-codes.ts';
import { routes } from '../../shared/api/registry.ts';
import type { Route } from '../../shared/api/route.ts';
import { PROBLEMS, Problem, type ProblemCode } from '../../shared/kernel/problem.ts';
import { type Schema, spoiled, valuesOf } from './arbitrary.ts';
import type { Answer, CallOptions } from './edge.ts';
import type { Ids, Tenant } from './laid-market.ts';

/** The routes that handlers serve everywhere: all but those of the marketplace on one machine. */
export const served: readonly Route[] = routes.filter((route) => !route.localOnly);

const document = openApi() as { paths: Record<string, Record<string, { responses: Record<string, unknown> }>> };

/** What is wrong with an answer by the description of its route; nothing where it keeps its promises. */
export function faultsOf(route: Route, answer: Answer): string[] {
  const declared = document.paths[route.path]?.[route.method.toLowerCase()]?.responses ?? {};
  const faults: string[] = [];
  if (answer.status >= 500) faults.push(`answers ${answer.status}`);
  if (!(answer.status in declared)) faults.push(`${answer.status} is not in its description`);
  if (answer.headers['parley-call-id'] === undefined) faults.push('does not name its call');
  return [...faults, ...(answer.status < 400 ? bodyFaults(route, answer) : problemFaults(route, answer))];
}

function bodyFaults(route: Route, { status, body, headers, text }: Answer): string[] {
  const schema = route.responses[status];
  if (schema === undefined) return [];
  const type = route.answers ?? 'application/json';
  if (schema === null) return Object.keys(body).length === 0 ? [] : ['has a body where none is described'];
  if (headers['content-type']?.split(';')[0] !== type) return [`is ${headers['content-type']} and not ${type}`];
  const parsed = schema.safeParse(route.answers === undefined ? body : text);
  if (!parsed.success) return [`its body does not fit: ${z.prettifyError(parsed.error)}`];
  const unknown = route.answers === undefined ? fieldsBeyond(body, parsed.data) : [];
  return unknown.length === 0 ? [] : [`has fields that are not described: ${unknown.join(', ')}`];
}

/** Paths of what parsing has left out. */
function fieldsBeyond(given: unknown, described: unknown, at = ''): string[] {
  if (typeof given !== 'object' || given === null) return [];
  if (typeof described !== 'object' || described === null) return [at];
  return Object.entries(given).flatMap(([name, value]) => {
    const path = at === '' ? name : `${at}.${name}`;
    return name in described ? fieldsBeyond(value, (described as Record<string, unknown>)[name], path) : [path];
  });
}

function problemFaults(route: Route, { status, body, headers }: Answer): string[] {
  const faults: string[] = [];
  if (headers['content-type'] !== 'application/problem+json') faults.push(`is ${headers['content-type']}`);
  const parsed = Problem.safeParse(body);
  if (!parsed.success) return [...faults, `is no problem: ${z.prettifyError(parsed.error)}`];
  const { code } = parsed.data;
  if (!problemCodesOf(route).includes(code as ProblemCode)) faults.push(`${code} is not a problem of this route`);
  else if (PROBLEMS[code as ProblemCode][0] !== status || parsed.data.status !== status)
    faults.push(`${code} comes with status ${status}`);
  if (parsed.data.detail.length < 10) faults.push(`${code} does not say what to do: '${parsed.data.detail}'`);
  return faults;
}

/** Ids by parameter, as this route calls them: a link and an invitation are both a `token`, a customer’s files are its own. */
export function idsFor(route: Route, ids: Ids): Ids {
  if (route.path.includes('/invitations/')) return { ...ids, token: ids.invitationToken ?? [] };
  return route.access.who === 'customer' ? { ...ids, attachment: ids.customerFile ?? [] } : ids;
}

export type Input = { params: Record<string, string>; query: Record<string, string>; body?: unknown; raw?: string };

const jsonSchemas = new Map<string, Record<'params' | 'query' | 'body', Schema | undefined>>();
/** The JSON Schemas of what a route takes. */
export function schemasOf(route: Route): Record<'params' | 'query' | 'body', Schema | undefined> {
  const known = jsonSchemas.get(route.id);
  if (known !== undefined) return known;
  const read = (schema: z.ZodType | undefined) =>
    schema === undefined ? undefined : (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema);
  const schemas = { params: read(route.params), query: read(route.query), body: read(route.body) };
  jsonSchemas.set(route.id, schemas);
  return schemas;
}

/** As a gateway has decoded them: half a character cannot come this way. */
const asTexts = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(value ?? {}).map(([name, part]) => [name, String(part).toWellFormed()]));

/** What a refinement lets pass or a handler can do something with. */
const USABLE = { currency: ['USD'], url: ['http://127.0.0.1:9/hook'], timeZone: ['Europe/Berlin'] };

/** What is sent where a route takes bytes: parts of files, messages of other systems. */
const RAW = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.constantFrom(
    'externalId,customer,text\n1,a@example.com,Hello\n',
    '{"ref":1}\n{"ref":',
    'From: a@example.com\r\n\r\nHi',
  ),
);

/** Calls that fit the route's schemas as far as JSON Schema says it, with ids of things that exist where they have a place. */
export function callsOf(route: Route, ids: Ids): fc.Arbitrary<Input> {
  const own = idsFor(route, ids);
  const known = { ...own, attachments: own.attachment ?? [], ...USABLE };
  const schemas = schemasOf(route);
  const values = (schema: Schema | undefined) =>
    schema === undefined ? fc.constant(undefined) : valuesOf(schema, known);
  const { queue } = ids;
  const example = EXAMPLES[route.id] as object | undefined;
  const named = example !== undefined && 'queue' in example ? { ...example, queue: queue?.[0] } : example;
  const bodies = values(schemas.body);
  return fc
    .record({
      params: values(schemas.params),
      query: values(schemas.query),
      raw: RAW,
      body: named === undefined ? bodies : fc.oneof(bodies, bodies, fc.constant(named)),
    })
    .map(({ params, query, body, raw }) => ({
      params: asTexts(params),
      query: asTexts(query),
      ...(route.rawBody === undefined ? { body } : { raw }),
    }));
}

/** Calls of which one part does not belong there; `raw` bodies are not even JSON, or too large. */
export function wrongCallsOf(route: Route, ids: Ids): fc.Arbitrary<CallOptions> {
  const calls = callsOf(route, ids);
  const raw = fc.constantFrom('{', '{"a":', '\u0000', `"${'x'.repeat(300_000)}"`, '[[[[', 'null', '{"__proto__":1}');
  const spoil = (part: keyof Input) =>
    fc.tuple(calls, spoiled(calls.map((call) => call[part]))).map(([call, wrong]) => ({
      ...call,
      [part]: part === 'body' ? wrong : asTexts(wrong),
    }));
  const parts = (['params', 'query', 'body'] as const).filter(
    (part) => (part !== 'params' || route.params !== undefined) && (part !== 'body' || route.rawBody === undefined),
  );
  return fc.oneof(
    ...parts.map((part) => ({ weight: part === 'body' && route.body !== undefined ? 6 : 1, arbitrary: spoil(part) })),
    { weight: 1, arbitrary: fc.record({ call: calls, raw }).map(({ call, raw }) => ({ ...call, raw })) },
  );
}

const NOTHING = z.strictObject({});
/** Whether the route's schemas take a call; so that its parser must, and the other way round. */
export function fits(route: Route, { params, query, body, raw }: CallOptions): boolean {
  if (raw !== undefined && route.rawBody === undefined) return false;
  const sent = body === undefined ? undefined : (JSON.parse(JSON.stringify(body)) as unknown);
  return (
    (route.params ?? NOTHING).strict().safeParse(params ?? {}).success &&
    (route.query ?? NOTHING).strict().safeParse(query ?? {}).success &&
    (route.rawBody !== undefined || (route.body ?? NOTHING.optional()).safeParse(sent).success)
  );
}

/** Whether a tenant may call a route, by the kind of its roles and by its sandbox. */
export const mayCall = (route: Route, { kind, sandbox }: Tenant): boolean =>
  route.access.who !== 'members' ||
  (route.access.roles.some((role) => role.startsWith(`${kind}.`)) &&
    (!sandbox || /^(?:requests|work|webhooks):/.test(route.access.scope)));
