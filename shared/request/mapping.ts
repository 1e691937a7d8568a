/**
 * How a row of a file, or another system's payload, becomes a request: for each field of a RequestInput where its value is
 * found, or what it is. The same mapping serves imports and connectors.
 */
import * as z from 'zod';

const Path = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: 'A column, or a path into a payload such as ticket.requester.email or items[0].id' });

export const Source = z
  .union([
    Path,
    z.strictObject({ value: z.string().max(8_000).meta({ description: 'The same for all' }) }),
    z.strictObject({
      from: z.array(Path).min(1).max(8),
      take: z
        .enum(['first', 'all'])
        .default('first')
        .meta({ description: 'The first that has something, or all that have, with a blank line between' }),
      cases: z
        .record(z.string().max(200), z.string().max(400))
        .optional()
        .meta({ description: 'Replaces what is found: a product by its queue, say; what is not named stays' }),
      default: z.string().max(8_000).optional().meta({ description: 'Where nothing is found' }),
    }),
  ])
  .meta({ id: 'MappingSource' });
export type Source = z.infer<typeof Source>;

export const Mapping = z
  .strictObject({
    externalId: Source.optional(),
    queue: Source.optional(),
    customer: Source.optional(),
    text: Source.optional(),
    category: Source.optional(),
    deadline: Source.optional(),
    fields: z.record(z.string().min(1).max(60), Source).optional(),
  })
  .refine((mapping) => Object.keys(mapping.fields ?? {}).length <= 30, {
    path: ['fields'],
    message: 'must have at most 30 entries',
  })
  .refine((mapping) => JSON.stringify(mapping).length <= MOST_MAPPING, {
    message: `must have at most 16000 characters in all`,
  })
  .meta({ id: 'Mapping' });
export type Mapping = z.infer<typeof Mapping>;

const MOST_MAPPING = 16_000;
/** The fields of a request that are no fields of the company's own. */
export const MAPPED = ['externalId', 'queue', 'customer', 'text', 'category', 'deadline'] as const;

/** The paths that a mapping looks at. */
export function pathsOf(mapping: Mapping): string[] {
  const sources = [...MAPPED.map((field) => mapping[field]), ...Object.values(mapping.fields ?? {})];
  return sources.flatMap((source) => {
    if (source === undefined) return [];
    if (typeof source === 'string') return [source];
    return 'from' in source ? source.from : [];
  });
}

/** A request as it came, not yet parsed: what is not found, or is empty, is left out. */
export type Draft = { [field in (typeof MAPPED)[number]]?: string } & { fields?: Record<string, string> };

/** What a mapping makes of a row or payload. */
export function applyMapping(mapping: Mapping, record: unknown): Draft {
  const draft: Draft = {};
  for (const field of MAPPED) {
    const value = valueFrom(mapping[field], record);
    if (value !== undefined) draft[field] = value;
  }
  const fields = Object.entries(mapping.fields ?? {}).flatMap(([name, source]): [string, string][] => {
    const value = valueFrom(source, record);
    return value === undefined ? [] : [[name, value]];
  });
  return fields.length === 0 ? draft : { ...draft, fields: Object.fromEntries(fields) };
}

function valueFrom(source: Source | undefined, record: unknown): string | undefined {
  if (source === undefined) return undefined;
  if (typeof source === 'string') return textAt(record, source);
  if ('value' in source) return source.value;
  const all = source.from.map((path) => textAt(record, path)).filter((text) => text !== undefined);
  const found = source.take === 'all' && all.length > 0 ? all.join('\n\n') : all[0];
  if (found === undefined) return source.default;
  const { cases } = source;
  return cases !== undefined && Object.hasOwn(cases, found) ? cases[found] : found;
}

/** The text at a path: a name as it stands, else its parts. Undefined where there is none, or nothing but space. */
export function textAt(record: unknown, path: string): string | undefined {
  const text = textOf(own(record, path) ?? inside(record, path))?.trim();
  return text === '' ? undefined : text;
}

function inside(record: unknown, path: string): unknown {
  let at = record;
  for (const part of path.replaceAll(/\[(\d+)\]/g, '.$1').split('.')) at = own(at, part);
  return at;
}

const own = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((item) => textOf(item) ?? []).join(', ');
}
