/** A mapping as its editor shows it: for each field of a request a row, which says where the value is found. */
import { MAPPED, type Mapping, type Source } from '../../../../shared/request/mapping.ts';

export type How = 'none' | 'path' | 'value' | 'several';
export type Row = {
  how: How;
  path: string;
  value: string;
  from: readonly string[];
  take: 'first' | 'all';
  /** A line each: `found = becomes`. */
  cases: string;
  fallback: string;
};
export type MappedField = (typeof MAPPED)[number];
export type FieldRow = { name: string; row: Row };
export type Rows = { plain: Readonly<Record<MappedField, Row>>; fields: readonly FieldRow[] };

export const EMPTY_ROW: Row = { how: 'none', path: '', value: '', from: [], take: 'first', cases: '', fallback: '' };
export const PATH_ROW: Row = { ...EMPTY_ROW, how: 'path' };

export function rowOf(source: Source | undefined): Row {
  if (source === undefined) return EMPTY_ROW;
  if (typeof source === 'string') return { ...EMPTY_ROW, how: 'path', path: source };
  if ('value' in source) return { ...EMPTY_ROW, how: 'value', value: source.value };
  const cases = Object.entries(source.cases ?? {}).map(([found, becomes]) => `${found} = ${becomes}`);
  return {
    ...EMPTY_ROW,
    how: 'several',
    from: source.from,
    take: source.take,
    cases: cases.join('\n'),
    fallback: source.default ?? '',
  };
}

/** Undefined where the row says nothing. */
export function sourceOf({ how, path, value, from, take, cases, fallback }: Row): Source | undefined {
  switch (how) {
    case 'none':
      return undefined;
    case 'path':
      return path.trim() === '' ? undefined : path.trim();
    case 'value':
      return value.trim() === '' ? undefined : { value };
    case 'several': {
      if (from.length === 0) return undefined;
      const replaced = casesOf(cases);
      return {
        from: [...from],
        take,
        ...(Object.keys(replaced).length === 0 ? {} : { cases: replaced }),
        ...(fallback === '' ? {} : { default: fallback }),
      };
    }
  }
}

function casesOf(text: string): Record<string, string> {
  const pairs = text.split('\n').flatMap((line): [string, string][] => {
    const at = line.indexOf('=');
    return at < 1 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
  });
  return Object.fromEntries(pairs);
}

/** What no request can be without, and what most have; in the editor's order. */
export const NEEDED = ['externalId', 'customer'] as const satisfies readonly MappedField[];
const USUAL: readonly MappedField[] = [...NEEDED, 'text'];
export const IN_ORDER: readonly MappedField[] = [...USUAL, 'category', 'queue', 'deadline'];

/** Rows of a mapping; `usual` stands where it says nothing of what most requests have. */
export const rowsOf = (mapping: Mapping, usual: Row = EMPTY_ROW): Rows => ({
  plain: Object.fromEntries(
    IN_ORDER.map((field) => {
      const blank = USUAL.includes(field) ? usual : EMPTY_ROW;
      return [field, mapping[field] === undefined ? blank : rowOf(mapping[field])];
    }),
  ) as Record<MappedField, Row>,
  fields: Object.entries(mapping.fields ?? {}).map(([name, source]) => ({ name, row: rowOf(source) })),
});

export function mappingOf({ plain, fields }: Rows): Mapping {
  const mapping: Mapping = {};
  for (const field of MAPPED) {
    const source = sourceOf(plain[field]);
    if (source !== undefined) mapping[field] = source;
  }
  const others = fields.flatMap(({ name, row }): [string, Source][] => {
    const source = sourceOf(row);
    return source === undefined || name.trim() === '' ? [] : [[name.trim(), source]];
  });
  return others.length === 0 ? mapping : { ...mapping, fields: Object.fromEntries(others) };
}

/** The most paths that are offered, and how deep they go. */
const MOST_PATHS = 200;
const DEEPEST = 6;
/** Of a list, its first ones. */
const FIRST = 3;

/** The places in a sample where something stands: `ticket.requester.email`, `items[0].id`. */
export function pathsIn(sample: unknown): string[] {
  const found: string[] = [];
  const look = (value: unknown, path: string, depth: number): void => {
    if (found.length >= MOST_PATHS || depth > DEEPEST || value === null || value === undefined) return;
    if (typeof value !== 'object') {
      if (path !== '') found.push(path);
      return;
    }
    for (const [name, one] of Object.entries(value).slice(0, Array.isArray(value) ? FIRST : undefined))
      look(one, Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`, depth + 1);
  };
  look(sample, '', 0);
  return found;
}
