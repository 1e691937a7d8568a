/**
 * The Model Context Protocol at `/mcp` (Streamable HTTP, stateless: each call stands for itself): an AI agent works as a
 * provider with its API key, by the same routes and within the same roles and scopes as any other program.
 */

import middy from '@middy/core';
import { randomToken } from '../../shared/kernel/id.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { machineClock } from '../../shared/kernel/time.ts';
import { authenticate } from '../middleware/authenticate.ts';
import type { ApiEvent, ApiResponse } from '../middleware/context.ts';
import { refusedAtTheEdge } from '../middleware/edge.ts';
import { failureOf, respond } from '../middleware/problems.ts';
import { readyRuntime } from '../runtime.ts';
import { exchange, serverOf } from './protocol.ts';
import { type AgentTool, agentTools, type LambdaContext } from './tools.ts';

type HttpEvent = ApiEvent & { requestContext?: { http?: { method?: string } } };

const FOREIGN_ORIGIN = refuse(
  'forbidden',
  'A page of another site may not call this. Programs send no Origin; on one machine use http://127.0.0.1.',
);
const NO_STREAM = refuse(
  'method_not_allowed',
  'This is stateless: send each message by POST; there is no stream and no session.',
);
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
/** What is left of the function's time when it answers 503 itself, in milliseconds. */
const TIME_TO_ANSWER_MS = 250;

export const handler = middy<HttpEvent, ApiResponse>(
  (event: HttpEvent, context: unknown) => serve(event, context as LambdaContext),
  { timeoutEarlyInMillis: TIME_TO_ANSWER_MS },
).onError((request) => {
  request.response = respond(failureOf(request.error), callIdOf(request.event));
});

const callIdOf = (event: ApiEvent): string => event.requestContext?.requestId ?? `call_${randomToken(12)}`;

async function serve(event: HttpEvent, context: LambdaContext): Promise<ApiResponse> {
  const callId = callIdOf(event);
  if (!isOriginAllowed(event)) return respond(FOREIGN_ORIGIN, callId);
  const runtime = await readyRuntime();
  const refused = await refusedAtTheEdge(runtime, event);
  if (refused !== undefined) return respond(refused, callId);
  const method = event.routeKey.split(' ', 1)[0] ?? 'POST';
  if (method !== 'POST') {
    const answer = respond(NO_STREAM, callId);
    return { ...answer, headers: { ...answer.headers, allow: 'POST' } };
  }
  const allowed = await allowedTools(event);
  if (!allowed.ok) return respond(allowed, callId);
  runtime.log('info', 'call', { callId, route: 'mcp', tools: allowed.tools.length });
  const server = serverOf(allowed.tools, event.headers.authorization ?? '', context);
  return exchange(requestOf(event), server);
}

/**
 * Against DNS rebinding, as the protocol demands: a browser names the page that calls. None may in the cloud; on one
 * machine those that are served from this machine under a loopback name.
 */
function isOriginAllowed({ headers }: ApiEvent): boolean {
  if (headers.origin === undefined) return true;
  const origin = /^https?:\/\/(.+)$/i.exec(headers.origin)?.[1] ?? '';
  return LOOPBACK.test(origin) && LOOPBACK.test(headers.host ?? '');
}

/** The tools whose routes this caller may call; refused where the caller is not known at all. */
async function allowedTools(event: ApiEvent) {
  const runtime = await readyRuntime();
  const arrival = { runtime, event, now: runtime.clock.now(), machineNow: machineClock.now() };
  const tools: AgentTool[] = [];
  for (const tool of agentTools) {
    const known = await authenticate(tool.route, arrival);
    if (known.ok) tools.push(tool);
    else if (known.code !== 'forbidden') return known;
  }
  return { ok: true as const, tools };
}

function requestOf(event: HttpEvent): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(event.headers)) if (value !== undefined) headers.set(name, value);
  const body =
    event.isBase64Encoded === true ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : (event.body ?? '');
  return new Request('http://mcp.invalid/mcp', { method: 'POST', headers, body });
}
