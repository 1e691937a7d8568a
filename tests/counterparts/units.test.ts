/** The bundled engine and Amazon's own, call by call: the same effects for the same write and read units. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { addressOf } from './address.ts';
import { CALLS } from './calls.ts';
import { type MainJob, runMainJob } from './main-job.ts';

type Aspect = 'answer' | 'message' | 'writeUnits' | 'readUnits';
type Seen = Record<Aspect, unknown>;

const EMPTY_READ =
  'The bundled engine counts half a unit (twice that where consistent) for a page or key that holds nothing, as DynamoDB bills it; DynamoDB Local counts none.';
const PAGE_END =
  'DynamoDB Local puts the item that passes the megabyte on the page, the bundled engine on the next; whoever reads follows `after`, and the units are those of the items read.';
const TRANSACTION_UNITS =
  'DynamoDB documents two write units per kilobyte of each item in a transaction, and the bundled engine counts so. DynamoDB Local counts four, of a table’s items with equal units only one, and index entries fourfold too.';
const WORDING = 'The same refusal by the same name, in other words; nobody reads them.';

/**
 * Where the engines differ, and why that is no harm. What is listed here must show up: a difference that has gone makes
 * the test fail, so that the table stays true.
 */
const KNOWN_DIFFERENCES: readonly { call: string; aspect: Aspect; why: string }[] = [
  { call: 'query an index by pages', aspect: 'readUnits', why: EMPTY_READ },
  { call: 'query a partition by pages', aspect: 'readUnits', why: EMPTY_READ },
  { call: 'query an empty partition', aspect: 'readUnits', why: EMPTY_READ },
  { call: 'get several, some not there', aspect: 'readUnits', why: EMPTY_READ },
  { call: 'query more than a megabyte', aspect: 'answer', why: PAGE_END },
  { call: 'query more than a megabyte', aspect: 'readUnits', why: PAGE_END },
  { call: 'a transaction of a put, an update and a check', aspect: 'writeUnits', why: TRANSACTION_UNITS },
  { call: 'a transaction with index entries and a big item', aspect: 'writeUnits', why: TRANSACTION_UNITS },
  { call: 'a transaction with a token, twice', aspect: 'answer', why: TRANSACTION_UNITS },
  { call: 'refuse a number as an index key', aspect: 'message', why: WORDING },
  { call: 'refuse a reserved word that is not aliased', aspect: 'message', why: WORDING },
  { call: 'refuse a consistent read of an index', aspect: 'message', why: WORDING },
];

describe('the bundled engine and DynamoDB Local', () => {
  let bundled: TestTables;
  let amazon: TestTables;
  beforeAll(async () => {
    addressOf('AWS_ENDPOINT_URL_DYNAMODB');
    bundled = await startTestTables({ bundled: true });
    amazon = await startTestTables();
  });
  afterAll(async () => {
    await bundled?.stop();
    await amazon?.stop();
  });

  it('answer every call alike, for the same units, but for the known differences', async () => {
    const ours = await callAll(bundled);
    const theirs = await callAll(amazon);
    const differences = Object.keys(CALLS).flatMap((call) =>
      (['answer', 'message', 'writeUnits', 'readUnits'] as const)
        .map((aspect) => ({ call, aspect, bundled: ours[call]?.[aspect], amazon: theirs[call]?.[aspect] }))
        .filter((pair) => JSON.stringify(pair.bundled) !== JSON.stringify(pair.amazon)),
    );
    const isKnown = (found: { call: string; aspect: Aspect }) =>
      KNOWN_DIFFERENCES.some(({ call, aspect }) => call === found.call && aspect === found.aspect);
    expect(differences.filter((found) => !isKnown(found))).toEqual([]);
    const gone = KNOWN_DIFFERENCES.filter(
      ({ call, aspect }) => !differences.some((found) => found.call === call && found.aspect === aspect),
    );
    expect(gone, 'these differences no longer show up: take them out of the table').toEqual([]);
  });

  it('carry the main job to a balanced ledger for the same write units in every phase', async () => {
    const ours = await runMainJob(bundled.tables);
    const theirs = await runMainJob(amazon.tables);
    console.log(mainJobText(ours, theirs));
    expect(theirs.states).toEqual(ours.states);
    // Five requests settled, and five charges whose legs sum to nothing.
    expect(ours.states).toEqual([...Array.from({ length: 5 }, () => 'settled'), ...Array.from({ length: 5 }, () => 0)]);
    expect(theirs.writeUnits).toEqual(ours.writeUnits);
    expect(theirs.transactions).toEqual(ours.transactions);
    expect(theirs.counted).toBe(ours.counted);
    // A request's way from acceptance to settlement holds no transaction.
    for (const phase of ['intake', 'work', 'settlement'] as const) expect(ours.transactions[phase]).toBe(0);
  });
});

/** Every call in order, each with a meter of its own. Names of tables differ between the engines and are taken out. */
async function callAll({ tables }: TestTables): Promise<Record<string, Seen>> {
  const seen: Record<string, Seen> = {};
  for (const [name, call] of Object.entries(CALLS)) {
    const own = tables.metered();
    const outcome = await call(own).catch((error: unknown) => `${name} threw ${String(error)}`);
    const { message, ...answer } = (typeof outcome === 'object' && outcome !== null ? outcome : { outcome }) as Record<
      string,
      unknown
    >;
    seen[name] = {
      answer: sorted(Array.isArray(outcome) ? outcome : answer),
      message: message ?? null,
      writeUnits: own.consumed.writeUnits,
      readUnits: own.consumed.readUnits,
    };
  }
  return seen;
}

/** The same value with its attributes in order of their names: engines may return them in any order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value instanceof Map) return [...value].map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}

function mainJobText(ours: MainJob, theirs: MainJob): string {
  const phases = Object.keys(ours.writeUnits) as (keyof MainJob['writeUnits'])[];
  const row = (name: string, job: MainJob) =>
    `  ${name.padEnd(14)} ${phases.map((phase) => `${phase} ${job.writeUnits[phase]} written, ${job.transactionUnits[phase]} in transactions, ${job.readUnits[phase]} read`).join('; ')}; one request ${job.counted}`;
  return ['The main job in units:', row('bundled', ours), row('DynamoDB Local', theirs)].join('\n');
}
