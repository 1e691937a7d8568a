import { describe, expect, it } from 'vitest';
import type { EntryView } from './ledger.ts';
import { slaCreditOf, slaParts } from './sla-credit.ts';

const entry: EntryView = {
  event: 'sla#rq_1',
  kind: 'sla_credit',
  occurredAt: '2026-01-05T00:00:00.000Z',
  period: '2026-01',
  currency: 'EUR',
  legs: [
    { account: '2100', of: 'pr_b', micros: 80 },
    { account: '4190', of: null, micros: 20 },
    { account: '1100', of: 'co_a', micros: -100 },
  ],
  facts: {
    request: 'rq_1',
    queue: 'cards',
    round: 3,
    reason: 'resolved two hours late',
    deadline: '2026-01-04T00:00:00.000Z',
    resolvedAt: '2026-01-04T02:00:00.000Z',
    creditNote: 'cn_1',
  },
};
const shown = {
  event: 'sla#rq_1',
  request: 'rq_1',
  queue: 'cards',
  round: 3,
  currency: 'EUR',
  reason: 'resolved two hours late',
  deadline: '2026-01-04T00:00:00.000Z',
  resolvedAt: '2026-01-04T02:00:00.000Z',
  occurredAt: '2026-01-05T00:00:00.000Z',
  period: '2026-01',
};

describe('an SLA credit', () => {
  it('is borne by the provider at fault and the market', () => {
    expect(slaParts(entry.legs)).toEqual({ providerMicros: 80, marketMicros: 20 });
    expect(slaParts([])).toEqual({ providerMicros: 0, marketMicros: 0 });
  });

  it('is to the company all that is credited, to the provider what it bears; only the company sees its credit note', () => {
    expect(slaCreditOf(entry, 'company')).toEqual({ ...shown, micros: 100, creditNote: 'cn_1' });
    expect(slaCreditOf(entry, 'provider')).toEqual({ ...shown, micros: 80, creditNote: null });
  });

  it('says what it can where little is known', () => {
    expect(slaCreditOf({ ...entry, facts: { deadline: null } }, 'company')).toEqual({
      ...shown,
      micros: 100,
      request: '',
      queue: '',
      round: 0,
      reason: 'resolved after its deadline',
      deadline: null,
      resolvedAt: null,
      creditNote: null,
    });
  });

  it('is told by its event', () => {
    expect(slaCreditOf({ ...entry, event: 'charge#rq_1' }, 'company')).toBeUndefined();
    expect(slaCreditOf({ ...entry, event: 'reversal#sla#rq_1' }, 'company')).toBeUndefined();
  });
});
