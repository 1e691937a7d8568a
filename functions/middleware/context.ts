/** What a handler gets and what it may answer, typed from the registry of routes. */
import type { RegisteredRoute } from '../../shared/api/registry.ts';
import type { AnswerOf, ApiFunction, InputOf, Route } from '../../shared/api/route.ts';
import type { Actor, Customer, Member, Person } from '../../shared/identity/identity.ts';
import type { Call } from '../../shared/kernel/call.ts';
import type { ProblemCode } from '../../shared/kernel/problem.ts';
import type { Refusal } from '../../shared/kernel/result.ts';
import type { Tables } from '../../shared/kernel/table.ts';
import type { Runtime } from '../runtime.ts';

/** What the edge reads of an API Gateway event (HTTP API, payload 2.0); parameters are already percent-decoded. */
export type ApiEvent = {
  /** Method and path of the route, such as `POST /v1/requests/{request}/confirm`. */
  routeKey: string;
  /** Names in lower case. */
  headers: Record<string, string | undefined>;
  pathParameters?: Record<string, string | undefined>;
  queryStringParameters?: Record<string, string | undefined>;
  body?: string;
  isBase64Encoded?: boolean;
  requestContext?: { requestId?: string; http?: { sourceIp?: string } };
};
export type ApiResponse = { statusCode: number; headers: Record<string, string>; body: string };

export type Nobody = Extract<Actor, { kind: 'nobody' }>;

/** Who acts on a route, from its access. */
export type ActorOf<R extends Route> = R['access'] extends { who: 'members' }
  ? Member
  : R['access'] extends { who: 'person' }
    ? Person
    : R['access'] extends { who: 'customer' }
      ? Customer
      : Nobody;

/** One call, seen from its handler. */
export type Context<A extends Actor = Actor> = {
  /** Metered for this call: what they consume is recorded under the route's id. */
  readonly tables: Tables;
  /** Business time in milliseconds, read once per call. */
  readonly now: number;
  /** Hurries what was written; it never throws. */
  readonly hurry: NonNullable<Call['hurry']>;
  /** The machine's time in milliseconds when the call came in. */
  readonly machineNow: number;
  readonly actor: A;
  readonly runtime: Runtime;
  readonly callId: string;
  /** The address that the call came from; for counting calls, never kept as it is. */
  readonly sourceAddress: string | undefined;
  /** The caller's `Idempotency-Key`; never null where the route repeats by `key`. */
  readonly idempotencyKey: string | null;
  readonly route: Route;
  /** The parsed parameters, for cursors: a cursor belongs to one list. */
  readonly parameters: { readonly params: object; readonly query: object };
};

/**
 * What a repeated call with the same `Idempotency-Key` answers, where it is not simply the same body: another body
 * (without a secret that is shown once), or what the handler answers when it runs again (so that nothing is stored).
 */
export type OnRepeat<Body> = { body: Body } | { run: 'again' };

export type Answered<R extends Route> =
  AnswerOf<R> extends infer A
    ? A extends { body: infer B }
      ? A & { onRepeat?: OnRepeat<B>; next?: string | null }
      : never
    : never;

export type RouteId = RegisteredRoute['id'];
export type RouteOf<Id extends RouteId> = Extract<RegisteredRoute, { id: Id }>;

/** The handler of one route: decides and answers, or refuses with a code of `PROBLEMS`. */
export type Handler<Id extends RouteId> = (
  context: Context<ActorOf<RouteOf<Id>>>,
  input: InputOf<RouteOf<Id>>,
) => Promise<Answered<RouteOf<Id>> | Refusal<ProblemCode>>;

/** One handler for every route of a function. */
export type Handlers<F extends ApiFunction> = {
  [Id in Extract<RegisteredRoute, { function: F }>['id']]: Handler<Id>;
};

/** An answer whose route's types have been checked already. */
export type AnyAnswer = {
  status: number;
  body: unknown;
  onRepeat?: OnRepeat<unknown>;
  /** Of an answer in text: the cursor of the page after it, sent as the header `parley-next`. */
  next?: string | null;
};
export type Outcome = AnyAnswer | Refusal<ProblemCode>;

export const isRefusal = (outcome: Outcome): outcome is Refusal<ProblemCode> => 'ok' in outcome;
