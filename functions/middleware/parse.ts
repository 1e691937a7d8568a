/** Parses a call: size, JSON, then params, query and body by the route's schemas. Unknown fields are refused. */
import * as z from 'zod';
import type { Route } from '../../shared/api/route.ts';
import { type Refusal, refuse } from '../../shared/kernel/result.ts';
import type { ApiEvent } from './context.ts';
import { type FieldError, type FieldRefusal, parseFields, refuseFields } from './fields.ts';

/** The most a body may have, in bytes. */
export const BODY_LIMIT_BYTES = 256 * 1024;

export type Input = { params: object; query: object; body: unknown };
export type Parsed = { ok: true; input: Input } | Refusal<'body_too_large' | 'malformed_json'> | FieldRefusal;

const NOTHING = z.strictObject({});

/** Builds a route's parser once; it is then used for every call. */
export function parserOf(route: Route): (event: ApiEvent) => Parsed {
  const params = (route.params ?? NOTHING).strict();
  const query = (route.query ?? NOTHING).strict();
  const body = route.body ?? NOTHING.optional();
  return (event) => {
    const text = bodyText(event);
    if (text === null)
      return refuse('body_too_large', `The body may have ${BODY_LIMIT_BYTES} bytes. Send less, or in several calls.`);
    const json = parseJson(text);
    if (!json.ok) return json;
    const errors: FieldError[] = [];
    const read = <S extends z.ZodType>(schema: S, value: unknown, whole: string) => {
      const parsed = parseFields(schema, value, whole);
      if (parsed.ok) return parsed.value;
      errors.push(...parsed.errors);
      return undefined;
    };
    const input = {
      params: read(params, event.pathParameters ?? {}, 'path') ?? {},
      query: read(query, event.queryStringParameters ?? {}, 'query') ?? {},
      body: read(body, json.value, 'body'),
    };
    if (errors.length > 0) return refuseFields(errors);
    if (route.body === undefined) input.body = undefined;
    return { ok: true, input };
  };
}

/** The body as text; null where it is too large. */
function bodyText(event: ApiEvent): string | null {
  const body = event.body ?? '';
  if (event.isBase64Encoded) {
    const bytes = Buffer.from(body, 'base64');
    return bytes.length > BODY_LIMIT_BYTES ? null : bytes.toString('utf8');
  }
  // A character has one byte at least and three at most (UTF-16 units), so most bodies need no counting.
  if (body.length > BODY_LIMIT_BYTES) return null;
  return body.length * 3 > BODY_LIMIT_BYTES && Buffer.byteLength(body) > BODY_LIMIT_BYTES ? null : body;
}

function parseJson(text: string): { ok: true; value: unknown } | Refusal<'malformed_json'> {
  if (text === '') return { ok: true, value: undefined };
  try {
    const value: unknown = JSON.parse(text);
    if (text.includes('\\u') && !isText(value))
      return refuse('malformed_json', 'A text in the body has half a character (a lone surrogate): send whole ones.');
    return { ok: true, value };
  } catch (error) {
    const where = error instanceof SyntaxError ? /position \d+|end of JSON input/.exec(error.message)?.[0] : undefined;
    return refuse('malformed_json', `The body must be one JSON value${where ? `; look at ${where}` : ''}.`);
  }
}

/** Whether every name and text in a JSON value is one that UTF-8 can write: escapes can say what no store takes. */
function isText(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, part]) => name.isWellFormed() && isText(part));
}
