/** Bids or commitments, as far as rolling over into the next round is concerned. */
import type * as z from 'zod';
import type { Item } from '../kernel/table.ts';
import type { Organisation } from '../organisation/organisation.ts';

export type Standing<T extends { rollOver: boolean }> = {
  /** Where those of a round lie, each under its owner's id. */
  partition: (queue: string, round: number) => string;
  schema: z.ZodType<T>;
  ownerOf: (item: T) => string;
  /** The same once more, in the round after and sealed anew, as an item to put. Times in milliseconds of business time. */
  roll: (item: T, round: { round: number; startsAt: number }, now: number, owner: Organisation) => Promise<Item>;
};
