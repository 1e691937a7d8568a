/**
 * `@parley/client`: the API with the types of its registry. Calls that may be repeated are repeated, under the same
 * `Idempotency-Key`, where the network, a limit or a part of the market fails for a moment.
 */
import createClient, { type Client } from 'openapi-fetch';
import type { Problem } from '../kernel/problem.ts';
import type { Paths } from './paths.ts';
import { type Outgoing, OutgoingRequest, type RetryOptions, retrying } from './retry.ts';

export type { Paths } from './paths.ts';

export type ParleyOptions = {
  /** Where the market is served, such as `https://api.parley.example`. */
  baseUrl: string;
  /** A person's access token, or what gives the current one. */
  token?: string | (() => string | Promise<string>);
  /** A program's API key, `parley_…`. */
  apiKey?: string;
  /** The organisation to act for, where a person belongs to several. */
  organisation?: string;
  /** Stands in for the platform's fetch. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
} & RetryOptions;

/** `GET`, `POST`, `PUT` and `DELETE` by path; each answers `{ data }` or `{ error }`, and throws where nobody answered. */
export type Parley = Pick<Client<Paths>, 'GET' | 'POST' | 'PUT' | 'DELETE'>;

/** Makes a client. It holds no connection and needs no closing. */
export function createParley(options: ParleyOptions): Parley {
  const { baseUrl, organisation } = options;
  const send = retrying(options.fetch ?? ((url, init) => fetch(url, init)), options);
  const authorise = authoriser(options);
  return createClient<Paths>({
    baseUrl,
    // A request that is only read once as url and init costs a fraction of the platform's, and can be sent again.
    Request: OutgoingRequest as unknown as typeof Request,
    fetch: async (request) => {
      const outgoing = request as unknown as Outgoing;
      const authorisation = authorise();
      if (authorisation !== undefined) outgoing.headers.set('authorization', await authorisation);
      if (organisation !== undefined && !outgoing.headers.has('parley-organisation'))
        outgoing.headers.set('parley-organisation', organisation);
      return send(outgoing);
    },
  });
}

function authoriser({ token, apiKey }: ParleyOptions): () => string | Promise<string> | undefined {
  const fixed = apiKey ?? (typeof token === 'string' ? token : undefined);
  if (fixed !== undefined) return () => `Bearer ${fixed}`;
  if (typeof token !== 'function') return () => undefined;
  return async () => `Bearer ${await token()}`;
}

/** A refusal of the market, thrown by `dataOf`. Decide by `code`. */
export class ParleyProblem extends Error {
  override readonly name = 'ParleyProblem';
  readonly code: string;
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.title}: ${problem.detail}`);
    this.code = problem.code;
    this.status = problem.status;
    this.problem = problem;
  }
}

/** The data of an answer; throws a `ParleyProblem` where the market refused. */
export async function dataOf<T>(answer: Promise<{ data?: T; error?: Problem }>): Promise<T> {
  const { data, error } = await answer;
  if (error !== undefined) throw new ParleyProblem(error);
  return data as T;
}
