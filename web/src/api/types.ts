/** The types of a call, by method and path, from the registry of routes. */
import type { Paths } from '../../../shared/client/client.ts';

export type Method = 'get' | 'post' | 'put' | 'delete';
/** The paths that take a method. */
export type PathOf<M extends Method> = {
  [P in keyof Paths]: Paths[P] extends { [K in M]: object } ? P : never;
}[keyof Paths];

type Operation<M extends Method, P extends PathOf<M>> = Paths[P] extends { [K in M]: infer O } ? O : never;
type ParametersOf<O> = O extends { parameters: infer A } ? Omit<A, 'header'> : never;
type BodyOf<O> = O extends { requestBody: { content: { 'application/json': infer B } } }
  ? { body: B }
  : { body?: never };
type Success = 200 | 201 | 202 | 204;

/** What a call is given: `path` and `query` parameters, and for a write its `body`. */
export type InputOf<M extends Method, P extends PathOf<M>> = ParametersOf<Operation<M, P>> & BodyOf<Operation<M, P>>;

/** What a call answers. */
export type DataOf<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { responses: infer R }
    ? { [S in keyof R & Success]: R[S] extends { content: { 'application/json': infer D } } ? D : undefined }[keyof R &
        Success]
    : never;

/** An item of a list that comes in pages. */
export type ItemOf<P extends PathOf<'get'>> = DataOf<'get', P> extends { items: readonly (infer I)[] } ? I : never;

/** May be left out where nothing in it must be given. */
export type Optional<I> = Record<never, never> extends I ? [input?: I] : [input: I];
