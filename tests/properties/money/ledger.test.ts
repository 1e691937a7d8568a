/** The ledger's properties over random business: 1 to 5, 11, 12 and 14 of the plan of money. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addFold, addTo, emptyFold, type Fold, type List } from '../../../shared/ledger/fold.ts';
import type { NewEntry, Posted } from '../../../shared/ledger/ledger.store.ts';
import type { EntryView, Leg } from '../../../shared/ledger/ledger.ts';
import { addUp, imbalance } from '../../support/ledger.ts';
import { Business, COMPANIES, chargesOf, entriesOf, MemoryLedger, PROVIDERS } from './business.ts';
import { always, SEED } from './runs.ts';

const posted = (entries: readonly NewEntry[], ledger = new MemoryLedger()): MemoryLedger => {
  for (const entry of entries) ledger.post(entry);
  return ledger;
};
const stateOf = (ledger: MemoryLedger, period?: string): string =>
  JSON.stringify(
    ['USD', 'EUR'].map((currency) => addUp(ledger.all(period).filter((entry) => entry.currency === currency))),
  );

const LISTS: readonly List[] = [...PROVIDERS, 'market'].map((owner) => ({ side: 'provider', owner }));
const ownerOf = (entry: { provider: string | null }): string => entry.provider ?? 'market';
/** Folds as they are kept: each list in two parts that were added up apart. */
function foldOf(ledger: MemoryLedger, cut: number): Fold {
  const all = emptyFold();
  for (const list of LISTS) {
    const own = ledger.all().filter((entry) => ownerOf(entry) === list.owner);
    for (const part of [own.slice(0, cut), own.slice(cut)]) {
      const fold = emptyFold();
      for (const entry of part) addTo(fold, list, entry);
      addFold(all, fold);
    }
  }
  return all;
}
const inCurrency = <T extends { currency: string }>(all: readonly T[], currency: string): T[] =>
  all.filter((one) => one.currency === currency);

