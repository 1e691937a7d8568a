/** Balances are added up as far as one call may; what was added is kept, so that the next call goes on. */
import type { Result } from '../kernel/result.ts';
import type { Behind } from '../ledger/trial-balance.store.ts';

const MOST_CALLS = 200;

export async function insisted<T>(read: () => Promise<Result<T, Behind>>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const found = await read();
    if (found.ok) return found.value;
    if (attempt === MOST_CALLS) throw new Error(found.detail);
  }
}
