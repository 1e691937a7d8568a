/** What the command line of the replay asks for. */
import { parseArgs } from 'node:util';
import { ok, type Result, refuse } from '../../../shared/kernel/result.ts';
import { RoundLength } from '../../../shared/kernel/time.ts';
import { type Mapping, parseMapping } from '../../local/actors/mapping.ts';

export const USAGE = `Replays customer requests of many companies as pooled demand on a market of its own.

  npm run replay -- [file.csv[.gz]] [options]

  file             requests, one a row; without a file a seeded year is drawn
  --map m=c,…      which column means what (company, category, created; also channel, id,
                   customer, disputed, text, language, region); m==v sets one value for all rows
  --round LENGTH   week, month or quarter (default quarter)
  --limit N        only the first N requests in order of time
  --seed N         seed of all that is drawn (default 1)
  --fresh          begin again; without it an interrupted replay goes on
  --data DIR       data folder (default .parley/replay)
  --api URL        act on a market that is running elsewhere and offers the test clock
  --json           the report as JSON on standard output, everything else on standard error
  --help           this text
`;

export type ReplayArguments = {
  file: string | null;
  mapping: Mapping | null;
  /** The text of --map, for comparison with an earlier run. */
  map: string;
  round: RoundLength;
  limit: number | null;
  seed: number;
  fresh: boolean;
  data: string;
  api: string | null;
  json: boolean;
  help: boolean;
};

const DEFAULT_DATA = '.parley/replay';
const MOST = 2 ** 31;

/** Reads the arguments after the command's name; a refusal says what is wrong with which one. */
export function readArguments(words: readonly string[]): Result<ReplayArguments, 'bad_argument'> {
  const bad = (detail: string) => refuse('bad_argument', `${detail}\nSee npm run replay -- --help`);
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(words);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return bad(text.replace(/\. To specify a positional.*$/s, '.'));
  }
  const { values, positionals } = parsed;
  if (positionals.length > 1) return bad(`One file at a time: ${positionals.join(' ')}`);
  const round = RoundLength.safeParse(values.round);
  if (!round.success) return bad(`--round ${values.round}: must be week, month or quarter`);
  const limit = values.limit === undefined ? null : wholeNumber(values.limit, 1);
  if (values.limit !== undefined && limit === null)
    return bad(`--limit ${values.limit}: must be a whole number from 1`);
  const seed = wholeNumber(values.seed, 0);
  if (seed === null) return bad(`--seed ${values.seed}: must be a whole number from 0`);
  if (values.api !== undefined && !isUrl(values.api))
    return bad(`--api ${values.api}: must be a URL such as http://localhost:4000`);
  if (values.api !== undefined && (values.fresh || values.data !== undefined))
    return bad('--api acts on a market elsewhere: --fresh and --data belong to a market of one’s own');
  const map = (values.map ?? []).join(',');
  if (map !== '' && positionals.length === 0) return bad('--map describes a file, and no file was given');
  const mapping = map === '' ? ok(null) : parseMapping(map);
  if (!mapping.ok) return bad(mapping.detail);
  return ok({
    file: positionals[0] ?? null,
    mapping: mapping.value,
    map,
    round: round.data,
    limit,
    seed,
    fresh: values.fresh,
    data: values.data ?? DEFAULT_DATA,
    api: values.api ?? null,
    json: values.json,
    help: values.help,
  });
}

const parse = (words: readonly string[]) =>
  parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      map: { type: 'string', multiple: true },
      round: { type: 'string', default: 'quarter' },
      limit: { type: 'string' },
      seed: { type: 'string', default: '1' },
      fresh: { type: 'boolean', default: false },
      data: { type: 'string' },
      api: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });

function wholeNumber(text: string, least: number): number | null {
  const value = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least && value < MOST ? value : null;
}

function isUrl(text: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}
