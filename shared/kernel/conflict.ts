/** Writes that meet while one of them is under way: one is let pass before the other is tried again. */

/** So often at the most; many bids in the last minute meet at one round's item. */
const MOST_TRIES = 5;
const FIRST_PAUSE_MS = 20;

/** Whether a write that met another one for the `attempt`-th time may be tried again; answers after a pause that doubles. */
export async function letPass(attempt: number): Promise<boolean> {
  if (attempt >= MOST_TRIES) return false;
  await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (attempt - 1)));
  return true;
}

/** Sends the write of one item, again while a transaction holds it: what was refused for that has changed nothing. */
export async function untilFree<T>(send: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      const isHeld = error instanceof Error && error.name === 'TransactionConflictException';
      if (!isHeld || !(await letPass(attempt))) throw error;
    }
  }
}
