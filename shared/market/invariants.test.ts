/** Every breach of what must hold of a clearing is found before anyone sees a price: one figure changed, one word for it. */
import { expect, test } from 'vitest';
import { asMicros } from '../kernel/money.ts';
import { type Clearing, clear, orderInput } from './clearing.ts';
import type { ClearingInput } from './input.ts';
import { assertClearing } from './invariants.ts';
import { createMarketSolver } from './market-solver.ts';
import { openMarket } from './reach.ts';

type Company = ClearingInput['companies'][number];
const company = (id: string, volume: number, reserveMicros: number, chargesLastRound: number): Company => ({
  id,
  volume,
  reserveMicros,
  failureCostMicros: 0,
  eligibleProviders: ['cheap', 'dear'],
  chargesLastRound,
});

/** Twelve places at 4: ten for the regular, two for the newcomer; the waiting one is credited, the stranger has no share. */
const INPUT: ClearingInput = {
  seed: 'seed',
  queue: 'queue-1',
  round: '1',
  terms: { feeBps: 0, ceilingMicros: 50, failureCostMicros: 0, shareLimitBps: 10_000 },
  companies: [
    company('regular', 10, 20, 8),
    company('newcomer', 2, 20, 0),
    company('waiting', 5, 6, 4),
    company('stranger', 5, 5, 0),
  ],
  providers: [
    { id: 'cheap', capacity: 12, tiers: [{ minVolume: 0, priceMicros: 4 }], qualityBps: 10_000 },
    { id: 'dear', capacity: 9, tiers: [{ minVolume: 2, priceMicros: 40 }], qualityBps: 10_000 },
  ],
};

type Loose<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? Loose<E>[] : T[K] };
type Open = Loose<Clearing>;
const of = (clearing: Open, id: string) => clearing.companies.find((each) => each.id === id)!;
const at = (clearing: Open, id: string) => clearing.providers.find((each) => each.id === id)!;
const micros = (n: number) => asMicros(n);

async function check(change: (clearing: Open) => void): Promise<void> {
  const clearing = structuredClone(await clear(INPUT, createMarketSolver())) as Open;
  change(clearing);
  assertClearing(clearing as Clearing, openMarket(await orderInput(INPUT)));
}

test('the clearing itself passes: 12 places at 4, a credit for the one that waits, nothing for the stranger', async () => {
  await check((clearing) => {
    expect(of(clearing, 'regular')).toMatchObject({ awarded: 10 });
    expect(of(clearing, 'newcomer')).toMatchObject({ awarded: 2 });
    expect(of(clearing, 'waiting').releaseCreditMicros).toBeGreaterThan(0);
    expect(of(clearing, 'stranger')).toMatchObject({ awarded: 0, capacityShareBase: 0, totalMicros: 0 });
  });
});

