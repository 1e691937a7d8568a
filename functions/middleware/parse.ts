/** Parses a call: size, JSON, then params, query and body by the route's schemas. Unknown fields are refused. */
import * as z from 'zod';
import type { RawBody, Route } from '../../shared/api/route.ts';
import { type FieldError, parseFields } from '../../shared/kernel/fields.ts';
import { type Refusal, refuse } from '../../shared/kernel/result.ts';
import type { ApiEvent } from './context.ts';
import { type FieldRefusal, refuseFields } from './fields.ts';

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
    const content = route.rawBody === undefined ? jsonBody(event) : rawBody(event, route.rawBody.mostBytes);
    if (!content.ok) return content;
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
      body: route.rawBody === undefined ? read(body, content.value, 'body') : content.value,
    };
    if (errors.length > 0) return refuseFields(errors);
    if (route.body === undefined && route.rawBody === undefined) input.body = undefined;
    return { ok: true, input };
  };
}

const tooLarge = (most: number) =>
  refuse('body_too_large', `The body may have ${most} bytes. Send less, or in several calls.`);

function jsonBody(event: ApiEvent) {
  const text = bodyText(event);
  return text === null ? tooLarge(BODY_LIMIT_BYTES) : parseJson(text);
}

/** The bytes as they came, and the headers, which may sign them. */
function rawBody(event: ApiEvent, most: number): { ok: true; value: RawBody } | Refusal<'body_too_large'> {
  const bytes = new Uint8Array(Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'));
  return bytes.length > most ? tooLarge(most) : { ok: true, value: { bytes, headers: event.headers } };
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
    const isEscaped = text.includes('\\u');
    if (isEscaped && !isText(value))
      return refuse('malformed_json', 'A text in the body has half a character (a lone surrogate): send whole ones.');
    if ((isEscaped || text.includes('__proto__')) && hasProto(value))
      return refuse('malformed_json', 'An object in the body has the name `__proto__`: send it under another one.');
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

/** Whether an object in a JSON value has the name `__proto__`: schemas of free names pass over it without a word. */
function hasProto(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasProto);
}
