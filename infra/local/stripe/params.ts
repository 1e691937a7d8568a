/**
 * The words for what a route takes. Forms carry text only, so numbers and flags are read from it; what does not fit is
 * refused with the code and the name of the parameter, as Stripe does.
 */
import * as z from 'zod';
import { invalid, parameterMissing, parameterUnknown, type StripeRefusal } from './errors.ts';

/** Fields by the name that the SDK's parameters have; a field that Stripe does not know cannot be written down. */
export type ParamsOf<P> = { readonly [K in keyof P]?: z.ZodType };
export type Shape = Readonly<Record<string, z.ZodType>>;

export const text = z.string().max(5_000);
export const integer = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d{1,16}$/)
    .transform(Number),
]);
export const whole = z.union([
  z.int().min(0),
  z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number),
]);
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')]);
export const oneOf = <const V extends readonly [string, ...string[]]>(values: V) => z.enum(values);
/** An empty text takes the value away, in forms; null does in JSON. */
export const clearable = <S extends z.ZodType>(schema: S) =>
  z.union([z.literal('').transform(() => null), z.null(), schema]);
/** Keys with an empty value are taken away. */
export const metadata = clearable(z.record(z.string().max(40), z.union([z.string().max(500), z.null()])));
export const hash = <const S extends Shape>(shape: S) => z.strictObject(shape);
/** A list; in forms its places are numbers. */
export const listOf = <S extends z.ZodType>(item: S) => z.array(item);
/** Accepted and of no effect here. */
export const anything = z.unknown();
export const currency = z
  .string()
  .regex(/^[a-z]{3}$/i)
  .transform((value) => value.toLowerCase());

const range = z.union([
  whole.transform((at) => ({ gte: at, lte: at })),
  z.strictObject({ gt: whole.optional(), gte: whole.optional(), lt: whole.optional(), lte: whole.optional() }),
]);
/** What every list takes. */
export const page = {
  limit: z
    .union([
      z.int().min(1).max(100),
      z
        .string()
        .regex(/^([1-9]\d?|100)$/)
        .transform(Number),
    ])
    .optional(),
  starting_after: text.optional(),
  ending_before: text.optional(),
} as const;
/** The filter that most lists have. */
export const created = range.optional();

/** In one form, so that texts compare as times do. */
const instant = z.iso.datetime({ offset: true }).transform((at) => new Date(at).toISOString());
/** What every v2 list takes. */
export const v2Page = { limit: page.limit, page: text.optional() } as const;
export const v2Created = z
  .strictObject({ gt: instant.optional(), gte: instant.optional(), lt: instant.optional(), lte: instant.optional() })
  .optional();

/** Old metadata with a change applied. */
export function mergeMetadata(
  old: Readonly<Record<string, string>> | null,
  change: Record<string, string | null> | null | undefined,
): Record<string, string> {
  if (change === undefined) return { ...old };
  if (change === null) return {};
  const merged = Object.entries({ ...old, ...change }).filter(([, value]) => value !== null && value !== '');
  return Object.fromEntries(merged) as Record<string, string>;
}

/** Parameters that fit their schema, or the refusal that Stripe would answer. */
export function readParams<S extends z.ZodType>(schema: S, given: unknown): z.infer<S> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw refusalOf(parsed.error.issues, given);
}

type Issue = z.core.$ZodIssue;

const nameOf = (path: readonly PropertyKey[]): string =>
  path.map((part, at) => (at === 0 ? String(part) : `[${String(part)}]`)).join('');

function refusalOf(issues: readonly Issue[], given: unknown): StripeRefusal {
  // An unknown name first: a typing error is often the reason why something else is missing.
  const all = issues.flatMap(leaves);
  const unknown = all.find((issue) => issue.code === 'unrecognized_keys');
  if (unknown?.code === 'unrecognized_keys') return parameterUnknown(nameOf([...unknown.path, unknown.keys[0] ?? '']));
  const found = all.map((issue) => ({ issue, value: valueAt(given, issue.path) }));
  const missing = found.find(({ value }) => value === undefined);
  if (missing !== undefined) return parameterMissing(nameOf(missing.issue.path));
  const [wrong] = found;
  if (wrong === undefined) return invalid('The parameters do not fit.');
  const param = nameOf(wrong.issue.path);
  const shown = typeof wrong.value === 'string' ? wrong.value : JSON.stringify(wrong.value);
  const expected = all.filter((issue) => nameOf(issue.path) === param);
  if (expected.some(isInteger))
    return invalid(`Invalid integer: ${shown}`, { code: 'parameter_invalid_integer', param });
  if (wrong.value === '')
    return invalid(`You passed an empty string for '${param}'.`, { code: 'parameter_invalid_empty', param });
  const options = expected
    .flatMap((issue) => (issue.code === 'invalid_value' ? issue.values.map(String) : []))
    .filter((value) => value !== '');
  if (options.length > 1) return invalid(`Invalid ${param}: must be one of ${options.join(', ')}`, { param });
  return invalid(`Invalid ${param}: ${shown}`, { param });
}

const isInteger = (issue: Issue): boolean =>
  (issue.code === 'invalid_type' && (issue.expected === 'int' || issue.expected === 'number')) ||
  (issue.code === 'invalid_format' && issue.format === 'regex' && /\\d\{1,16\}/.test(String(issue.pattern)));

/** Of a choice, what the branch says that came furthest; the paths from the root. */
function leaves(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const branches = issue.errors.map((errors) =>
    errors.flatMap((inner) => leaves({ ...inner, path: [...issue.path, ...inner.path] })),
  );
  const deepest = branches.reduce((best, next) => (depth(next) > depth(best) ? next : best));
  return depth(deepest) > issue.path.length ? deepest : branches.flat();
}

const depth = (issues: readonly Issue[]): number =>
  Math.max(...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)));

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  let at = given;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[part];
  }
  return at;
}
