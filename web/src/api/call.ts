/** One call to the API as whoever is signed in, for the organisation they act for. Nothing of the registry but its types is loaded. */
import { createParley, dataOf, type Parley, ParleyProblem } from '../../../shared/client/client.ts';
import type { Problem } from '../../../shared/kernel/problem.ts';
import { accessToken, currentSession, endSession } from '../auth/session.ts';
import type { DataOf, InputOf, Method, PathOf } from './types.ts';

/** What the client repeats by itself; a person waits no longer than this for an answer. */
const REPEAT = { attempts: 3, timeoutMs: 20_000 };
const clients = new Map<string, Parley>();

type Given = { path?: unknown; query?: unknown; body?: unknown };
type Loose = (
  path: string,
  init: { params: object; body?: unknown; headers?: Record<string, string>; signal?: AbortSignal },
) => Promise<{ data?: unknown; error?: Problem }>;

/** Calls and gives the answer's data; throws a `ParleyProblem` where the market refuses. */
export async function call<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  input: InputOf<M, P>,
  more: { headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<DataOf<M, P>> {
  const { path: inPath, query, body } = input as Given;
  const send = client()[method.toUpperCase() as 'GET'] as unknown as Loose;
  try {
    return (await dataOf(send(path, { params: { path: inPath, query }, body, ...more }))) as DataOf<M, P>;
  } catch (error) {
    if (error instanceof ParleyProblem && error.status === 401) endSession();
    throw error;
  }
}

/** The client for who acts now: its credentials follow the session. */
function client(): Parley {
  const session = currentSession();
  const organisation = session.status === 'in' ? session.organisation : null;
  const key = session.status === 'in' ? `for ${organisation ?? ''}` : '';
  const known = clients.get(key);
  if (known !== undefined) return known;
  const token = session.status === 'in' ? { token: accessToken } : {};
  const made = createParley({
    baseUrl: '',
    ...REPEAT,
    ...token,
    ...(organisation === null ? {} : { organisation }),
    fetch: (url, init) => fetch(url, init),
  });
  clients.set(key, made);
  return made;
}
