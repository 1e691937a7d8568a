/** The OpenAPI 3.1 description of the API, generated from the registry of routes. */
import type * as z from 'zod';
import { PROBLEMS, Problem, type ProblemCode } from '../kernel/problem.ts';
import { bodySchema, EVENTS, EventType } from '../webhook/event.ts';
import { EXAMPLES } from './examples.ts';
import { linksOf } from './links.ts';
import { Components, type JsonSchema } from './openapi-schemas.ts';
import { problemCodesOf } from './problem-codes.ts';
import { routes as registered } from './registry.ts';
import type { ApiFunction, Route } from './route.ts';

export type OpenApiOptions = {
  title: string;
  version: string;
  /** Whether the description is for the marketplace on one machine, with the routes that only it serves. */
  local: boolean;
};
const DEFAULTS: OpenApiOptions = { title: 'Parley', version: '1', local: false };

const TAGS: Readonly<Record<ApiFunction, string>> = {
  market: 'What everybody may see, and how people and programs join',
  company: 'A company posts demand, sends requests and judges resolutions',
  overview: 'What one has in all queues, what waits for one, what is missing',
  certificate: 'What organisations show of themselves, and who checked it',
  import: 'Requests from files',
  connector: 'Requests from the systems that a company already runs',
  incident: 'One cause behind many requests: declared, linked, told, closed; spikes over several companies',
  provider: 'A provider bids and works',
  finance: 'Statements and charges',
  export: 'Files that tie to the invoice, and who changed what',
  billing: 'A company’s or provider’s own money: how it is billed and paid, and its documents',
  money: 'The market’s finance people: the close of a month, approvals, write-offs, corrections',
  customer: 'A company’s customer, with the signed link and no login',
  receipts: 'Signed receipts of outcomes',
  dispatch: 'How requests are sent and worked: hours, capacity, budget, absence; one’s own work',
  thread: 'What is said about a request, what is attached, who looked; playbooks',
  operator: 'The market’s operator: queues, terms, approvals, rounds',
  mcp: 'The Model Context Protocol, for AI agents',
  auth: 'Signing in and out, for the site’s own pages',
  stripe: 'Where Stripe tells what happens',
  webhook: 'Signed calls to an organisation’s own endpoints, and what became of them',
  operations: 'The operator watches the work: lanes, sweeps, dead letters',
  local: 'Only on one machine: the test clock and the development sign-in',
};

