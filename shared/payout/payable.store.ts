/** What providers are owed: what is payable now, what waits and why, and how long it has been open. */
import type { Call } from '../kernel/call.ts';
import { asMicros, type Currency } from '../kernel/money.ts';
import { iso } from '../kernel/time.ts';
import { readOrganisation } from '../organisation/organisation.store.ts';
import { closedThrough, foldBook, unpaidAdjustments, unpaidEarnings } from './book.store.ts';
import type { Adjustment } from './book.ts';
import { draftPayout } from './draft.store.ts';
import { MOST_WAITING, type Payable } from './owed.ts';
import { latestAt } from './payable.ts';
import { readPurses } from './purse.store.ts';
import { type Released, Releases } from './release.store.ts';

/** What a provider is owed of closed months, in each currency that it is owed anything in. */
export async function readPayable(call: Call, provider: string): Promise<Payable[]> {
  const organisation = await readOrganisation(call.tables, provider);
  if (organisation === undefined) return [];
  await foldBook(call, provider, organisation.createdAt.slice(0, 7), await closedThrough(call));
  const releases = new Releases(call);
  const all: Payable[] = [];
  for (const purse of await readPurses(call, [provider])) {
    const seen = { micros: 0, waiting: [] as Payable['waiting'], changes: 0 };
    const draft = await draftPayout(call, purse, releases, {
      onWaiting: (page) => {
        for (const one of page) {
          const waiting = waitingOf(one);
          seen.micros = asMicros(seen.micros + waiting.micros);
          if (seen.waiting.length < MOST_WAITING) seen.waiting.push(waiting);
        }
      },
      onPending: (page: readonly Adjustment[]) => {
        for (const { micros } of page) seen.changes = asMicros(seen.changes + micros);
      },
    });
    const payableMicros = asMicros(draft.carriedInMicros + draft.linesMicros);
    if (payableMicros === 0 && seen.waiting.length === 0 && seen.changes === 0) continue;
    all.push({
      currency: purse.currency,
      payableMicros,
      carriedInMicros: draft.carriedInMicros,
      waitingMicros: seen.micros,
      waiting: seen.waiting,
      changesMicros: seen.changes,
    });
  }
  return all;
}

function waitingOf({ earning, release, covered }: Released): Payable['waiting'][number] {
  const { period, company, kind, earnedMicros } = earning;
  const gone = covered.through === null ? earning.settledMicros : Math.max(covered.micros, earning.settledMicros);
  const expectedAt = release.releases === 'none' ? release.expectedAt : latestAt(period);
  return {
    period,
    company,
    kind,
    micros: asMicros(earnedMicros - gone),
    because: release.releases === 'none' ? release.because : 'part_collected',
    expectedAt: expectedAt === null ? null : iso(expectedAt),
  };
}

/** What a provider is owed and was not paid, with the instant (ms) at which it is due at the latest: for aged payables. */
export async function* openPayables(
  call: Call,
  provider: string,
): AsyncGenerator<{ party: string; currency: Currency; micros: number; dueAt: number }> {
  for (const { currency } of await readPurses(call, [provider])) {
    for await (const earnings of unpaidEarnings(call, provider, currency))
      for (const { period, earnedMicros, settledMicros } of earnings)
        yield { party: provider, currency, micros: asMicros(earnedMicros - settledMicros), dueAt: latestAt(period) };
    for await (const adjustments of unpaidAdjustments(call, provider, currency))
      for (const { micros, occurredAt, period } of adjustments)
        yield { party: provider, currency, micros, dueAt: period === null ? occurredAt : latestAt(period) };
  }
}