test.each<[string, (clearing: Open) => void, string]>([
  [
    'too little is paid',
    (c) => (c.providerCostMicros = micros(c.providerCostMicros + 1)),
    'payments do not equal what providers are owed',
  ],
  [
    'more is gained than there is',
    (c) => (c.valueMicros = micros(c.valueMicros - 1)),
    'gains do not add up to the gain of the pool',
  ],
  [
    'floors above the gain',
    (c) => (of(c, 'waiting').floorMicros = micros(c.valueMicros + 1)),
    'floors exceed the gain of the pool',
  ],
  [
    'a closed pair',
    (c) => (of(c, 'newcomer').byProvider[0]!.provider = 'dear'),
    'newcomer is served by dear, which is closed to it',
  ],
  [
    'an empty award',
    (c) => of(c, 'waiting').byProvider.push({ provider: 'cheap', volume: 0 }),
    'waiting is served by cheap, which is closed to it',
  ],
  ['more awarded than served', (c) => (of(c, 'newcomer').awarded = 3), 'newcomer: award and providers differ'],
  [
    'less served than awarded',
    (c) => (of(c, 'newcomer').byProvider[0]!.volume = 1),
    'newcomer: award and providers differ',
  ],
  [
    'more awarded than committed',
    (c) => (of(c, 'newcomer').committed = 1),
    'newcomer is awarded more than it committed',
  ],
  [
    'a provider awarded more than its companies',
    (c) => (at(c, 'cheap').awarded = 13),
    'cheap: award and companies differ',
  ],
  [
    'a provider awarded more than its capacity',
    (c) => (at(c, 'cheap').capacityLeft = -1),
    'cheap is awarded more than its capacity',
  ],
  [
    'a provider awarded less than its minimum',
    (c) => (at(c, 'cheap').tier = -1),
    'cheap is awarded less than its minimum',
  ],
  [
    'a company below its floor',
    (c) => (of(c, 'waiting').floorMicros = micros(of(c, 'waiting').surplusMicros + 1)),
    'waiting gains less than its floor',
  ],
  [
    'a price that does not come to the total',
    (c) => (of(c, 'newcomer').unitPriceMicros = micros(of(c, 'newcomer').unitPriceMicros + 1)),
    'newcomer: price, dearer requests and credit do not come to its total',
  ],
  [
    'a credit that does not come to the total',
    (c) => (of(c, 'waiting').releaseCreditMicros = micros(0)),
    'waiting: price, dearer requests and credit do not come to its total',
  ],
  [
    'as many dearer requests as awarded ones',
    (c) => {
      const [one, other] = [of(c, 'newcomer'), of(c, 'regular')];
      const more = 2 * 10 + 2 - one.totalMicros;
      one.totalMicros = micros(2 * 10 + 2);
      one.unitPriceMicros = micros(10);
      one.dearerRequests = 2;
      other.totalMicros = micros(other.totalMicros - more);
    },
    'newcomer: more dearer requests than awarded',
  ],
  [
    'a price above the reserve price',
    (c) => {
      const [one, other] = [of(c, 'newcomer'), of(c, 'regular')];
      const more = 2 * 21 - one.totalMicros;
      one.totalMicros = micros(2 * 21);
      one.unitPriceMicros = micros(21);
      one.dearerRequests = 0;
      other.totalMicros = micros(other.totalMicros - more);
    },
    'newcomer pays above its reserve price',
  ],
  [
    'a last dearer request above the reserve price',
    (c) => {
      const [one, other] = [of(c, 'newcomer'), of(c, 'regular')];
      const more = 2 * 20 + 1 - one.totalMicros;
      one.totalMicros = micros(2 * 20 + 1);
      one.unitPriceMicros = micros(20);
      one.dearerRequests = 1;
      other.totalMicros = micros(other.totalMicros - more);
    },
    'newcomer pays above its reserve price',
  ],
  [
    'a gain without a share',
    (c) => {
      of(c, 'stranger').surplusMicros = micros(1);
      of(c, 'regular').surplusMicros = micros(of(c, 'regular').surplusMicros - 1);
    },
    'stranger has no share of capacity and gains or pays',
  ],
  [
    'a payment to someone without a record',
    (c) => {
      const [one, other] = [of(c, 'newcomer'), of(c, 'regular')];
      other.totalMicros = micros(other.totalMicros + one.totalMicros + 1);
      other.unitPriceMicros = micros(Math.floor(other.totalMicros / 10));
      other.dearerRequests = other.totalMicros % 10;
      one.totalMicros = micros(-1);
      one.unitPriceMicros = micros(0);
      one.dearerRequests = 0;
      one.releaseCreditMicros = micros(1);
    },
    'newcomer has no record and gains more than its award is worth',
  ],
  [
    'a price above the standalone price',
    (c) => (of(c, 'regular').standalonePriceMicros = micros(of(c, 'regular').unitPriceMicros - 1)),
    'regular pays above its standalone price',
  ],
])('found: %s', async (_, change, message) => {
  await expect(check(change)).rejects.toThrow(`bug: ${message}`);
});

test('allowed: a price exactly at the reserve price, the commitment, the floor and the standalone price', async () => {
  await check((c) => {
    const one = of(c, 'regular');
    one.floorMicros = one.surplusMicros;
    one.standalonePriceMicros = one.unitPriceMicros;
    one.committed = one.awarded;
    at(c, 'cheap').capacityLeft = 0;
  });
});
