/**
 * On AWS the API has an address of its own that anybody can find, past the firewall. So the edge sends a secret with each
 * call, and who comes without it is turned away. On one machine there is no edge, and nothing to tell.
 */
import type { ProblemCode } from '../../shared/kernel/problem.ts';
import { type Refusal, refuse } from '../../shared/kernel/result.ts';
import type { Runtime } from '../runtime.ts';
import type { ApiEvent } from './context.ts';

/** Set by the edge on each call, over whatever a caller sent; see `infra/stacks/front-door.ts`. */
export const ORIGIN_HEADER = 'parley-origin';
export const VIEWER_HEADER = 'parley-viewer';

const NOT_THROUGH_THE_EDGE = refuse('forbidden', 'This is not the address of the market: call the one its pages have.');

/** The refusal of a call that did not come through the edge; undefined where it did, or where there is none. */
export async function refusedAtTheEdge(
  runtime: Pick<Runtime, 'originSecrets'>,
  event: ApiEvent,
): Promise<Refusal<ProblemCode> | undefined> {
  if (runtime.originSecrets === undefined) return undefined;
  const sent = event.headers[ORIGIN_HEADER] ?? '';
  const secrets = await runtime.originSecrets();
  return secrets.some((secret) => isSame(secret, sent)) ? undefined : NOT_THROUGH_THE_EDGE;
}

/** The address that a call came from. Behind the edge the gateway sees the edge's own, so the edge says its caller's. */
export const sourceAddressOf = (runtime: Runtime, event: ApiEvent): string | undefined =>
  runtime.originSecrets === undefined ? event.requestContext?.http?.sourceIp : event.headers[VIEWER_HEADER];

/** Takes as long whichever character differs. */
function isSame(secret: string, sent: string): boolean {
  if (secret.length !== sent.length || secret === '') return false;
  let difference = 0;
  for (let i = 0; i < secret.length; i++) difference |= secret.charCodeAt(i) ^ sent.charCodeAt(i);
  return difference === 0;
}
