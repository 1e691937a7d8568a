/** Sends a call again where that is safe and can help, a bounded number of times, after a jittered pause. */

/** A call before it is sent: what `fetch` takes, with its url. */
export type Outgoing = RequestInit & { url: string; method: string; headers: Headers };

/** Stands in for the platform's `Request` inside openapi-fetch. */
export class OutgoingRequest {
  readonly url: string;
  readonly method: string;

  constructor(url: string, init: RequestInit) {
    Object.assign(this, init);
    this.url = url;
    this.method = init.method ?? 'GET';
  }
}

export type RetryOptions = {
  /** How often a call is sent at the most; 5 where left out, 1 never repeats. */
  attempts?: number;
  /** How long one attempt may take, in milliseconds; 30 000 where left out. */
  timeoutMs?: number;
  /** The pause before the second attempt is at most this long, in milliseconds; it doubles up to 5 s. 200 where left out. */
  pauseMs?: number;
};

type Send = (url: string, init: RequestInit) => Promise<Response>;

const LONGEST_PAUSE_MS = 5_000;
/** A market that asks for a longer wait gets its answer passed on to the caller. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Calls that give something else each time: after an attempt whose fate is unknown they are not sent again. (A claim may
 * have been taken; what one holds is at `GET /v1/leases?state=held`.)
 */
export const NOT_REPEATED: readonly string[] = ['/v1/claims'];

/** Wraps `send` with retries. POSTs get an `Idempotency-Key` of their own where the caller gave none. */
export function retrying(send: Send, options: RetryOptions): (outgoing: Outgoing) => Promise<Response> {
  const attempts = options.attempts ?? 5;
  const timeoutMs = options.timeoutMs ?? 30_000;
  const pauseMs = options.pauseMs ?? 200;
  return async (outgoing) => {
    const { url, method, headers } = outgoing;
    if (method === 'POST' && !headers.has('idempotency-key')) headers.set('idempotency-key', crypto.randomUUID());
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= attempts;
      try {
        const response = await send(url, { ...outgoing, signal: signalFor(outgoing, timeoutMs) });
        const asked = waitAsked(response);
        if (isLast || asked > LONGEST_WAIT_MS || !canHelp(response, outgoing)) return response;
        // What is left unread would keep its connection busy.
        await response.arrayBuffer();
        await pause(pauseMs, attempt, asked);
      } catch (error) {
        if (isLast || outgoing.signal?.aborted || !isRepeatable(outgoing)) throw error;
        await pause(pauseMs, attempt, 0);
      }
    }
  };
}

function signalFor(outgoing: Outgoing, timeoutMs: number): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return outgoing.signal ? AbortSignal.any([outgoing.signal, timeout]) : timeout;
}

/** 429 did nothing yet; 503, and a 409 that says when to come back, are repeated where the call may be. */
function canHelp(response: Response, outgoing: Outgoing): boolean {
  if (response.status === 429) return true;
  if (response.status !== 503 && response.status !== 409) return false;
  return (response.status === 503 || response.headers.has('retry-after')) && isRepeatable(outgoing);
}

function isRepeatable({ method, url }: Outgoing): boolean {
  if (method !== 'POST') return true;
  const path = url.split('?', 1)[0] ?? url;
  return !NOT_REPEATED.some((notRepeated) => path.endsWith(notRepeated));
}

/** How long an answer asks to wait, in milliseconds; 0 where it does not say so in seconds. */
function waitAsked(response: Response): number {
  const asked = Number(response.headers.get('retry-after')) * 1_000;
  return Number.isFinite(asked) ? Math.max(0, asked) : 0;
}

async function pause(pauseMs: number, attempt: number, atLeast: number): Promise<void> {
  const most = Math.min(LONGEST_PAUSE_MS, pauseMs * 2 ** (attempt - 1));
  await new Promise((done) => setTimeout(done, atLeast + Math.random() * most));
}
