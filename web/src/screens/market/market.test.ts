import { describe, expect, it } from 'vitest';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { fitsClass } from './service-class.ts';
import { tipOfFeedback, tipOfRound } from './tip.ts';
import { nextClose, totalsOf } from './totals.ts';

const AS_OF = '2026-10-30T18:00:00.000Z';

describe('what is missing to the next price', () => {
  it('is the demand between what is pooled and where it gets cheaper', () => {
    const round = {
      tip: { committed: 1_200, averagePriceMicros: 5, pooledVolume: 1_500, lowerPriceMicros: 4, asOf: AS_OF },
    };
    expect(tipOfRound(round)).toEqual({
      committed: 1_200,
      volume: 1_500,
      missing: 300,
      priceMicros: 4,
      nowMicros: 5,
      shareBps: 8_000,
      asOf: AS_OF,
    });
    const feedback = {
      tip: { pooledVolume: 1_500, averagePriceMicros: 4 },
      pooled: { members: 3, committed: 1_200, asOf: AS_OF },
    };
    expect(tipOfFeedback(feedback)).toEqual({ ...tipOfRound(round), nowMicros: null });
  });

  it('is nothing where no larger demand is cheaper', () => {
    expect([tipOfRound(null), tipOfRound({ tip: null }), tipOfFeedback({ tip: null, pooled: null })]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

const queue = (currency: string, figures: object | null, closesAt: string | null = null) =>
  ({
    currency,
    current: figures === null ? null : { figures },
    open: closesAt === null ? null : { closesAt },
  }) as unknown as PublicQueue;

describe('what the rounds come to', () => {
  it('is added up by currency, without what is not shown', () => {
    const queues = [
      queue('EUR', { awarded: 1, billingsMicros: 9, standaloneMicros: 10 }),
      queue('USD', { awarded: 30, billingsMicros: 60, standaloneMicros: 100 }),
      queue('USD', { awarded: 10, billingsMicros: 30, standaloneMicros: 50 }),
      queue('USD', null),
    ];
    expect(totalsOf(queues)).toEqual([
      { currency: 'USD', queues: 2, requests: 40, paidMicros: 90, aloneMicros: 150, savedMicros: 60, savedBps: 4_000 },
      { currency: 'EUR', queues: 1, requests: 1, paidMicros: 9, aloneMicros: 10, savedMicros: 1, savedBps: 1_000 },
    ]);
  });

  it('names the close that comes next, and none that is past', () => {
    const queues = ['2026-11-30', '2026-11-10', '2026-12-31'].map((day) => queue('USD', null, `${day}T00:00:00.000Z`));
    expect(nextClose(queues, Date.parse('2026-11-15'))).toBe('2026-11-30T00:00:00.000Z');
    expect(nextClose([queue('USD', null)], 0)).toBeNull();
  });
});

it('a queue is found by words in any order and case', () => {
  const serviceClass = {
    category: 'Account access',
    channel: 'Chat',
    language: 'en-US',
    region: 'US',
    slaTier: 'standard',
  } as const;
  expect(fitsClass(serviceClass, 'chat ACCOUNT')).toBe(true);
  expect(fitsClass(serviceClass, '')).toBe(true);
  expect(fitsClass(serviceClass, 'phone')).toBe(false);
});
