/**
 * The tools of an AI agent: routes of the registry that carry a tool's name. A tool takes what the route takes and is
 * served by the route's own handler in this process, so that nothing is checked or decided twice.
 */
import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import type { Route } from '../../shared/api/route.ts';
import { financeRoutes } from '../../shared/api/routes/finance.ts';
import { playbookRoutes } from '../../shared/api/routes/playbook.ts';
import { providerRoutes } from '../../shared/api/routes/provider.ts';
import { threadRoutes } from '../../shared/api/routes/thread.ts';
import { randomToken } from '../../shared/kernel/id.ts';
import { getEarnings } from '../api/earnings.ts';
import { addTurnMessage, getWork, listTurnMessages } from '../api/messages.ts';
import { getTurnPlaybook } from '../api/playbooks.ts';
import * as turns from '../api/turns.ts';
import { apiOf } from '../middleware/api.ts';
import type { ApiEvent, ApiResponse } from '../middleware/context.ts';

export type LambdaContext = { getRemainingTimeInMillis(): number };
type Run = (event: ApiEvent, context: never) => Promise<ApiResponse>;
/** The handlers of all tools; a route that carries a tool's name needs its own here. */
const HANDLERS = { ...turns, getWork, addTurnMessage, listTurnMessages, getTurnPlaybook, getEarnings };
const ROUTES: readonly Route[] = [...providerRoutes, ...financeRoutes, ...threadRoutes, ...playbookRoutes];
const run = apiOf(ROUTES, HANDLERS) as Run;

export type AgentTool = { route: Route; tool: Tool };

/** Recognises a repetition; the agent's host may repeat a call whose answer was lost. */
const KEY = z.string().min(1).max(200).optional().meta({
  description: 'The same text on a repetition of this call has its effect happen once',
});

const fieldsOf = (schema: z.ZodType | undefined): z.ZodRawShape => (schema instanceof z.ZodObject ? schema.shape : {});

function toolOf(route: Route): AgentTool {
  if (route.tool === undefined || !Object.hasOwn(HANDLERS, route.id))
    throw new Error(`the route ${route.id} cannot be a tool: it has no handler here`);
  const fields = {
    ...fieldsOf(route.params),
    ...fieldsOf(route.query),
    ...fieldsOf(route.body),
    ...(route.repeat === 'key' ? { idempotencyKey: KEY } : {}),
  };
  const { $schema: _dialect, ...inputSchema } = z.toJSONSchema(z.strictObject(fields), { io: 'input' });
  const tool: Tool = {
    name: route.tool,
    title: route.summary,
    description: route.description === undefined ? `${route.summary}.` : `${route.summary}. ${route.description}`,
    inputSchema: inputSchema as Tool['inputSchema'],
    annotations: {
      readOnlyHint: route.method === 'GET',
      idempotentHint: route.repeat !== 'none',
      openWorldHint: false,
    },
  };
  return { route, tool };
}

/** Every tool. */
export const agentTools: readonly AgentTool[] = ROUTES.filter((route) => route.tool !== undefined).map(toolOf);

/** Runs a tool as its route would be called with this credential; a refusal is a tool error that says what to do. */
export async function runTool(
  { route }: AgentTool,
  args: Readonly<Record<string, unknown>>,
  authorization: string,
  context: LambdaContext,
): Promise<CallToolResult> {
  const { idempotencyKey, ...fields } = args;
  const isOf = (schema: z.ZodType | undefined, name: string) => Object.hasOwn(fieldsOf(schema), name);
  const entries = Object.entries(fields);
  const asText = (schema: z.ZodType | undefined) =>
    Object.fromEntries(entries.filter(([name]) => isOf(schema, name)).map(([name, value]) => [name, String(value)]));
  // What belongs nowhere goes where it is refused by name.
  const rest = entries.filter(([name]) => !isOf(route.params, name) && !isOf(route.query, name));
  const hasBody = route.body !== undefined;
  const headers: ApiEvent['headers'] = { authorization, 'content-type': 'application/json' };
  if (route.repeat === 'key')
    headers['idempotency-key'] = typeof idempotencyKey === 'string' ? idempotencyKey : randomToken(16);
  const event: ApiEvent = {
    routeKey: `${route.method} ${route.path}`,
    headers,
    pathParameters: asText(route.params),
    queryStringParameters: { ...asText(route.query), ...(hasBody ? {} : textOf(rest)) },
    ...(hasBody ? { body: JSON.stringify(Object.fromEntries(rest)) } : {}),
  };
  return resultOf(await run(event, context as never));
}

const textOf = (entries: readonly (readonly [string, unknown])[]) =>
  Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));

function resultOf({ statusCode, body }: ApiResponse): CallToolResult {
  const text = body === '' ? 'Done.' : body;
  const parsed: unknown = body === '' ? {} : JSON.parse(body);
  const structuredContent = parsed as Record<string, unknown>;
  return { content: [{ type: 'text', text }], structuredContent, ...(statusCode < 400 ? {} : { isError: true }) };
}
