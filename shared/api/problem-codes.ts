/** Which problems a route can answer. */
import { PROBLEMS, type ProblemCode } from '../kernel/problem.ts';
import type { Route } from './route.ts';

/** All codes a route can answer: its own and those of the edge. */
export function problemCodesOf(route: Route): ProblemCode[] {
  const { who } = route.access;
  const codes: ProblemCode[] = [
    'invalid_request',
    'malformed_json',
    'body_too_large',
    'rate_limited',
    'internal',
    'unavailable',
  ];
  if (who === 'members' || who === 'person') codes.push('unauthenticated', 'token_expired', 'forbidden');
  if (who === 'customer') codes.push('link_expired');
  if (route.params !== undefined) codes.push('not_found');
  if (route.repeat === 'key') codes.push('idempotency_key_missing', 'idempotency_key_reused', 'still_running');
  for (const code of route.problems) {
    if (!(code in PROBLEMS)) throw new Error(`${route.id} names the unknown problem ${code}`);
    codes.push(code as ProblemCode);
  }
  return [...new Set(codes)].sort();
}
