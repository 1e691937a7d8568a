/**
 * After `kill -9` of its parent the engine lives on, and two would open one file. The next owner of the folder finds it
 * by the recorded pid or, where the kill came before the record, among all processes; it is stopped only if its command
 * line names this very file, so a pid that was given to somebody else since is left alone.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const RECORD = 'engine.pid';
const TERM_WAIT_MS = 5_000;
const KILL_WAIT_MS = 2_000;

/** Notes the engine's pid in the folder. */
export function recordEngine(folder: string, pid: number): void {
  writeFileSync(join(folder, RECORD), `${pid}\n`);
}

/** Stops what still runs over `database`; throws where it cannot be stopped. Answers the pids it stopped. */
export async function stopLeftOverEngine(folder: string, database: string): Promise<number[]> {
  const found = [...new Set([...recordedPid(folder), ...allPids()])].filter((pid) => runsOver(pid, database));
  for (const pid of found) {
    signal(pid, 'SIGTERM');
    if (await isGone(pid, database, TERM_WAIT_MS)) continue;
    signal(pid, 'SIGKILL');
    if (!(await isGone(pid, database, KILL_WAIT_MS)))
      throw new Error(`a left-over engine, process ${pid}, still has ${database} open and cannot be stopped`);
  }
  return found;
}

function recordedPid(folder: string): number[] {
  try {
    const pid = Number(readFileSync(join(folder, RECORD), 'utf8'));
    return Number.isSafeInteger(pid) && pid > 1 ? [pid] : [];
  } catch {
    return [];
  }
}

/** All processes of this machine; none where there is no /proc, and there the bundled engine does not run either. */
function allPids(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Whether a process is an engine that was started over exactly this file. */
function runsOver(pid: number, database: string): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const at = words.indexOf('--db-path');
    return /(^|\/)dynoxide$/.test(words[0] ?? '') && words[1] === 'serve' && at > 0 && words[at + 1] === database;
  } catch {
    return false;
  }
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function isGone(pid: number, database: string, waitMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < waitMs; waitedMs += 20) {
    if (!runsOver(pid, database)) return true;
    await new Promise((done) => setTimeout(done, 20));
  }
  return !runsOver(pid, database);
}
