/** Sends a file in parts, a few at a time; a part that fails is sent again. */

import { ParleyProblem } from '../../../../shared/client/client.ts';
import { MOST_PART_BYTES, MOST_PARTS } from '../../../../shared/import/import.ts';
import { putBytes } from '../../api/file.ts';

export const MOST_FILE_BYTES = MOST_PART_BYTES * MOST_PARTS;
const AT_ONCE = 3;
const TRIES = 4;
const PAUSE_MS = 500;

export const partsOf = (sizeBytes: number): number => Math.max(1, Math.ceil(sizeBytes / MOST_PART_BYTES));

/** Sends all parts and answers how many there are. `onSent` is told the bytes that are there. Stops at `signal`. */
export async function sendParts(
  id: string,
  file: Blob,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<number> {
  const parts = partsOf(file.size);
  let [next, sent] = [0, 0];
  const worker = async () => {
    while (next < parts) {
      signal.throwIfAborted();
      const part = next++;
      const bytes = file.slice(part * MOST_PART_BYTES, (part + 1) * MOST_PART_BYTES);
      await again(() => putBytes(`/v1/imports/${encodeURIComponent(id)}/parts/${part + 1}`, bytes), signal);
      sent += bytes.size;
      onSent(sent);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, parts) }, worker));
  return parts;
}

/** A part sent again replaces itself, so whatever is no refusal is worth another try. */
async function again(send: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      return await send();
    } catch (error) {
      const isRefused = error instanceof ParleyProblem && error.status < 500 && error.status !== 429;
      if (isRefused || tried === TRIES || signal.aborted) throw error;
      await new Promise((done) => setTimeout(done, PAUSE_MS * 2 ** tried));
    }
  }
}
