/**
 * One data folder, one owner. The owner holds a lock of the operating system, which ends with its process however that
 * ends; so a folder is never locked by somebody who is gone, and never open twice.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { CannotStart } from './cannot-start.ts';
import { stopLeftOverEngine } from './left-over.ts';

const MARKER = 'parley.json';
const LOCK = 'owner.lock';
const OWNER = 'owner.json';
/** The engine's file; a left-over engine is recognised by it. */
export const DATABASE = 'market.sqlite';

const Marker = z.object({ kind: z.literal('parley data folder'), version: z.literal(1), createdAt: z.string() });
const Owner = z.object({ pid: z.number(), since: z.string() });

export type DataFolder = {
  /** Absolute, with symbolic links resolved. */
  path: string;
  /** True where nothing was kept in it before. */
  isNew: boolean;
  file: (name: string) => string;
  /** The parsed content, or undefined where there is no such file. Throws where the content does not fit. */
  readJson<S extends z.ZodType>(name: string, schema: S): z.infer<S> | undefined;
  /** Replaces a file in one step, so that a reader sees the old content or the new one. */
  writeJson: (name: string, value: unknown, options?: WriteOptions) => void;
  /** Replaces the content of a file that was written with the same `fixedBytes`; cheap enough for every step of a clock. */
  rewriteJson: (name: string, value: unknown, fixedBytes: number) => void;
  /** Gives the folder up. */
  release: () => void;
};
export type WriteOptions = {
  mode?: number;
  /** Also through a power failure, at the price of a disk flush. */
  flush?: boolean;
  /** Padded to so many bytes, for `rewriteJson`. */
  fixedBytes?: number;
};

/**
 * Opens a data folder as its only owner: makes it where it is missing, stops an engine that a killed owner left running,
 * and with `fresh` empties it. Throws `CannotStart` where somebody else owns it or where it holds other people's files.
 */
export async function openDataFolder(where: string, options: { fresh?: boolean } = {}): Promise<DataFolder> {
  mkdirSync(resolve(where), { recursive: true });
  const path = realpathSync(resolve(where));
  refuseForeign(path);
  const unlock = lock(path);
  try {
    writeJsonFile(path, OWNER, { pid: process.pid, since: new Date().toISOString() });
    await stopLeftOverEngine(path, join(path, DATABASE));
    if (options.fresh === true) empty(path);
    const isNew = !existsSync(join(path, MARKER));
    if (isNew) {
      const marker = { kind: 'parley data folder', version: 1, createdAt: new Date().toISOString() } as const;
      writeJsonFile(path, MARKER, marker satisfies z.infer<typeof Marker>, { flush: true });
    }
    return folder(path, isNew, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function folder(path: string, isNew: boolean, unlock: () => void): DataFolder {
  return {
    path,
    isNew,
    file: (name) => join(path, name),
    readJson: (name, schema) => readJsonFile(path, name, schema),
    writeJson: (name, value, options) => writeJsonFile(path, name, value, options),
    rewriteJson: (name, value, fixedBytes) => rewriteJsonFile(path, name, value, fixedBytes),
    release: () => {
      rmSync(join(path, OWNER), { force: true });
      unlock();
    },
  };
}

/** Only a folder that is empty or marked as ours is touched: `--data ~` must never cost anybody their files. */
function refuseForeign(path: string): void {
  const entries = readdirSync(path).filter((name) => name !== LOCK && name !== OWNER);
  if (entries.length === 0) return;
  let marked = false;
  try {
    marked = readJsonFile(path, MARKER, Marker) !== undefined;
  } catch {
    marked = false;
  }
  if (!marked)
    throw new CannotStart(
      `${path} is not a Parley data folder: it holds ${entries.slice(0, 3).join(', ')}${entries.length > 3 ? ' and more' : ''}. Choose an empty or a new folder with --data.`,
    );
}

/** Takes the lock: an exclusive transaction that stays open. The operating system lets go of it when the process ends. */
function lock(path: string): () => void {
  const database = new DatabaseSync(join(path, LOCK), { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!(error instanceof Error) || !/locked|busy/i.test(error.message)) throw error;
    throw new CannotStart(
      `${path} is in use${ownerText(path)}. Stop that one first, or choose another folder with --data.`,
      'owned',
    );
  }
  return () => database.close();
}

function ownerText(path: string): string {
  try {
    const owner = readJsonFile(path, OWNER, Owner);
    return owner === undefined ? ' by another process' : ` by process ${owner.pid}, since ${owner.since}`;
  } catch {
    return ' by another process';
  }
}

function empty(path: string): void {
  for (const name of readdirSync(path))
    if (name !== LOCK && name !== OWNER) rmSync(join(path, name), { recursive: true, force: true });
}

function readJsonFile<S extends z.ZodType>(path: string, name: string, schema: S): z.infer<S> | undefined {
  if (!existsSync(join(path, name))) return undefined;
  return schema.parse(JSON.parse(readFileSync(join(path, name), 'utf8')));
}

function writeJsonFile(path: string, name: string, value: unknown, options: WriteOptions = {}): void {
  const text = `${JSON.stringify(value)}\n`;
  const draft = join(path, `.${name}.new`);
  const file = openSync(draft, 'w', options.mode ?? 0o644);
  try {
    writeSync(file, text.padStart(options.fixedBytes ?? 0));
    if (options.flush === true) fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, join(path, name));
}

/** Of fixed size, so that one write replaces all of it: the same promise as a rename, at a fiftieth of its cost. */
function rewriteJsonFile(path: string, name: string, value: unknown, fixedBytes: number): void {
  const text = `${JSON.stringify(value)}\n`.padStart(fixedBytes);
  if (text.length > fixedBytes) throw new Error(`${name} does not fit ${fixedBytes} bytes`);
  const file = openSync(join(path, name), 'r+');
  try {
    writeSync(file, text, 0);
  } finally {
    closeSync(file);
  }
}
