/** Talks to the worker that reads files of tickets. */
import type { Counts, Only } from './count.ts';
import type { Mapping } from './mapping.ts';
import type { Answer, Look, Task } from './tickets.worker.ts';

export type { Look } from './tickets.worker.ts';
export type Progress = { bytes: number; rows: number };

/** Why a file could not be read; `code` names a text. */
export class UnreadableFile extends Error {
  readonly code: 'empty' | 'unreadable';

  constructor(code: 'empty' | 'unreadable', detail: string) {
    super(detail);
    this.code = code;
  }
}

/** Runs one task in a worker of its own, which ends with it. */
function run(task: Task, onProgress: (progress: Progress) => void): Promise<Answer> {
  const worker = new Worker(new URL('./tickets.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<Answer>((done, fail) => {
    worker.onerror = (event) => fail(new UnreadableFile('unreadable', event.message));
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.kind === 'progress') onProgress(data);
      else if (data.kind === 'failed') fail(new UnreadableFile(data.reason, data.detail));
      else done(data);
    };
    worker.postMessage(task);
  }).finally(() => worker.terminate());
}

/** Header and first rows of a file. */
export async function lookAt(file: File): Promise<Look> {
  const answer = await run({ kind: 'look', file }, () => undefined);
  if (answer.kind !== 'looked') throw new UnreadableFile('unreadable', answer.kind);
  return answer.look;
}

/** Counts all rows of a file. */
export async function countTickets(
  given: { file: File; look: Look; mapping: Mapping; only: Only },
  onProgress: (progress: Progress) => void,
): Promise<Counts> {
  const answer = await run({ kind: 'count', ...given, locale: navigator.language }, onProgress);
  if (answer.kind !== 'counted') throw new UnreadableFile('unreadable', answer.kind);
  return answer.counts;
}
