/** Parses what comes from outside with advice in every message: which field does not fit, and what to do about it. */
import * as z from 'zod';
import { fieldErrors } from './problem.ts';

export type FieldError = { readonly field: string; readonly message: string };

/** Parses with advice in every message. `whole` names the value itself, such as `body`. */
export function parseFields<S extends z.ZodType>(
  schema: S,
  value: unknown,
  whole: string,
): { ok: true; value: z.output<S> } | { ok: false; errors: FieldError[] } {
  const parsed = schema.safeParse(value, { error: advice });
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, errors: explain(schema, parsed.error, whole) };
}

function explain(schema: z.ZodType, error: z.ZodError, whole: string): FieldError[] {
  const flat = fieldErrors(error);
  const explained = error.issues.slice(0, flat.length).flatMap((issue, i) => {
    const field = flat[i]?.field ?? '';
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ field: field === '' ? key : `${field}.${key}`, message: issue.message }));
    const described = issue.code === 'invalid_format' ? descriptionAt(schema, issue.path) : undefined;
    const message = issue.message.startsWith(PATTERN) && described ? `must fit: ${described}` : issue.message;
    return [{ field: field === '' ? whole : field, message }];
  });
  return explained.slice(0, 50);
}

const NOUNS: Readonly<Record<string, string>> = {
  string: 'a text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};
const FORMATS: Readonly<Record<string, string>> = {
  email: 'must be an e-mail address such as ada@example.com',
  datetime: 'must be an instant such as 2026-01-31T09:00:00.000Z',
  url: 'must be a URL such as https://example.com',
};
const PATTERN = 'must match the pattern';

/** The message of an issue: what the field must be. Messages that a schema gives itself come first. */
function advice(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `${issue.input === undefined ? 'is missing: send' : 'must be'} ${NOUNS[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return sizeAdvice(issue.origin, 'at least', Number(issue.minimum), issue.inclusive !== false);
    case 'too_big':
      return sizeAdvice(issue.origin, 'at most', Number(issue.maximum), issue.inclusive !== false);
    case 'invalid_format':
      return FORMATS[issue.format] ?? `${PATTERN} ${issue.pattern ?? issue.format}`;
    case 'invalid_value':
      return issue.input === undefined
        ? `is missing: send one of ${issue.values.map(String).join(', ')}`
        : `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return `is not known here: leave it out${knownFields(issue.inst)}`;
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? `must be one of ${issue.options.map(String).join(', ')}`
        : 'fits none of the forms this field can have';
    case 'invalid_key':
      return 'has a name that is too long or not allowed: use another name';
    default:
      return undefined;
  }
}

function sizeAdvice(origin: string, bound: 'at least' | 'at most', size: number, inclusive: boolean): string {
  if (origin === 'string') {
    if (bound === 'at least' && size === 1) return 'must not be empty';
    return `must have ${bound} ${size} characters`;
  }
  if (origin === 'array' || origin === 'set') return `must have ${bound} ${size} ${size === 1 ? 'entry' : 'entries'}`;
  if (inclusive) return `must be ${bound} ${size}`;
  return `must be ${bound === 'at least' ? 'more' : 'less'} than ${size}`;
}

function knownFields(schema: unknown): string {
  if (!(schema instanceof z.ZodObject)) return '';
  const known = Object.keys(schema.shape);
  return known.length === 0 ? '' : ` (known: ${known.join(', ')})`;
}

/** What a schema says about the value at a path, where it says anything. */
function descriptionAt(schema: z.ZodType, path: readonly PropertyKey[]): string | undefined {
  let at: unknown = unwrap(schema);
  for (const part of path) {
    if (at instanceof z.ZodObject) at = at.shape[String(part)];
    else if (at instanceof z.ZodArray) at = at.element;
    else return undefined;
    at = unwrap(at);
  }
  return at instanceof z.ZodType ? z.globalRegistry.get(at)?.description : undefined;
}

function unwrap(schema: unknown): unknown {
  let at = schema;
  while (at instanceof z.ZodOptional || at instanceof z.ZodDefault || at instanceof z.ZodNullable) at = at.unwrap();
  return at;
}
