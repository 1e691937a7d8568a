/**
 * A resource of the stand-in is data and pure logic: its routes, how its objects look, what happens to them later, and
 * what a person or a test may do to them from outside.
 */
import type * as z from 'zod';
import type { Context } from './context.ts';
import type { Kind, Kinds } from './kinds.ts';
import { hash, type Shape } from './params.ts';

export type Method = 'GET' | 'POST' | 'DELETE';
/** What was asked for: ids from the path by their names there, and the parameters as the schema read them. */
export type Asked<Params> = { ids: Readonly<Record<string, string>>; params: Params };
export type Route = {
  method: Method;
  /** As the SDK has it, with `:names` for what stands between the slashes. */
  path: string;
  schema: z.ZodType;
  /** Answers with an object, a list, or throws a `StripeRefusal`. */
  handle: (context: Context, asked: Asked<never>) => unknown;
};

/** Something done from outside: a card that is declined, a page that is completed. One transaction, like a request. */
export type Action = {
  /** In words, for the page. */
  about: string;
  schema: z.ZodType;
  act: (context: Context, params: never) => unknown;
};

export type Resource = {
  routes?: readonly Route[];
  /** How an object is shown where that differs from how it is kept. */
  views?: { readonly [K in Kind]?: (context: Context, kept: Kinds[K]) => Kinds[K] };
  /** Fields that are there only when `expand` (in v2 `include`) names them. */
  includes?: { readonly [K in Kind]?: Readonly<Record<string, (context: Context, kept: Kinds[K]) => unknown>> };
  /** What `context.later` named, done when its time has come. */
  jobs?: Readonly<Record<string, (context: Context, data: never) => void>>;
  actions?: Readonly<Record<string, Action>>;
};

/** A route whose handler knows the types of its parameters; `params` are the fields it takes besides `expand`. */
export function route<const S extends Shape>(
  method: Method,
  path: string,
  params: S,
  handle: (context: Context, asked: Asked<z.infer<z.ZodObject<S>>>) => unknown,
): Route {
  return { method, path, schema: hash(params), handle: handle as Route['handle'] };
}

export function action<const S extends Shape>(
  about: string,
  params: S,
  act: (context: Context, params: z.infer<z.ZodObject<S>>) => unknown,
): Action {
  return { about, schema: hash(params), act: act as Action['act'] };
}

/** A job whose function knows the type of its data. */
export const job =
  <Data extends object>(work: (context: Context, data: Data) => void) =>
  (context: Context, data: never): void =>
    work(context, data);
