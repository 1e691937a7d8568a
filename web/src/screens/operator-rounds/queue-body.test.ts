import { expect, it } from 'vitest';
import { QueueInput } from '../../../../shared/queue/queue.ts';
import { INITIAL, queueBody } from './queue-body.ts';

const TYPED = {
  ...INITIAL,
  category: 'parcels',
  channel: 'web',
  ceilingMicros: 13_500_000,
  failureCostMicros: 6_000_000,
  secondPersonAboveMicros: 1_000_000_000,
};

it('opens a queue with what was typed, and the market’s defaults for the rest', () => {
  expect(QueueInput.parse(queueBody(TYPED))).toMatchObject({
    serviceClass: { category: 'parcels', channel: 'web', language: 'en-US', region: 'US', slaTier: 'standard' },
    currency: 'USD',
    terms: { ceilingMicros: 13_500_000, slaHours: 48, feeBps: 500, roundLength: 'month', provisionalHours: [72, 24] },
  });
  expect(QueueInput.parse(queueBody(TYPED)).firstRoundStartsAt).toBeUndefined();
});

it('starts the first round when it is said to, by terms of its own', () => {
  const own = { ...TYPED, firstRoundStartsAt: '2027-03-01T00:00', feeBps: 4.5, roundLength: 'week' } as const;
  const body = QueueInput.parse(queueBody(own));
  expect(body).toMatchObject({ terms: { feeBps: 450, roundLength: 'week' } });
  expect(Date.parse(body.firstRoundStartsAt ?? '')).toBe(new Date(2027, 2, 1).getTime());
});

it('leaves what is missing to the schema', () => {
  expect(QueueInput.safeParse(queueBody({ ...TYPED, ceilingMicros: null })).success).toBe(false);
});
