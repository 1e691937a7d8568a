/** What a provider would be paid now, line by line; and what it is owed in all. */

import type { Call } from '../kernel/call.ts';
import { asMicros, type Currency } from '../kernel/money.ts';
import { monthOf } from '../kernel/time.ts';
import { monthAfter } from '../ledger/period.ts';
import { earningKey, earningsOf, entryKeys, readMovements, unpaidAdjustments, unpaidEarnings } from './book.store.ts';
import { type Adjustment, adjustmentLine, earningLine, type PayLine } from './book.ts';
import { roleOf } from './payable.ts';
import { type Purse, readPurses } from './purse.store.ts';
import type { Released, Releases } from './release.store.ts';

export type Draft = { carriedInMicros: number; linesMicros: number; lines: number };

/** Takes what a draft comes upon: pages of lines, and what is not released with its reason. */
export type DraftReader = {
  onLines?: (lines: readonly PayLine[]) => Promise<void>;
  onWaiting?: (waiting: readonly Released[]) => void;
  onPending?: (adjustments: readonly Adjustment[]) => void;
};

/**
 * Goes through all that has not gone into payouts: months of companies that are released, in order, then what changed
 * earlier earnings. A change to a charge that is not released itself waits with it. The book must be folded up to now, and
 * the purse read after that.
 */
export async function draftPayout(
  call: Call,
  { provider, currency, carryMicros }: Purse,
  releases: Releases,
  reader: DraftReader = {},
): Promise<Draft> {
  const draft: Draft = { carriedInMicros: carryMicros, linesMicros: 0, lines: 0 };
  const take = async (found: readonly Omit<PayLine, 'line'>[]): Promise<void> => {
    const lines = found.map((line, at) => ({ line: draft.lines + at + 1, ...line }));
    draft.lines += lines.length;
    draft.linesMicros = asMicros(lines.reduce((sum, line) => sum + line.micros, draft.linesMicros));
    if (lines.length > 0) await reader.onLines?.(lines);
  };
  // Where nobody asks why the rest waits, only what may be released is read.
  const { onWaiting } = reader;
  const wanted = onWaiting === undefined ? await releases.mayRelease() : undefined;
  for await (const earnings of unpaidEarnings(call, provider, currency, wanted)) {
    const released = await (onWaiting === undefined ? releases.among(earnings) : releases.of(earnings));
    onWaiting?.(released.filter(({ covered }) => covered.through !== 'all'));
    await take(released.flatMap(({ earning, release, covered }) => earningLine(earning, release, covered) ?? []));
  }
  for await (const adjustments of unpaidAdjustments(call, provider, currency)) {
    const pending = await pendingAmong(call, adjustments, releases);
    reader.onPending?.(adjustments.filter((adjustment) => pending.has(adjustment)));
    await take(adjustments.filter((adjustment) => !pending.has(adjustment)).map(adjustmentLine));
  }
  return draft;
}

/** Changes to charges of which none of their month has been, or is now, released. */
async function pendingAmong(
  call: Call,
  adjustments: readonly Adjustment[],
  releases: Releases,
): Promise<Set<Adjustment>> {
  const earnings = await earningsOf(call, adjustments);
  const open = [...earnings.values()].filter(({ settledThrough }) => settledThrough === null);
  const released = new Set(
    (await releases.among(open)).flatMap(({ earning, covered }) => (covered.through === null ? [] : [keyOf(earning)])),
  );
  return new Set(
    adjustments.filter(({ provider, currency, period, company }) => {
      if (period === null || company === null) return false;
      const key = keyOf({ provider, currency, period, company, kind: 'charges' });
      const earning = earnings.get(key);
      return earning === undefined || (earning.settledThrough === null && !released.has(key));
    }),
  );
}

const keyOf = (of: Parameters<typeof earningKey>[0]): string => {
  const { pk, sk } = earningKey(of);
  return `${pk}|${sk}`;
};

/**
 * What a provider is owed in all, payable or not: its account 2100, positive where it is owed to it. `closed` is the newest
 * closed month, through which the book is folded; later ones are read.
 */
export async function owedInAll(
  call: Call,
  provider: string,
  currency: Currency,
  closed: string | null,
  since: string,
): Promise<number> {
  const purses = await readPurses(call, [provider]);
  let sum = purses.find((purse) => purse.currency === currency)?.carryMicros ?? 0;
  for await (const earnings of unpaidEarnings(call, provider, currency))
    for (const { earnedMicros, settledMicros } of earnings) sum += earnedMicros - settledMicros;
  for await (const adjustments of unpaidAdjustments(call, provider, currency))
    for (const { micros } of adjustments) sum += micros;
  let period = closed === null || closed < since ? since : monthAfter(closed);
  for (; period <= monthOf(call.now); period = monthAfter(period))
    for await (const keys of entryKeys(call, provider, period)) {
      const earned = keys.filter(({ pk }) => ['charges', 'shortfall'].includes(roleOf(pk.slice(2))));
      for (const movement of await readMovements(call, provider, earned))
        if (movement.currency === currency) sum += movement.micros;
    }
  return asMicros(sum);
}
