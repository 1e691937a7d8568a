/** The calls of a customer's page: each carries the link's token in its path, and nobody signs in. */
import { createParley, dataOf, ParleyProblem } from '../../../shared/client/client.ts';
import type { Problem } from '../../../shared/kernel/problem.ts';
import type { DataOf, InputOf, Method, PathOf } from '../api/types.ts';

/** The page is at `/c/<token>`. */
export const TOKEN = location.pathname.split('/')[2] ?? '';

/** What the client repeats by itself; nobody waits longer than this for an answer. */
const client = createParley({ baseUrl: '', attempts: 3, timeoutMs: 20_000, fetch: (url, init) => fetch(url, init) });

type LinkPath<M extends Method> = Extract<PathOf<M>, `/v1/links/{token}${string}`>;
type Rest<M extends Method, P extends PathOf<M>> = {
  path?: Partial<Record<string, string>>;
  query?: Record<string, string | number>;
} & ('body' extends keyof InputOf<M, P> ? { body?: InputOf<M, P>['body'] } : object);
type Loose = (path: string, init: { params: object; body?: unknown }) => Promise<{ data?: unknown; error?: Problem }>;

/** Calls what the link gives; throws a `ParleyProblem` where the market refuses. */
export function call<M extends Method, P extends LinkPath<M>>(
  method: M,
  path: P,
  rest: Rest<M, P> = {} as Rest<M, P>,
): Promise<DataOf<M, P>> {
  const send = client[method.toUpperCase() as 'GET'] as unknown as Loose;
  const { path: inPath, query, body } = rest as { path?: object; query?: object; body?: unknown };
  const params = { path: { ...inPath, token: TOKEN }, query };
  return dataOf(send(path, { params, body })) as Promise<DataOf<M, P>>;
}

/** Asks for a fresh link by mail; the answer never says whether an address is known. */
export const askForNewLink = () => dataOf(client.POST('/v1/customer/link/renew', { body: { token: TOKEN } }));

export type View = DataOf<'get', '/v1/links/{token}'>;
export type Message = DataOf<'get', '/v1/links/{token}/messages'>['items'][number];
export type Seen = DataOf<'get', '/v1/links/{token}/access'>['items'][number];
export type Held = DataOf<'get', '/v1/links/{token}/export'>['items'][number];

/** The code of a refusal; null where nobody answered. */
export const codeOf = (error: unknown): string | null => (error instanceof ParleyProblem ? error.code : null);