describe(`random business (seed ${SEED})`, () => {
  it('1: posts only entries that balance, each in one currency', () => {
    always(Business, (business) => {
      for (const entry of entriesOf(business)) {
        expect(imbalance([entry])).toBe(0n);
        expect(entry.legs.every(({ micros }) => Number.isSafeInteger(micros) && micros !== 0)).toBe(true);
      }
    });
  });

  it('2: has balances that are what the entries add up to, wherever a fold was cut', () => {
    always(fc.tuple(Business, fc.nat({ max: 30 })), ([business, cut]) => {
      const ledger = posted(entriesOf(business));
      const fold = foldOf(ledger, cut);
      expect(fold.entries).toBe(ledger.entries.size);
      for (const currency of ['USD', 'EUR']) {
        const rows = inCurrency([...fold.rows.values()], currency);
        const added = addUp(inCurrency(ledger.all(), currency));
        for (const account of new Set(added.map((row) => row.account))) {
          const sum = (all: readonly { account: string; debitMicros: number; creditMicros: number }[]) =>
            all
              .filter((row) => row.account === account)
              .reduce((t, row) => [t[0]! + row.debitMicros, t[1]! + row.creditMicros], [0, 0]);
          expect(sum(rows)).toEqual(sum(added));
        }
        const kept = rows.filter(({ account }) => account === '2400' || account === '2410' || account === '2100');
        for (const { account, of, debitMicros, creditMicros } of kept.filter((row) => row.of !== null))
          expect(added).toContainEqual({ account, of, debitMicros, creditMicros });
      }
    });
  });

  it('2: shows each company its own accounts, and nobody else’s', () => {
    always(Business, (business) => {
      const ledger = posted(entriesOf(business));
      for (const company of COMPANIES) {
        const fold = emptyFold();
        for (const entry of ledger.all())
          if (entry.company === company) addTo(fold, { side: 'company', owner: company }, entry);
        for (const currency of ['USD', 'EUR']) {
          const added = addUp(inCurrency(ledger.all(), currency)).filter(({ of }) => of === company);
          const rows = inCurrency([...fold.rows.values()], currency).map(({ currency: _currency, ...row }) => row);
          expect(rows.toSorted((a, b) => (a.account < b.account ? -1 : 1))).toEqual(added);
        }
      }
    });
  });

  it('3: posts an event once: the same again changes nothing, other content is refused', () => {
    always(fc.tuple(Business, fc.nat()), ([business, seed]) => {
      const entries = entriesOf(business);
      const ledger = posted(entries);
      const before = stateOf(ledger);
      const answers = new Set(entries.map((entry) => ledger.post(entry)));
      expect([...answers]).toEqual(entries.length === 0 ? [] : (['repeated'] satisfies Posted[]));
      for (const entry of entries) {
        const other = changed(entry, seed);
        if (other !== null) expect(ledger.post(other)).toBe('refused');
      }
      expect(stateOf(ledger)).toBe(before);
    });
  });

  it('4: leaves nothing in a round’s pool after its close, whatever was reversed since', () => {
    always(Business, (business) => {
      const pools = addUp(entriesOf(business)).filter(({ account }) => account === '2400');
      for (const pool of pools) expect(pool.debitMicros - pool.creditMicros).toBe(0);
    });
  });

  it('5: rates every charge once: P = b + f + x, each by its own rule', () => {
    always(Business, (business) => {
      const charges = chargesOf(business);
      expect(new Set(charges.map(({ entry }) => entry.event)).size).toBe(charges.length);
      for (const { rated, facts, entry } of charges) {
        const share = (micros: number): bigint =>
          facts.outcome === 'assumed' ? (BigInt(micros) * BigInt(facts.assumedRateBps)) / 10_000n : BigInt(micros);
        const fee = (micros: bigint): bigint => (micros * BigInt(facts.feeBps)) / 10_000n;
        const bid = share(facts.bidMicros);
        const offered = facts.offeredBidMicros === null ? null : share(facts.offeredBidMicros);
        const price =
          facts.route === 'overflow' && offered !== null ? offered + fee(offered) : share(facts.priceMicros);
        expect([rated.bidMicros, rated.feeMicros, rated.priceMicros].map(BigInt)).toEqual([bid, fee(bid), price]);
        expect(BigInt(rated.priceMicros)).toBe(
          BigInt(rated.bidMicros) + BigInt(rated.feeMicros) + BigInt(rated.poolMicros),
        );
        const on = (...accounts: string[]) => sumOn(entry.legs, accounts);
        expect([on('1100'), on('2100', '2105'), on('4100'), on('2400', '2410')]).toEqual(
          [rated.priceMicros, -rated.bidMicros, -rated.feeMicros, -rated.poolMicros].map((micros) => micros + 0),
        );
      }
    });
  });

  it('11: reverses exactly, once: an entry and its reversal leave every account as it was', () => {
    always(Business, (business) => {
      const entries = entriesOf(business);
      const ledger = posted(entries);
      for (const reversal of entries.filter(({ kind }) => kind === 'adjustment')) {
        const original = entries.find(({ event }) => `reversal#${event}` === reversal.event) as NewEntry;
        for (const row of addUp([pooled(original), pooled(reversal)])) expect(row.debitMicros).toBe(row.creditMicros);
        expect(ledger.post({ ...reversal, occurredAt: reversal.occurredAt + 1 })).toBe('refused');
      }
    });
  });

  it('12: never changes a closed period, and brings what is late into the open one', () => {
    always(fc.tuple(Business, fc.nat({ max: 60 })), ([business, late]) => {
      const entries = entriesOf(business);
      const ledger = posted(entries.slice(late));
      ledger.close('2026-01');
      const before = stateOf(ledger, '2026-01');
      for (const entry of entries.slice(0, late)) {
        expect(ledger.post(entry)).toBe('posted');
        expect(ledger.entries.get(entry.event)?.period).not.toBe('2026-01');
      }
      expect(stateOf(ledger, '2026-01')).toBe(before);
      expect(stateOf(ledger)).toBe(stateOf(posted(entries)));
    });
  });

  it('14: comes to the same in any order and with repetitions', () => {
    always(
      Business.chain((business) => {
        const entries = entriesOf(business);
        return fc.tuple(
          fc.constant(entries),
          fc.shuffledSubarray([...entries, ...entries], { minLength: entries.length * 2 }),
        );
      }),
      ([entries, shuffled]) => {
        expect(stateOf(posted(shuffled))).toBe(stateOf(posted(entries)));
      },
    );
  });
});

const sumOn = (legs: readonly Leg[], accounts: readonly string[]): number =>
  legs.filter(({ account }) => accounts.includes(account)).reduce((sum, { micros }) => sum + micros, 0);

/** A pool and what is carried of its queue as one account: which of them it is, a round's close decides. */
const pooled = (entry: Pick<EntryView, 'legs'>) => ({
  legs: entry.legs.map(
    (leg): Leg =>
      leg.account === '2400' || leg.account === '2410'
        ? { ...leg, account: '2410', of: leg.of?.split('#')[0] ?? null }
        : leg,
  ),
});

/** The same event with other content: an amount, its time, its kind or an owner. */
function changed(entry: NewEntry, seed: number): NewEntry | null {
  const [first, ...rest] = entry.legs;
  switch (seed % 4) {
    case 0:
      return { ...entry, occurredAt: entry.occurredAt + 1 };
    case 1:
      return { ...entry, kind: entry.kind === 'shortfall' ? 'true_up' : 'shortfall' };
    case 2:
      return first === undefined ? null : { ...entry, legs: [{ ...first, micros: first.micros + 1 }, ...rest] };
    default:
      return { ...entry, currency: entry.currency === 'USD' ? 'GBP' : 'USD' };
  }
}
