/** Which column of a file of tickets means what: guessed from its header, and corrected by a person. */

export const MEANINGS = ['created', 'category', 'channel', 'language', 'region'] as const;
export type Meaning = (typeof MEANINGS)[number];

/** A column by its name, or one value for every row. */
export type Source = { column: string } | { constant: string };
export type Mapping = Readonly<Record<Meaning, Source>>;

/** Words that headers use for a meaning, the likeliest first. A header fits where all letters of it are the word's. */
const NAMES: Readonly<Record<Meaning, readonly string[]>> = {
  created: [
    'created',
    'createdat',
    'createddate',
    'creationdate',
    'datecreated',
    'opened',
    'openedat',
    'receiveddate',
    'datereceived',
    'receivedat',
    'submittedat',
    'timestamp',
    'date',
    'erstellt',
    'erstelltam',
    'datum',
    'eingang',
  ],
  category: [
    'category',
    'kategorie',
    'topic',
    'thema',
    'product',
    'type',
    'tickettype',
    'issuetype',
    'reason',
    'contactreason',
    'group',
    'queue',
    'department',
    'issue',
    'subject',
    'tags',
  ],
  channel: ['channel', 'kanal', 'via', 'source', 'submittedvia', 'medium', 'origin'],
  language: ['language', 'sprache', 'locale', 'lang'],
  region: ['region', 'country', 'countrycode', 'land', 'market'],
};

const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');

/** The first column whose name is a meaning's; undefined where none is. */
function columnFor(header: readonly string[], meaning: Meaning): string | undefined {
  for (const name of NAMES[meaning]) {
    const found = header.find((column) => plain(column) === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * What a header suggests. What no column says is the same for all rows: the web, and the person's own language and country.
 * When and what about must be columns: the first one stands in where none is found, for a person to correct.
 */
export function guess(header: readonly string[], locale: string): { mapping: Mapping; isSure: boolean } {
  const { language, region } = new Intl.Locale(locale).maximize();
  const constants = { channel: 'Web', language: `${language}-${region ?? 'US'}`, region: region ?? 'US' };
  const found = (meaning: Meaning) => columnFor(header, meaning);
  const orConstant = (meaning: 'channel' | 'language' | 'region'): Source => {
    const column = found(meaning);
    return column === undefined ? { constant: constants[meaning] } : { column };
  };
  const created = found('created');
  const category = found('category');
  const first = header[0] ?? '';
  return {
    mapping: {
      created: { column: created ?? first },
      category: { column: category ?? first },
      channel: orConstant('channel'),
      language: orConstant('language'),
      region: orConstant('region'),
    },
    isSure: created !== undefined && category !== undefined,
  };
}

/** A column that names companies: a file of many is counted for one of them. */
export const companyColumn = (header: readonly string[]): string | undefined =>
  header.find((column) =>
    ['company', 'brand', 'organisation', 'organization', 'firma', 'account'].includes(plain(column)),
  );
