import { describe, expect, it } from 'vitest';
import { MINUTE } from '../kernel/time.ts';
import { leaseKeyOf, requestOfLease } from './lease.store.ts';
import {
  afterEvent,
  type LeaseEvent,
  LeaseId,
  type LeaseState,
  lacksProgress,
  leaseIdOf,
  turnRefusal,
} from './lease.ts';

const LEASE = {
  pk: 'D#72-168#2026-01-31#0',
  sk: '001769817600000#co_aaaa000001.AAAAAAAAAAAAAAAAAAAAAA#BBBBBBBBBBBBBBBBBBBBBB',
};

describe('a lease', () => {
  it('allows an ended turn nothing more: every transition stands in the one table', () => {
    const allowed: [LeaseState, LeaseEvent, LeaseState][] = [
      ['held', 'resolve', 'resolved'],
      ['held', 'decline', 'declined'],
      ['held', 'escalate', 'escalated'],
      ['held', 'lose', 'lost'],
      ['held', 'cancel', 'cancelled'],
      ['resolved', 'confirm', 'confirmed'],
      ['resolved', 'reopen', 'reopened'],
      ['confirmed', 'reopen', 'reopened'],
    ];
    const states: LeaseState[] = [
      'held',
      'resolved',
      'confirmed',
      'reopened',
      'lost',
      'declined',
      'escalated',
      'cancelled',
    ];
    const events: LeaseEvent[] = ['resolve', 'decline', 'escalate', 'lose', 'cancel', 'confirm', 'reopen'];
    for (const state of states)
      for (const event of events)
        expect(afterEvent(state, event)).toBe(
          allowed.find(([from, by]) => from === state && by === event)?.[2] ?? null,
        );
  });

  it('is found by its id, and its id by its key', () => {
    const id = leaseIdOf(LEASE);
    expect(LeaseId.parse(id)).toBe(
      '72-168.1769817600000.0.co_aaaa000001.AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBB',
    );
    expect(leaseKeyOf(id)).toEqual(LEASE);
    expect(requestOfLease(id)).toBe('co_aaaa000001.AAAAAAAAAAAAAAAAAAAAAA');
  });

  it('takes a beat up to a minute late, so that clocks may stand half a minute apart', () => {
    expect(turnRefusal({ state: 'held', leaseUntil: 1_000_000 }, 1_000_000 + MINUTE - 1)).toBeNull();
    expect(turnRefusal({ state: 'held', leaseUntil: 1_000_000 }, 1_000_000 + MINUTE)).toBe('lease_expired');
    expect(turnRefusal({ state: 'lost', leaseUntil: 1_000_000 }, 0)).toBe('lease_ended');
  });

  it('ends for want of progress after two lease lengths, not before', () => {
    expect(lacksProgress({ progressAt: 0, leaseMs: 300_000 }, 600_000)).toBe(false);
    expect(lacksProgress({ progressAt: 0, leaseMs: 300_000 }, 600_001)).toBe(true);
  });
});
