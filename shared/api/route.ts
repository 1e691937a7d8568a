/**
 * A route is data. From the registry of routes come the OpenAPI description, the typed client, the router of both front
 * ends and what the topology deploys.
 */
import * as z from 'zod';
import type { Role, Scope } from '../identity/identity.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
/** The function that serves a route: one per role under `functions/api`, and one each for what several of them share. */
export type ApiFunction =
  | 'market'
  | 'company'
  | 'overview'
  | 'certificate'
  | 'import'
  | 'connector'
  | 'incident'
  | 'provider'
  | 'finance'
  | 'export'
  | 'billing'
  | 'money'
  | 'customer'
  | 'receipts'
  | 'dispatch'
  | 'thread'
  | 'operator'
  | 'operations'
  | 'mcp'
  | 'auth'
  | 'webhook'
  | 'stripe'
  | 'local';

/**
 * Who may call: everybody, a person signed in, the holder of a customer's link, or members with one of the roles.
 * `byPeople`: no program with an API key, since what needs two people a key could do twice over.
 */
export type Access =
  | { who: 'everybody' }
  | { who: 'person' }
  | { who: 'customer' }
  | { who: 'members'; roles: readonly Role[]; scope: Scope; byPeople?: true };

/**
 * How a repeated call is recognised. `key`: by the header `Idempotency-Key`, required. `natural`: by an id inside the
 * call (a path, an externalId, a lease). `none`: repeating it is harmless or gives the next item.
 */
export type Repeat = 'key' | 'natural' | 'none';

export type Route = {
  id: string;
  function: ApiFunction;
  method: Method;
  path: `/${string}`;
  summary: string;
  description?: string;
  access: Access;
  repeat: Repeat;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The body is not JSON of ours: the handler gets its bytes and the headers. Instead of `body`. */
  rawBody?: { types: readonly [string, ...string[]]; mostBytes: number };
  /** Success statuses and their bodies; the first is the usual one. */
  responses: Readonly<Record<number, z.ZodType | null>>;
  /** The media type of the answers, where their bodies are text and no JSON. */
  answers?: `text/${string}` | 'application/x-ndjson';
  /** Problem codes of its own, beside those every route can answer. */
  problems: readonly string[];
  /** Under this name an AI agent finds the route among its tools; see `functions/mcp`. */
  tool?: string;
  /** Served only by the marketplace on one machine. */
  localOnly?: boolean;
};

/** A body as it came. */
export type RawBody = {
  bytes: Uint8Array<ArrayBuffer>;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
};

/** Keeps the literal types of a list of routes. */
export const defineRoutes = <const R extends readonly Route[]>(routes: R): R => routes;

type Parsed<S> = S extends z.ZodType ? z.output<S> : Record<never, never>;
type Sent<S> = S extends z.ZodType ? z.input<S> : undefined;
type BodyOf<S> = S extends z.ZodType ? z.output<S> : null;

/** What a handler gets once the edge has parsed a call. */
export type InputOf<R extends Route> = {
  params: R extends { params: infer P } ? Parsed<P> : Record<never, never>;
  query: R extends { query: infer Q } ? Parsed<Q> : Record<never, never>;
  body: R extends { rawBody: object } ? RawBody : R extends { body: infer B } ? Parsed<B> : undefined;
};

/** What a client sends as the body. */
export type BodySent<R extends Route> = R extends { body: infer B } ? Sent<B> : undefined;

/** What a handler may answer: a status of the route with its body. */
export type AnswerOf<R extends Route> = {
  [S in keyof R['responses']]: { status: S; body: BodyOf<R['responses'][S]> };
}[keyof R['responses']];

/** A page of a list: `next` is an opaque cursor, null at the end. */
export const pageOf = <S extends z.ZodType>(item: S) => z.object({ items: z.array(item), next: z.string().nullable() });
export const PageQuery = {
  cursor: z.string().max(2_000).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
};
