/** The API's paths in the form that openapi-fetch takes, derived from the registry of routes: nothing is generated. */
import type * as z from 'zod';
import type { RegisteredRoute } from '../api/registry.ts';
import type { BodySent, Route } from '../api/route.ts';
import type { Problem } from '../kernel/problem.ts';

/** Parameters travel as text, so what the server coerces may be given as a number. */
type Parameters<T> = { [K in keyof T]: unknown extends T[K] ? string | number : T[K] };

type PathParameters<R> = R extends { params: infer P extends z.ZodType }
  ? { path: Parameters<z.input<P>> }
  : { path?: never };

type QueryParameters<R> = R extends { query: infer Q extends z.ZodType }
  ? Record<never, never> extends z.input<Q>
    ? { query?: Parameters<z.input<Q>> }
    : { query: Parameters<z.input<Q>> }
  : { query?: never };

type HeaderParameters = { header?: { 'Idempotency-Key'?: string; 'Parley-Organisation'?: string } };

type RequestBody<R extends Route> = R extends { rawBody: object }
  ? { requestBody: { content: { 'application/octet-stream': string | Uint8Array } } }
  : R extends { body: z.ZodType }
    ? { requestBody: { content: { 'application/json': BodySent<R> } } }
    : { requestBody?: never };

type MediaType<R> = R extends { answers: infer M extends string } ? M : 'application/json';
type Response<S, M extends string> = S extends z.ZodType ? { content: { [T in M]: z.output<S> } } : { content?: never };

type Responses<R extends Route> = { [S in keyof R['responses']]: Response<R['responses'][S], MediaType<R>> } & {
  default: { content: { 'application/problem+json': Problem } };
};

type Operation<R extends Route> = {
  parameters: PathParameters<R> & QueryParameters<R> & HeaderParameters;
  responses: Responses<R>;
} & RequestBody<R>;

type RoutesOf<P extends string> = Extract<RegisteredRoute, { path: P }>;

/** Every path with its methods, as openapi-fetch reads them. */
export type Paths = {
  [P in RegisteredRoute['path']]: { [R in RoutesOf<P> as Lowercase<R['method']>]: Operation<R> };
};
