/** Values made up from a JSON Schema, fitting and not, for calls that nobody wrote by hand. */
import fc from 'fast-check';

export type Schema = { readonly [keyword: string]: unknown };
/** Values worth trying for a property of this name, such as ids of things that exist. */
export type Known = Readonly<Record<string, readonly unknown[]>>;

const ANY = fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string({ maxLength: 20 }));
const MOST_ENTRIES = 3;
const TEXTS = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 30 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  fc.constantFrom('Where is my card?', '💥 Ünïcode', '\u0000', '__proto__', '<b>&amp;</b>', "'; --", '{{7*7}}'),
);

/**
 * Values that fit a schema as far as JSON Schema says it: what a schema refines by code may still refuse some. Where a
 * property's name is `known`, three of four values are of those.
 */
export function valuesOf(schema: Schema, known: Known = {}): fc.Arbitrary<unknown> {
  const defs = (schema.$defs ?? {}) as Record<string, Schema>;
  return valuesIn(schema, { known, defs, depth: 0 });
}

type Place = { known: Known; defs: Readonly<Record<string, Schema>>; depth: number };

function valuesIn(schema: Schema, place: Place): fc.Arbitrary<unknown> {
  if (place.depth > 8) return fc.constant(null);
  const deeper = { ...place, depth: place.depth + 1 };
  if (typeof schema.$ref === 'string') return valuesIn(place.defs[schema.$ref.slice('#/$defs/'.length)] ?? {}, deeper);
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
  const forms = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (forms !== undefined) return fc.oneof(...forms.map((form) => valuesIn(form, deeper)));
  if (Array.isArray(schema.allOf))
    return valuesIn(Object.assign({}, ...(schema.allOf as Schema[]).map((part) => resolve(part, place))), deeper);
  if (Array.isArray(schema.type))
    return fc.oneof(...(schema.type as string[]).map((type) => valuesIn({ ...schema, type }, deeper)));
  switch (schema.type) {
    case 'string':
      return textsOf(schema);
    case 'integer':
    case 'number':
      return numbersOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return listsOf(schema, deeper);
    case 'object':
      return objectsOf(schema, deeper);
    default:
      return ANY;
  }
}

const resolve = (schema: Schema, place: Place): Schema =>
  typeof schema.$ref === 'string' ? (place.defs[schema.$ref.slice('#/$defs/'.length)] ?? {}) : schema;

function textsOf(schema: Schema): fc.Arbitrary<string> {
  const minLength = Number(schema.minLength ?? 0);
  const maxLength = Number(schema.maxLength ?? (schema.pattern === undefined ? 60 : 200));
  if (schema.format === 'date-time')
    return fc
      .date({ min: new Date('2025-12-01'), max: new Date('2026-04-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
  if (schema.format === 'date') return fc.constantFrom('2026-02-02', '2026-02-28', '2026-12-24');
  if (schema.format === 'email') return fc.constantFrom('ada@example.com', 'a.b+c@sub.example.org');
  if (schema.format === 'uri') return fc.constantFrom('https://example.com', 'https://example.com/a?b=c#d');
  if (typeof schema.pattern === 'string') return patterned(schema.pattern, minLength, maxLength);
  const short = TEXTS.map((text) => whole(text.slice(0, maxLength)).padEnd(minLength, 'x'));
  const longest = fc.constant('€'.repeat(Math.min(maxLength, 10_000)));
  return fc.oneof({ weight: 9, arbitrary: short }, { weight: 1, arbitrary: longest });
}

/** Cutting may have left half a character at the end. */
const whole = (text: string): string => (text.isWellFormed() ? text : text.slice(0, -1));

const byPattern = new Map<string, fc.Arbitrary<string>>();
function patterned(pattern: string, minLength: number, maxLength: number): fc.Arbitrary<string> {
  const known = byPattern.get(pattern);
  if (known !== undefined) return known;
  const made = stringsMatching(pattern, minLength, maxLength);
  byPattern.set(pattern, made);
  return made;
}

/** Texts of a pattern; where it says what cannot be generated, any text. */
function stringsMatching(pattern: string, minLength: number, maxLength: number): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern), { maxLength: Math.max(minLength, Math.min(maxLength, 200)) });
  } catch {
    return TEXTS;
  }
}

