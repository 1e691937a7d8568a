/**
 * Where the stand-in keeps its objects: one SQLite file, each request one transaction. It is somebody else's company, so
 * nothing of it lies in the market's tables; and a commit here is with the operating system before it is answered, so a
 * killed process loses nothing that it said.
 */
import { hash, randomBytes } from 'node:crypto';
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
/** Something to be done at an instant (seconds); `data` is JSON. */
export type Job = { seq: number; at: number; name: string; account: string; data: string };
/** An object as it lies in the file. */
type Kept = { kind: string; account: string; body: string };

/** So many of each are remembered; one request reads the same few again and again. */
const MOST_BODIES = 1_000;
const MOST_LISTS = 200;

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
  CREATE INDEX IF NOT EXISTS meter_events_of ON objects (
    kind, json_extract(keys, '$."payload.stripe_customer_id"'), json_extract(body, '$.timestamp'), seq)
    WHERE kind = 'billing.meter_event';
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);`;

/** Indexed fields lie apart in `keys`: an index that had to read whole bodies made writing three times as slow. */
const field = (path: string): string =>
  KEYS.includes(path)
    ? `json_extract(keys, '$."${path}"')`
    : `json_extract(body, '$.${path.replaceAll(/[^a-z0-9_.]/gi, '')}')`;
const KEYS: readonly string[] = [...INDEXED, 'account', 'created'];

const STEPS = KEYS.map((path) => [path, path.split('.')] as const);

/** What an object is found by. */
function keysOf(value: object): Record<string, unknown> {
  const keys: Record<string, unknown> = {};
  for (const [path, steps] of STEPS) {
    let found: unknown = value;
    for (const step of steps) found = isRecord(found) ? found[step] : undefined;
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
const PUT = `INSERT INTO objects (id, kind, account, keys, body) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET keys = excluded.keys, body = excluded.body`;
const PLAIN_CHANGE = 'UPDATE objects SET body = ? WHERE id = ? AND keys = ?';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export class Store {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #seed: string;
  /** What was read or written last, by id; null: there is none. */
  readonly #bodies = new Map<string, Kept | null>();
  /** The bodies that a selection found, by kind and selection, until one of the kind is written. */
  readonly #lists = new Map<Kind, Map<string, readonly string[]>>();
  /** Ids that this transaction drew: under none of them is there anything yet. */
  readonly #made = new Set<string>();
  #count: number;
  /** No job is due before this instant (seconds). */
  #noJobBefore = Number.NEGATIVE_INFINITY;
  #deliveries = 0;

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
    // Nobody else writes, so what only reads need not ask for the right to.
    this.run('BEGIN');
    try {
      const value = work();
      if (this.#count !== before) this.run("INSERT OR REPLACE INTO settings VALUES ('ids', ?)", String(this.#count));
      this.run('COMMIT');
      return value;
    } catch (error) {
      this.#bodies.clear();
      this.#lists.clear();
      this.run('ROLLBACK');
      throw error;
    } finally {
      this.#made.clear();
    }
  }

  /** A new id, such as `cus_` and `length` signs; drawn from the seed, never twice. */
  newId(prefix: string, length = 24): string {
    this.#count += 1;
    const bytes = hash('sha512', `${this.#seed}:${this.#count}`, 'buffer');
    let id = prefix;
    for (const byte of bytes.subarray(0, length)) id += ALPHABET[byte % ALPHABET.length];
    this.#made.add(id);
    return id;
  }

  get<K extends Kind>(kind: K, id: string, account: string): Kinds[K] | undefined {
    const found = this.#kept(id);
    if (found === null || found.kind !== kind || found.account !== account) return undefined;
    return JSON.parse(found.body);
  }

  /** Whatever has this id. */
  any(id: string, account: string): { object: Kind; id: string } | undefined {
    const found = this.#kept(id);
    return found === null || found.account !== account ? undefined : JSON.parse(found.body);
  }

  #kept(id: string): Kept | null {
    let found = this.#bodies.get(id);
    if (found === undefined) {
      found = (this.one('SELECT kind, account, body FROM objects WHERE id = ?', id) as Kept | undefined) ?? null;
      this.#remember(id, found);
    }
    return found;
  }

  #remember(id: string, kept: Kept | null): void {
    if (this.#bodies.size >= MOST_BODIES) this.#bodies.clear();
    this.#bodies.set(id, kept);
  }

  /** Keeps an object; one that is replaced keeps its place in lists. */
  put<K extends Kind>(kind: K, id: string, account: string, value: Kinds[K]): void {
    const keys = JSON.stringify(keysOf(value));
    const body = JSON.stringify(value);
    this.#lists.delete(kind);
    // Most changes touch nothing that an index is over, and to say so keeps SQLite from writing each index again.
    const isNew = this.#made.delete(id);
    const isPlain = !isNew && Number(this.#prepared(PLAIN_CHANGE).run(body, id, keys).changes) > 0;
    if (!isPlain) this.run(PUT, id, kind, account, keys, body);
    // One that is replaced stays of the kind and the account that it was.
    const before = this.#bodies.get(id);
    if (before != null) before.body = body;
    else if (isNew) this.#remember(id, { kind, account, body });
    else this.#bodies.delete(id);
  }

  remove(id: string): void {
    this.run('DELETE FROM objects WHERE id = ?', id);
    this.#bodies.delete(id);
    this.#lists.clear();
  }

  select<K extends Kind>(kind: K, account: string, select: Select): Kinds[K][] {
    const { sql, values } = this.#filter(kind, account, select);
    const order = select.order === 'newest' ? 'DESC' : 'ASC';
    const isAged = isOfAnAge(select);
    const from = isAged ? 'objects INDEXED BY objects_of_kind' : 'objects';
    const bodies = (): string[] =>
      this.all(`SELECT body FROM ${from} ${sql} ORDER BY seq ${order} LIMIT ?`, ...values, select.limit).map((row) =>
        String(row.body),
      );
    // Pages come once, and a condition may be about more than the objects.
    const isOnce = isAged || select.after !== undefined || select.also !== undefined;
    const found = isOnce
      ? bodies()
      : this.#listed(kind, `${sql} ${order} ${select.limit} ${JSON.stringify(values)}`, bodies);
    return found.map((body) => JSON.parse(body));
  }

  #listed(kind: Kind, name: string, read: () => readonly string[]): readonly string[] {
    let lists = this.#lists.get(kind);
    if (lists === undefined || lists.size >= MOST_LISTS) {
      lists = new Map();
      this.#lists.set(kind, lists);
    }
    let found = lists.get(name);
    if (found === undefined) {
      found = read();
      lists.set(name, found);
    }
    return found;
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
    // Where the objects of an age begin: walked back from the newest, they end there instead of with all there ever were.
    if (isOfAnAge(select))
      add(
        `seq >= (SELECT min(seq) FROM objects INDEXED BY objects_since WHERE kind = ? AND ${field('created')} >= ?)`,
        kind,
        gt ?? gte ?? null,
      );
    if (select.also !== undefined) add(select.also.sql, ...select.also.values);
    if (select.after !== undefined) {
      const sign = select.order === 'newest' ? '<' : '>';
      add(`seq ${sign} (SELECT seq FROM objects WHERE id = ?)`, select.after);
    }
    return { sql: `WHERE ${parts.join(' AND ')}`, values };
  }

  /** Has a job done at an instant (seconds). */
  later(at: number, name: string, account: string, data: object): void {
    const sql = 'INSERT INTO jobs (at, name, account, data) VALUES (?, ?, ?, ?)';
    this.run(sql, at, name, account, JSON.stringify(data));
    this.#noJobBefore = Math.min(this.#noJobBefore, at);
  }

  /** The first job that is due by `now` (seconds); asked with every request, so it looks only where one may be. */
  dueJob(now: number): Job | undefined {
    if (now < this.#noJobBefore) return undefined;
    const first = this.one('SELECT * FROM jobs ORDER BY at, seq LIMIT 1') as Job | undefined;
    this.#noJobBefore = first?.at ?? Number.POSITIVE_INFINITY;
    return first !== undefined && first.at <= now ? first : undefined;
  }

  /** Counts what is to be delivered, so that nobody need ask the file whether there is more. */
  get deliveries(): number {
    return this.#deliveries;
  }

  /** Has an event go to a destination, from an instant on (seconds). */
  deliver(event: string, destination: string, at: number, attempts = 0): void {
    const sql = "INSERT INTO deliveries (event, destination, state, attempts, at) VALUES (?, ?, 'waits', ?, ?)";
    this.run(sql, event, destination, attempts, at);
    this.#deliveries += 1;
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
