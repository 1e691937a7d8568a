/** Calls of the API as a careful client makes them: bounded tries, refusals as values, a bounded number at a time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../../shared/kernel/problem.ts';

/** What the typed client answers. */
export type Answered<T> = { data?: T; error?: unknown; response: Response };

/** The API's refusal, or that it does not answer; `code` is the problem's. */
export class CallRefused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(what: string, status: number, code: string, detail: string) {
    super(`${what}: ${status} ${code}: ${detail}`);
    this.status = status;
    this.code = code;
  }
}

export const TRIES = 6;
const FIRST_WAIT_MS = 100;

/** The data of a successful call. Tries again on 429, 5xx and broken connections; throws `CallRefused` otherwise. */
export async function ask<T>(what: string, call: () => Promise<Answered<T>>, tries = TRIES): Promise<T> {
  let last: CallRefused | null = null;
  for (let n = 0; n < tries; n++) {
    if (n > 0) await sleep(FIRST_WAIT_MS * 2 ** (n - 1));
    const answer = await attempt(what, call);
    if (!(answer instanceof CallRefused)) return answer.data;
    last = answer;
    if (last.status !== 0 && last.status !== 429 && last.status < 500) break;
  }
  throw last ?? new CallRefused(what, 0, 'unreachable', 'no try was allowed');
}

async function attempt<T>(what: string, call: () => Promise<Answered<T>>): Promise<{ data: T } | CallRefused> {
  try {
    const { data, error, response } = await call();
    // A 204 has no data, and its type says so.
    if (response.ok) return { data: data as T };
    const problem = Problem.safeParse(error);
    if (!problem.success) return new CallRefused(what, response.status, 'unknown', JSON.stringify(error).slice(0, 300));
    const fields = (problem.data.errors ?? []).map((e) => `${e.field} ${e.message}`).join('; ');
    return new CallRefused(what, response.status, problem.data.code, `${problem.data.detail} ${fields}`.trim());
  } catch (error) {
    return new CallRefused(what, 0, 'unreachable', causeOf(error));
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

/** Runs `work` for each item, at most `most` at a time; the first failure stops what has not begun and is thrown. */
export async function inParallel<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  most: number = AT_A_TIME,
): Promise<void> {
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (next < items.length && !failed) {
      const item = items[next++] as T;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
}
/** Calls under way at one time. */
export const AT_A_TIME = 16;