/** The description as a plain object. The same routes give the same description. */
export function openApi(routes: readonly Route[] = registered, options: Partial<OpenApiOptions> = {}): JsonSchema {
  const { title, version, local } = { ...DEFAULTS, ...options };
  const served = routes.filter((route) => local || !route.localOnly);
  const components = new Components();
  const problemSchema = components.add(Problem, 'output');
  const paths: Record<string, JsonSchema> = {};
  for (const route of served) {
    paths[route.path] ??= {};
    (paths[route.path] as JsonSchema)[route.method.toLowerCase()] = operation(route, served, components, problemSchema);
  }
  const functions = [...new Set(served.map((route) => route.function))];
  return components.finish({
    openapi: '3.1.0',
    info: { title, version, description: INTRODUCTION, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    tags: functions.map((name) => ({ name, description: TAGS[name] })),
    paths,
    ...(functions.includes('webhook') ? { webhooks: webhooksOf(components) } : {}),
    components: { securitySchemes: SECURITY_SCHEMES, headers: HEADERS },
  });
}

/** What an endpoint receives, by type of event. */
const webhooksOf = (components: Components): JsonSchema =>
  Object.fromEntries(
    EventType.options.map((type) => {
      const { summary, audience } = EVENTS[type];
      const who = audience === 'both' ? 'Companies and providers' : audience === 'company' ? 'Companies' : 'Providers';
      const content = { 'application/json': { schema: components.add(bodySchema(type), 'output') } };
      return [
        type,
        {
          post: {
            operationId: `on ${type}`,
            tags: ['webhook'],
            summary,
            description: `${who} may subscribe to it.`,
            security: [],
            parameters: SIGNATURE_HEADERS,
            requestBody: { required: true, content },
            responses: {
              '2XX': { description: 'Taken; anything else, or nothing within ten seconds, is tried again' },
              410: { description: 'Gone: the endpoint is switched off' },
            },
          },
        },
      ];
    }),
  );

const SIGNATURE_HEADERS: JsonSchema[] = [
  ['webhook-id', 'The event’s id, the same in every try'],
  ['webhook-timestamp', 'When this try was made, in seconds since 1970: refuse what is older than five minutes'],
  [
    'webhook-signature',
    'One or more of `v1,<base64>`, apart by a space: HMAC-SHA-256 over `<id>.<timestamp>.<body>` under a secret of yours',
  ],
].map(([name, description]) => ({ name, in: 'header', required: true, description, schema: { type: 'string' } }));

const INTRODUCTION = `Companies bargain together for customer service; see what a round cost and who is served.

- Times are ISO 8601 in UTC. Money is a whole number of micro-units (1 USD = 1 000 000).
- A refusal is a problem (RFC 9457) with a stable \`code\`; \`retryable\` says whether the same call may succeed later.
- Unknown fields of a call are refused; clients ignore unknown fields of an answer.
- \`next\` of a list is an opaque cursor for the same list; null at its end.
- Every answer has the header \`parley-call-id\`: quote it when you ask about a call.`;

const SECURITY_SCHEMES = {
  person: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A person’s access token' },
  program: { type: 'http', scheme: 'bearer', description: 'An API key, parley_…; it acts within its roles and scopes' },
};
const HEADERS = {
  CallId: { description: 'The id of the call, for support', schema: { type: 'string' } },
  RetryAfter: { description: 'Seconds after which the same call may succeed', schema: { type: 'integer' } },
};
const CALL_ID = { 'parley-call-id': { $ref: '#/components/headers/CallId' } };

function operation(
  route: Route,
  served: readonly Route[],
  components: Components,
  problemSchema: JsonSchema,
): JsonSchema {
  const { access } = route;
  const roles =
    access.who === 'members'
      ? `Roles: ${access.roles.join(', ')}. Scope: ${access.scope}.${access.byPeople ? ' By people only: no API key.' : ''}`
      : '';
  const description = [route.description ?? '', roles].filter((text) => text !== '').join('\n\n');
  return {
    operationId: route.id,
    tags: [route.function],
    summary: route.summary,
    ...(description === '' ? {} : { description }),
    security: securityOf(route),
    parameters: parametersOf(route, components),
    ...(route.body === undefined ? {} : { requestBody: bodyOf(route, route.body, components) }),
    ...(route.rawBody === undefined ? {} : { requestBody: rawBodyOf(route.rawBody) }),
    responses: { ...answersOf(route, served, components), ...problemsOf(route, problemSchema) },
  };
}

function securityOf({ access }: Route): JsonSchema[] {
  if (access.who === 'members')
    return access.byPeople ? [{ person: [] }] : [{ person: [] }, { program: [access.scope] }];
  return access.who === 'person' ? [{ person: [] }] : [];
}

function parametersOf(route: Route, components: Components): JsonSchema[] {
  return [
    ...fieldsOf('path', route.params, components),
    ...fieldsOf('query', route.query, components),
    ...(route.repeat === 'none' ? [] : [idempotencyKeyOf(route)]),
    ...(route.access.who === 'members' ? [ORGANISATION] : []),
  ];
}

function fieldsOf(place: 'path' | 'query', schema: z.ZodObject | undefined, components: Components): JsonSchema[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = components.add(schema, 'input') as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, field]) => {
    const { description, ...rest } = field;
    const isRequired = place === 'path' || required.includes(name);
    return { name, in: place, required: isRequired, ...(description ? { description } : {}), schema: rest };
  });
}

const idempotencyKeyOf = ({ repeat }: Route): JsonSchema => ({
  name: 'Idempotency-Key',
  in: 'header',
  required: repeat === 'key',
  description:
    repeat === 'key'
      ? 'A new random text for a new call; the same text when the call is repeated, which then gets the same answer'
      : 'Kept with what the call makes; the call itself is recognised by the id inside it',
  schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[!-~]+$' },
});

const ORGANISATION: JsonSchema = {
  name: 'Parley-Organisation',
  in: 'header',
  required: false,
  description: 'For people with several organisations: the one they act for',
  schema: { type: 'string' },
};

function bodyOf(route: Route, body: z.ZodType, components: Components): JsonSchema {
  const example = EXAMPLES[route.id];
  const content = { schema: components.add(body, 'input'), ...(example === undefined ? {} : { example }) };
  return { required: !body.safeParse(undefined).success, content: { 'application/json': content } };
}

const rawBodyOf = ({ types, mostBytes }: NonNullable<Route['rawBody']>): JsonSchema => ({
  required: true,
  description: `At most ${mostBytes} bytes`,
  content: Object.fromEntries(types.map((type) => [type, { schema: { type: 'string', format: 'binary' } }])),
});

const namedIfAny = (name: string, entries: object): JsonSchema =>
  Object.keys(entries).length === 0 ? {} : { [name]: entries };

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Kept, not done yet',
  204: 'Done; the answer has no body',
};

function answersOf(route: Route, served: readonly Route[], components: Components): JsonSchema {
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, schema]) => [
      status,
      {
        description: DESCRIPTIONS[status] ?? 'Done',
        headers: CALL_ID,
        ...(schema === null
          ? {}
          : {
              content: { [route.answers ?? 'application/json']: { schema: components.add(schema, 'output') } },
              ...namedIfAny('links', linksOf(route, schema, served)),
            }),
      },
    ]),
  );
}

function problemsOf(route: Route, problemSchema: JsonSchema): JsonSchema {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemCodesOf(route)) {
    const [status] = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code][1]}`).join('. '),
        headers: { ...CALL_ID, 'retry-after': { $ref: '#/components/headers/RetryAfter' } },
        content: {
          'application/problem+json': {
            schema: { allOf: [problemSchema, { properties: { code: { enum: codes } } }] },
          },
        },
      },
    ]),
  );
}
