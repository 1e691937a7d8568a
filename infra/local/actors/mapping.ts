/** Which column of a CSV file means what. */
import { ok, type Result, refuse } from '../../../shared/kernel/result.ts';

/** What a column can mean. `company`, `category` and `created` are required, the others have a default. */
export const MEANINGS = [
  'company',
  'category',
  'created',
  'channel',
  'id',
  'customer',
  'disputed',
  'text',
  'language',
  'region',
] as const;
export type Meaning = (typeof MEANINGS)[number];
const REQUIRED: readonly Meaning[] = ['company', 'category', 'created'];

/** A column by its name, or one constant for every row (`region==US`). */
export type Source = { column: string } | { constant: string };
export type Mapping = Partial<Record<Meaning, Source>> & { fields?: readonly string[] };

type Preset = { name: string; columns: Readonly<Partial<Record<Meaning, string>>>; fields: readonly string[] };

/** Files that are recognised by their header: the complaints of the US Consumer Financial Protection Bureau in two layouts. */
export const PRESETS: readonly Preset[] = [
  {
    name: 'CFPB complaints (sample)',
    columns: {
      company: 'company',
      category: 'product',
      channel: 'channel',
      created: 'received_date',
      id: 'src_row',
      disputed: 'disputed',
      text: 'sub_product',
    },
    fields: ['state'],
  },
  {
    name: 'CFPB complaints (published file)',
    columns: {
      company: 'Company',
      category: 'Product',
      channel: 'Submitted via',
      created: 'Date received',
      id: 'Complaint ID',
      disputed: 'Consumer disputed?',
      text: 'Issue',
    },
    fields: ['State'],
  },
];

export type MappingRefusal = 'mapping_unknown_meaning' | 'mapping_unreadable' | 'mapping_missing' | 'column_unknown';

const list = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');

/**
 * Reads `company=Firm,category=Topic,region==US`: each meaning with the column that holds it, or with a second equals
 * sign and one value for every row. A comma inside a column's name is taken as part of it unless a meaning follows.
 */
export function parseMapping(text: string): Result<Mapping, MappingRefusal> {
  const mapping: Partial<Record<Meaning, Source>> = {};
  for (const part of text.split(/,(?=\s*[A-Za-z]+\s*=)/)) {
    const match = /^\s*([A-Za-z]+)\s*=(=?)(.*)$/s.exec(part);
    if (match === null)
      return refuse('mapping_unreadable', `--map: "${part}" is not of the form meaning=column. ${HELP}`);
    const meaning = MEANINGS.find((known) => known === match[1]);
    if (meaning === undefined) return refuse('mapping_unknown_meaning', `--map: "${match[1]}" is unknown. ${HELP}`);
    const value = (match[3] ?? '').trim();
    if (value === '') return refuse('mapping_unreadable', `--map: ${meaning} names no column. ${HELP}`);
    mapping[meaning] = match[2] === '=' ? { constant: value } : { column: value };
  }
  return ok(mapping);
}

const HELP = `Known are ${MEANINGS.join(', ')}; for example --map company=Firm,category=Topic,created=Opened,region==GB`;

/** The mapping to use for a header: what was given, or the preset that the header fits. Every column named must be there. */
export function mappingFor(header: readonly string[], given: Mapping | null): Result<Mapping, MappingRefusal> {
  const mapping = given ?? presetFor(header);
  if (mapping === null)
    return refuse(
      'mapping_missing',
      `The columns are not known to this command: ${list(header)}. Say what they mean with --map. ${HELP}`,
    );
  const missing = REQUIRED.filter((meaning) => mapping[meaning] === undefined);
  if (missing.length > 0)
    return refuse('mapping_missing', `--map lacks ${missing.join(', ')}. The file's columns are ${list(header)}.`);
  for (const meaning of MEANINGS) {
    const source = mapping[meaning];
    if (source !== undefined && 'column' in source && !header.includes(source.column))
      return refuse(
        'column_unknown',
        `--map ${meaning}=${source.column}: there is no such column. The file's columns are ${list(header)}.`,
      );
  }
  return ok(mapping);
}

function presetFor(header: readonly string[]): Mapping | null {
  const preset = PRESETS.find((candidate) => Object.values(candidate.columns).every((name) => header.includes(name)));
  if (preset === undefined) return null;
  const mapping: Partial<Record<Meaning, Source>> = {};
  for (const meaning of MEANINGS) {
    const column = preset.columns[meaning];
    if (column !== undefined) mapping[meaning] = { column };
  }
  return { ...mapping, fields: preset.fields.filter((name) => header.includes(name)) };
}
