/**
 * The edge: `api(name, handlers)` makes the Lambda handler of one function from the handlers of its routes. A call is
 * parsed, its caller known and allowed, its repetition recognised; then the route's handler decides, and its answer or
 * refusal becomes HTTP.
 */
import middy from '@middy/core';
import { problemCodesOf } from '../../shared/api/problem-codes.ts';
import type { ApiFunction, Route } from '../../shared/api/route.ts';
import type { Actor } from '../../shared/identity/identity.ts';
import { randomToken } from '../../shared/kernel/id.ts';
import { refuse } from '../../shared/kernel/result.ts';
import type { Tables } from '../../shared/kernel/table.ts';
import { machineClock } from '../../shared/kernel/time.ts';
import { hurrier, type Runtime, readyRuntime } from '../runtime.ts';
import { recorded } from './audit.ts';
import { authenticate } from './authenticate.ts';
import { countCall } from './call-limit.ts';
import {
  type ApiEvent,
  type ApiResponse,
  type Context,
  type Handler,
  type Handlers,
  isRefusal,
  type Outcome,
  type RouteId,
} from './context.ts';
import { refusedAtTheEdge, sourceAddressOf } from './edge.ts';
import { idempotencyKeyOf, once } from './idempotency.ts';
import { type Input, type Parsed, parserOf } from './parse.ts';
import { failureOf, respond } from './problems.ts';

/** A handler without the types of its route, which `Handlers` has checked. */
type Handle = (context: Context, input: Input) => Promise<Outcome>;
type ById = Readonly<Record<string, Handle>>;
type Prepared = {
  route: Route;
  /** The problems that the route's description names. */
  codes: ReadonlySet<string>;
  parse: (event: ApiEvent) => Parsed;
  handle: Handle;
};

/** What is left of a function's time when it stops waiting for its handler and answers 503 itself, in milliseconds. */
const TIME_TO_ANSWER_MS = 250;

/**
 * The Lambda handler (HTTP API, payload 2.0) of a function. The event's `routeKey` chooses the route. `among` are the lists
 * of routes that have the function's own, so that its bundle carries no others; there must be a handler for each of its
 * routes, and a route for each handler. Handlers in a file of their own are spread (`import * as disputes`); where such a
 * file serves two functions, each takes its own.
 */
export function api<F extends ApiFunction>(name: F, among: readonly Route[], handlers: Handlers<F>) {
  const own = among.filter((route) => route.function === name);
  return servedBy(prepare(own, among, handlers as unknown as ById), refusedAtTheEdge);
}

/** The same for some routes only, whichever functions serve them otherwise, for who has been let in already. */
export function apiOf<Id extends RouteId>(among: readonly Route[], handlers: { [One in Id]: Handler<One> }) {
  const own = among.filter((route) => Object.hasOwn(handlers, route.id));
  return servedBy(prepare(own, own, handlers as unknown as ById), async () => undefined);
}

function servedBy(prepared: ReadonlyMap<string, Prepared>, refusedBefore: typeof refusedAtTheEdge) {
  return middy<ApiEvent, ApiResponse>((event: ApiEvent) => serve(prepared, event, refusedBefore), {
    timeoutEarlyInMillis: TIME_TO_ANSWER_MS,
  }).onError((request) => {
    request.response = respond(failureOf(request.error), callIdOf(request.event));
  });
}

function prepare(own: readonly Route[], among: readonly Route[], byId: ById): ReadonlyMap<string, Prepared> {
  const routeless = Object.keys(byId).filter((id) => !among.some((route) => route.id === id));
  if (routeless.length > 0)
    throw new Error(`no route for the handlers ${routeless.join(', ')}: name its list of routes`);
  return new Map(
    own.map((route) => {
      const handle = byId[route.id];
      if (handle === undefined) throw new Error(`the route ${route.id} has no handler`);
      return [
        `${route.method} ${route.path}`,
        { route, codes: new Set(problemCodesOf(route)), parse: parserOf(route), handle },
      ];
    }),
  );
}

const callIdOf = (event: ApiEvent): string => event.requestContext?.requestId ?? `call_${randomToken(12)}`;

