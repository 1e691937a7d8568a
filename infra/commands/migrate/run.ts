/**
 * Runs a migration over a table, page by page. Every write is conditioned on what was read, so that nothing that the market
 * writes meanwhile is lost; how far it has come is kept beside, so that a run that was stopped is gone on with.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { mapConcurrent } from '../../../shared/kernel/call.ts';
import type { Clause, Item, Key, Tables } from '../../../shared/kernel/table.ts';
import { isOld, type Migration, VERSION, versionOf, wrongWith } from './migration.ts';
import { scanPage } from './scan.ts';

const PAGE = 200;
/** Items that are written side by side. */
const WIDTH = 8;
/** Times that an item is read again because somebody else has changed it. */
const MOST_TRIES = 5;
const UNIT_BYTES = 1_024;

const Raw = z.looseObject({ pk: z.string(), sk: z.string() });
const Progress = z.object({
  /** The last key that was looked at; null at the beginning. */
  after: Raw.nullable(),
  seen: z.int(),
  changed: z.int(),
  isDone: z.boolean(),
});
type Progress = z.infer<typeof Progress>;

export type Plan = {
  /** Items of the table, and those that would be changed. */
  seen: number;
  old: number;
  /** About so many write units, indexes apart. */
  writeUnits: number;
  /** The key of one that would be changed. */
  example: Key | null;
};

export type Options = {
  /** Items that are looked at in a second at the most, so that the market keeps its tables to itself. */
  perSecond: number;
  say: (line: string) => void;
};

/** Looks through the whole table and changes nothing. */
export async function plan(tables: Tables, migration: Migration): Promise<Plan> {
  refuseWrong(migration);
  const found: Plan = { seen: 0, old: 0, writeUnits: 0, example: null };
  let after: Key | null = null;
  do {
    const page = await scanPage(tables, migration.table, { after, limit: PAGE });
    found.seen += page.items.length;
    for (const item of page.items.filter((one) => isOld(migration, one))) {
      found.old += 1;
      found.writeUnits += Math.ceil(JSON.stringify(item).length / UNIT_BYTES);
      found.example ??= { pk: item.pk, sk: item.sk };
    }
    after = page.after;
  } while (after !== null);
  return found;
}

/** Changes what is old, from where an earlier run came to. Answers how many items it changed in all its runs. */
export async function apply(tables: Tables, migration: Migration, options: Options): Promise<number> {
  refuseWrong(migration);
  let progress = await readProgress(tables, migration);
  if (progress.seen > 0 && !progress.isDone) options.say(`goes on after ${progress.seen} items`);
  while (!progress.isDone) {
    const begun = performance.now();
    const { items, after } = await scanPage(tables, migration.table, { after: progress.after, limit: PAGE });
    const changed = await mapConcurrent(
      items.filter((item) => isOld(migration, item)),
      WIDTH,
      (item) => bringOver(tables, migration, item),
    );
    progress = {
      after,
      seen: progress.seen + items.length,
      changed: progress.changed + changed.filter(Boolean).length,
      isDone: after === null,
    };
    await tables.put('market', { ...progressKey(migration), ...progress });
    options.say(`${progress.seen} items looked at, ${progress.changed} changed`);
    const restMs = (items.length / options.perSecond) * 1_000 - (performance.now() - begun);
    if (after !== null && restMs > 0) await sleep(restMs);
  }
  return progress.changed;
}

/** Forgets how far a migration has come, so that the next run looks at everything again. */
export async function forget(tables: Tables, migration: Migration): Promise<void> {
  await tables.delete('market', progressKey(migration));
}

function refuseWrong(migration: Migration): void {
  const wrong = wrongWith(migration);
  if (wrong !== null) throw new Error(`${migration.id}: ${wrong}`);
}

const progressKey = ({ id }: Migration): Key => ({ pk: `MIGRATION#${id}`, sk: '-' });

async function readProgress(tables: Tables, migration: Migration): Promise<Progress> {
  const found = await tables.get('market', progressKey(migration), Progress, { consistent: true });
  return found ?? { after: null, seen: 0, changed: 0, isDone: false };
}

/** Brings one item over; whether it did. Who changed it meanwhile may have brought it over too, or deleted it. */
async function bringOver(tables: Tables, migration: Migration, seen: Item): Promise<boolean> {
  let item: Item | undefined = seen;
  for (let tries = 0; tries < MOST_TRIES && item !== undefined && isOld(migration, item); tries++) {
    const { set, remove } = migration.change(item);
    const change = { set: { ...set, [VERSION]: migration.to }, ...(remove === undefined ? {} : { remove }) };
    const written = await tables.update(migration.table, item, change, unchanged(migration, item));
    if (written.ok) return true;
    item = written.old ?? undefined;
  }
  if (item === undefined || !isOld(migration, item)) return false;
  throw new Error(`${item.pk} / ${item.sk} keeps changing: run it again`);
}

/** It is there, in the version that was read, and what the change was made from is as it was. */
function unchanged({ reads }: Migration, item: Item): Clause[] {
  const version: Clause = VERSION in item ? ['=', VERSION, versionOf(item)] : ['absent', VERSION];
  // Whatever stands there is compared whole.
  const whole = (name: string) => item[name] as Readonly<Record<string, unknown>> | null;
  const sources = reads.map((name): Clause => (name in item ? ['=', name, whole(name)] : ['absent', name]));
  return [['present', 'pk'], version, ...sources];
}
