/** Structured lines into a file of the data folder, rotated by size; warnings and errors also reach the terminal. */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

export type LogLevel = 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, message: string, fields?: Record<string, unknown>) => void;
export type LogFile = { log: Log; close: () => void };

const MAX_BYTES = 8_000_000;
const FLUSH_MS = 200;
const FLUSH_CHARACTERS = 64_000;

/** Lines are held for up to 200 ms; errors are written at once. One older file is kept as `<file>.1`. */
export function openLog(file: string, terminal: (line: string) => void = (line) => console.error(line)): LogFile {
  let descriptor = openSync(file, 'a', 0o640);
  let size = fstatSync(descriptor).size;
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;
  let isOpen = true;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === '' || !isOpen) return;
    if (size > MAX_BYTES) {
      closeSync(descriptor);
      renameSync(file, `${file}.1`);
      descriptor = openSync(file, 'a', 0o640);
      size = 0;
    }
    size += writeSync(descriptor, waiting);
    waiting = '';
  };
  const log: Log = (level, message, fields) => {
    waiting += `${JSON.stringify({ time: new Date().toISOString(), level, message, ...plain(fields) })}\n`;
    if (level !== 'info') terminal(`${level}: ${message}${summary(fields)}`);
    if (level === 'error' || waiting.length > FLUSH_CHARACTERS) flush();
    else timer ??= setTimeout(flush, FLUSH_MS);
  };
  return {
    log,
    close: () => {
      flush();
      isOpen = false;
      closeSync(descriptor);
    },
  };
}

function plain(fields: Record<string, unknown> | undefined): Record<string, unknown> {
  if (fields === undefined) return {};
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value,
    ]),
  );
}

function summary(fields: Record<string, unknown> | undefined): string {
  if (fields === undefined) return '';
  const parts = Object.entries(fields).map(
    ([name, value]) => `${name}: ${value instanceof Error ? value.message : (JSON.stringify(value) ?? '-')}`,
  );
  return ` (${parts.join(', ').slice(0, 400)})`;
}