/** Whole numbers lean to small ones: most limits and volumes that can be used are. */
function numbersOf(schema: Schema): fc.Arbitrary<number> {
  const above = schema.exclusiveMinimum === undefined ? undefined : Number(schema.exclusiveMinimum) + 1;
  const below = schema.exclusiveMaximum === undefined ? undefined : Number(schema.exclusiveMaximum) - 1;
  const min = Math.ceil(Math.max(above ?? Number(schema.minimum ?? 0), Number.MIN_SAFE_INTEGER));
  const max = Math.floor(Math.min(below ?? Number(schema.maximum ?? Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER));
  const whole = (top: number) => fc.integer({ min, max: Math.max(min, Math.min(top, max)) });
  return fc.oneof({ weight: 3, arbitrary: whole(min + 100) }, { weight: 1, arbitrary: whole(max) });
}

function listsOf(schema: Schema, place: Place): fc.Arbitrary<unknown[]> {
  const minLength = Number(schema.minItems ?? 0);
  const maxLength = Math.max(minLength, Math.min(Number(schema.maxItems ?? MOST_ENTRIES), MOST_ENTRIES));
  return fc.array(valuesIn((schema.items ?? {}) as Schema, place), { minLength, maxLength });
}

function objectsOf(schema: Schema, place: Place): fc.Arbitrary<object> {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const { additionalProperties: more } = schema;
  if (Object.keys(properties).length === 0 && typeof more === 'object' && more !== null) {
    const names = valuesIn((schema.propertyNames ?? { type: 'string', minLength: 1 }) as Schema, place);
    return fc.dictionary(names as fc.Arbitrary<string>, valuesIn(more as Schema, place), { maxKeys: MOST_ENTRIES });
  }
  const fields = Object.entries(properties).map(([name, field]) => [name, namedValues(name, field, place)] as const);
  return fc.record(Object.fromEntries(fields), {
    requiredKeys: (schema.required ?? []) as string[],
    noNullPrototype: true,
  });
}

function namedValues(name: string, field: Schema, place: Place): fc.Arbitrary<unknown> {
  const values = valuesIn(field, place);
  const known = place.known[name];
  if (known === undefined || known.length === 0) return values;
  const isList = resolve(field, place).type === 'array';
  const likely = isList ? fc.constantFrom(...known).map((value) => [value]) : fc.constantFrom(...known);
  return fc.oneof({ weight: 3, arbitrary: likely }, { weight: 1, arbitrary: values });
}

/** What no field expects, or hardly any. */
const WRONG: readonly unknown[] = [
  null,
  -1,
  1.5,
  1e300,
  2 ** 53,
  '',
  ' ',
  'x'.repeat(9_000),
  '\u0000\ud800',
  '../../x',
  '2026-13-45T99:00:00Z',
  true,
  [],
  {},
  [[]],
  Array(300).fill('x'),
  Object.fromEntries([['__proto__', 1]]),
];

/** Values of which one part was left out, added or replaced by what does not belong there. */
export const spoiled = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.tuple(values, fc.nat(), fc.nat()).map(([value, where, how]) => {
    const places = placesIn(value);
    return change(value, places[where % places.length] ?? [], how % (WRONG.length + 2));
  });

type Path = readonly (string | number)[];
function placesIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const parts: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [at, ...parts.flatMap(([name, part]) => placesIn(part, [...at, name]))];
}

function change(value: unknown, [part, ...rest]: Path, how: number): unknown {
  if (part === undefined) {
    if (how < WRONG.length) return WRONG[how];
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, unknown: 1 } : undefined;
  }
  if (Array.isArray(value)) return value.map((entry, i) => (i === part ? change(entry, rest, how) : entry));
  const fields = value as Record<string, unknown>;
  return { ...fields, [part]: change(fields[part], rest, how) };
}
