/**
 * Where the stand-in keeps its objects: one SQLite file, each request one transaction. It is somebody else's company, so
 * nothing of it lies in the market's tables; and a commit here is with the operating system before it is answered, so a
 * killed process loses nothing that it said.
 */
import { createHash, randomBytes } from 'node:crypto';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { INDEXED, type Kind, type Kinds } from './kinds.ts';

/** Fields by path (`payment.payment_intent`) and what they must hold; null also means absent. */
export type Where = Readonly<Record<string, string | number | boolean | null | undefined>>;
/** Of `created`: seconds in v1, ISO texts in v2. */
export type Range = { [edge in 'gt' | 'gte' | 'lt' | 'lte']?: number | string | undefined };
export type Condition = { sql: string; values: readonly SQLInputValue[] };
export type Select = {
  where?: Where | undefined;
  created?: Range | undefined;
  /** A condition that the fields cannot say. */
  also?: Condition | undefined;
  order: 'newest' | 'oldest';
  /** Begins after this one, in the order asked for. */
  after?: string | undefined;
  limit: number;
};
type Row = Record<string, string | number | null>;

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA wal_autocheckpoint = 8000;
  CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, account TEXT NOT NULL, keys TEXT NOT NULL,
    body TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS objects_of_kind ON objects (kind, account, seq);
  CREATE TABLE IF NOT EXISTS jobs (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, name TEXT NOT NULL, account TEXT NOT NULL, data TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS jobs_due ON jobs (at, seq);
  CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, print TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, request TEXT NOT NULL, until INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS deliveries (
    event TEXT NOT NULL, destination TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (event, destination));
  CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, at);
  CREATE INDEX IF NOT EXISTS objects_since ON objects (kind, json_extract(keys, '$."created"'), seq);
  CREATE INDEX IF NOT EXISTS deliveries_open ON deliveries (event) WHERE state <> 'delivered';
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);`;

/** Indexed fields lie apart in `keys`: an index that had to read whole bodies made writing three times as slow. */
const field = (path: string): string =>
  KEYS.includes(path)
    ? `json_extract(keys, '$."${path}"')`
    : `json_extract(body, '$.${path.replaceAll(/[^a-z0-9_.]/gi, '')}')`;
const KEYS: readonly string[] = [...INDEXED, 'account', 'created'];

/** What an object is found by. */
function keysOf(value: object): Record<string, unknown> {
  const keys: Record<string, unknown> = {};
  for (const path of KEYS) {
    const found = path.split('.').reduce<unknown>((at, step) => (isRecord(at) ? at[step] : undefined), value);
    if (typeof found === 'string' || typeof found === 'number') keys[path] = found;
    else if (typeof found === 'boolean') keys[path] = Number(found);
  }
  return keys;
}
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** A status or a type says little where something else is asked too; the `+` keeps SQLite from that index. */
const isBroad = (path: string): boolean => path === 'status' || path === 'type';
const isNarrow = (path: string): boolean => !isBroad(path) && (INDEXED as readonly string[]).includes(path);
const isNarrowedBy = (where: Where = {}): boolean =>
  Object.entries(where).some(([path, value]) => value != null && isNarrow(path));
/** Whether objects since an instant are wanted, and nothing leads to fewer. */
const isOfAnAge = ({ created, where }: Select): boolean =>
  (created?.gt ?? created?.gte) !== undefined && !isNarrowedBy(where);
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export class Store {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #seed: string;
  #count: number;

  /** Over a file, or `:memory:`. `seed` makes the ids of a new store repeatable. */
  constructor(path: string, seed = randomBytes(16).toString('hex')) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(SCHEMA);
    for (const path of INDEXED) {
      const name = `objects_by_${path.replaceAll('.', '_')}`;
      const sql = `CREATE INDEX IF NOT EXISTS ${name} ON objects (kind, ${field(path)}, seq) WHERE ${field(path)} IS NOT NULL`;
      this.#database.exec(sql);
    }
    this.run("INSERT OR IGNORE INTO settings VALUES ('seed', ?)", seed);
    this.#seed = String(this.one("SELECT value FROM settings WHERE name = 'seed'")?.value);
    this.#count = Number(this.one("SELECT value FROM settings WHERE name = 'ids'")?.value ?? 0);
  }

  /** Runs all of `work` or none of it; nothing else runs meanwhile, since nothing in it waits. */
  transaction<Value>(work: () => Value): Value {
    const before = this.#count;
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const value = work();
      if (this.#count !== before) this.run("INSERT OR REPLACE INTO settings VALUES ('ids', ?)", String(this.#count));
      this.#database.exec('COMMIT');
      return value;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** A new id, such as `cus_` and `length` signs; drawn from the seed, never twice. */
  newId(prefix: string, length = 24): string {
    this.#count += 1;
    const bytes = createHash('sha512').update(`${this.#seed}:${this.#count}`).digest();
    return prefix + [...bytes.subarray(0, length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  }

  get<K extends Kind>(kind: K, id: string, account: string): Kinds[K] | undefined {
    const row = this.one('SELECT body FROM objects WHERE id = ? AND kind = ? AND account = ?', id, kind, account);
    return row === undefined ? undefined : JSON.parse(String(row.body));
  }

  /** Whatever has this id. */
  any(id: string, account: string): { object: Kind; id: string } | undefined {
    const row = this.one('SELECT body FROM objects WHERE id = ? AND account = ?', id, account);
    return row === undefined ? undefined : JSON.parse(String(row.body));
  }

  /** Keeps an object; one that is replaced keeps its place in lists. */
  put<K extends Kind>(kind: K, id: string, account: string, value: Kinds[K]): void {
    const sql = `INSERT INTO objects (id, kind, account, keys, body) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET keys = excluded.keys, body = excluded.body`;
    this.run(sql, id, kind, account, JSON.stringify(keysOf(value)), JSON.stringify(value));
  }

  remove(id: string): void {
    this.run('DELETE FROM objects WHERE id = ?', id);
  }

  select<K extends Kind>(kind: K, account: string, select: Select): Kinds[K][] {
    const { sql, values } = this.#filter(kind, account, select);
    const order = select.order === 'newest' ? 'DESC' : 'ASC';
    // The planner would rather walk all there ever were in order of `seq` than sort the few of an age.
    const from = isOfAnAge(select) ? 'objects INDEXED BY objects_since' : 'objects';
    const rows = this.all(`SELECT body FROM ${from} ${sql} ORDER BY seq ${order} LIMIT ?`, ...values, select.limit);
    return rows.map((row) => JSON.parse(String(row.body)));
  }

  count(kind: Kind, account: string, where: Where): number {
    const { sql, values } = this.#filter(kind, account, { where, order: 'oldest', limit: 0 });
    return Number(this.one(`SELECT count(*) AS n FROM objects ${sql}`, ...values)?.n);
  }

  #filter(kind: Kind, account: string, select: Select): { sql: string; values: SQLInputValue[] } {
    const parts = ['kind = ?', 'account = ?'];
    const values: SQLInputValue[] = [kind, account];
    const add = (sql: string, ...more: SQLInputValue[]) => {
      parts.push(sql);
      values.push(...more);
    };
    const isNarrowed = isNarrowedBy(select.where);
    for (const [path, value] of Object.entries(select.where ?? {})) {
      if (value === undefined) continue;
      if (value === null) add(`${field(path)} IS NULL`);
      else
        add(
          `${isBroad(path) && isNarrowed ? '+' : ''}${field(path)} = ?`,
          typeof value === 'boolean' ? Number(value) : value,
        );
    }
    const { gt, gte, lt, lte } = select.created ?? {};
    if (gt !== undefined) add(`${field('created')} > ?`, gt);
    if (gte !== undefined) add(`${field('created')} >= ?`, gte);
    if (lt !== undefined) add(`${field('created')} < ?`, lt);
    if (lte !== undefined) add(`${field('created')} <= ?`, lte);
    if (select.also !== undefined) add(select.also.sql, ...select.also.values);
    if (select.after !== undefined) {
      const sign = select.order === 'newest' ? '<' : '>';
      add(`seq ${sign} (SELECT seq FROM objects WHERE id = ?)`, select.after);
    }
    return { sql: `WHERE ${parts.join(' AND ')}`, values };
  }

  run(sql: string, ...values: SQLInputValue[]): void {
    this.#prepared(sql).run(...values);
  }

  one(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepared(sql).get(...values) as Row | undefined;
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[];
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  close(): void {
    this.#database.close();
  }
}
