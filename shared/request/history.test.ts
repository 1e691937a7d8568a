import { expect, it } from 'vitest';
import type { Lease } from '../dispatch/lease.ts';
import { stepsOf } from './request.ts';

it('tells head and turns as one history in order of time, a claim once', () => {
  const at = (minute: number) => Date.UTC(2026, 1, 2, 9, minute);
  const head = {
    history: [
      ['ready', at(0), 'pr_pool000001'],
      ['leased', at(1), 'pr_pool000001'],
      ['reopened', at(9), 'customer'],
    ] as [string, number, string][],
  };
  const lease = {
    history: [
      ['held', at(1), 'pr_pool000001'],
      ['resolved', at(5), 'pr_pool000001'],
    ] as [string, number, string][],
  } as Lease;
  expect(stepsOf(head, [{ id: 'turn', lease }])).toEqual([
    { what: 'ready', at: '2026-02-02T09:00:00.000Z', by: 'pr_pool000001', lease: null },
    { what: 'leased', at: '2026-02-02T09:01:00.000Z', by: 'pr_pool000001', lease: null },
    { what: 'resolved', at: '2026-02-02T09:05:00.000Z', by: 'pr_pool000001', lease: 'turn' },
    { what: 'reopened', at: '2026-02-02T09:09:00.000Z', by: 'customer', lease: null },
  ]);
});