type Call = {
  event: ApiEvent;
  callId: string;
  runtime: Runtime;
  tables: Tables;
  now: number;
  machineNow: number;
  /** Known once the caller is. */
  actor: Actor;
};

async function serve(
  prepared: ReadonlyMap<string, Prepared>,
  event: ApiEvent,
  refusedBefore: typeof refusedAtTheEdge,
): Promise<ApiResponse> {
  const startedMs = performance.now();
  const runtime = await readyRuntime();
  const callId = callIdOf(event);
  const refused = await refusedBefore(runtime, event);
  if (refused !== undefined) return respond(refused, callId);
  const found = prepared.get(event.routeKey);
  if (found === undefined) return respond(refuse('not_found', 'No such path is served here; see /docs.'), callId);
  const call: Call = {
    event,
    callId,
    runtime,
    tables: runtime.tables.metered(),
    now: runtime.clock.now(),
    machineNow: machineClock.now(),
    actor: { kind: 'nobody' },
  };
  const outcome = await run(found, call).catch((error: unknown) => {
    runtime.log('error', 'a call failed', { callId, route: found.route.id, error: describe(error) });
    return failureOf(error);
  });
  if (isRefusal(outcome) && !found.codes.has(outcome.code))
    runtime.log('warn', 'a problem that its route does not declare', { route: found.route.id, code: outcome.code });
  const response = respond(outcome, callId, found.route.answers);
  if (response.statusCode >= 500) countFailure(runtime, found.route, response.statusCode);
  runtime.recordConsumption(found.route.id, call.tables.consumed);
  runtime.log('info', 'call', lineOf(found.route, call, outcome, response, performance.now() - startedMs));
  return response;
}

/** Known, allowed, recognised, parsed: from here on the handler decides. */
async function run({ route, parse, handle }: Prepared, call: Call): Promise<Outcome> {
  const { event, runtime, tables, callId, now, machineNow } = call;
  const known = await authenticate(route, { runtime, event, now, machineNow });
  if (!known.ok) return known;
  call.actor = known.value;
  const counted = await countCall(runtime, known.value, machineNow);
  if (!counted.ok) return counted;
  const key = idempotencyKeyOf(route, event);
  if (!key.ok) return key;
  const parsed = parse(event);
  if (!parsed.ok) return parsed;
  const { input } = parsed;
  const context: Context = {
    tables,
    now,
    hurry: hurrier(runtime),
    machineNow,
    actor: call.actor,
    runtime,
    callId,
    sourceAddress: sourceAddressOf(runtime, event),
    idempotencyKey: key.value,
    route,
    parameters: input,
  };
  const work = () => recorded(context, input, () => handle(context, input));
  if (route.repeat !== 'key' || key.value === null) return work();
  return once({ tables, actor: call.actor, route, key: key.value, input, machineNow }, work);
}

/** What new code does too often takes it back; see `infra/stacks/release.ts`. */
function countFailure(runtime: Runtime, route: Route, status: number): void {
  runtime.log('error', 'a call was answered with 5xx', {
    alarm: `failed:api-${route.function}`,
    route: route.id,
    status,
  });
}

/** The structured line of one call: who, what, how it ended, what it cost. No bodies, no secrets, no addresses. */
function lineOf(route: Route, call: Call, outcome: Outcome, response: ApiResponse, durationMs: number) {
  const { actor, tables } = call;
  return {
    callId: call.callId,
    trace: sampledTrace(),
    route: route.id,
    status: response.statusCode,
    code: isRefusal(outcome) ? outcome.code : undefined,
    // Members are known by their tenant.
    actor: actor.kind === 'member' ? undefined : actor.kind,
    tenant: actor.kind === 'member' || actor.kind === 'customer' ? actor.tenant : undefined,
    user: actor.kind === 'member' || actor.kind === 'person' ? actor.user : undefined,
    durationMs: Math.round(durationMs),
    ...tables.consumed,
  };
}

/** The trace that this call is part of, where one is kept: most are not, and a name that leads nowhere is only paid for. */
function sampledTrace(): string | undefined {
  const header = process.env._X_AMZN_TRACE_ID ?? '';
  return header.includes('Sampled=1') ? /Root=([\w-]+)/.exec(header)?.[1] : undefined;
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
