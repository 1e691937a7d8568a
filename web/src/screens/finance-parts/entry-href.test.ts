import { describe, expect, it } from 'vitest';
import { hrefOfEntry } from './entry-href.ts';

describe('an entry opens to', () => {
  const charge = { event: 'charge#co_abcd.r', facts: { request: 'co_abcd.r', lease: 'l1' } };

  it('the charge of the company and the turn of the provider', () => {
    expect(hrefOfEntry(charge, 'company')).toBe('/charges/co_abcd.r');
    expect(hrefOfEntry(charge, 'provider')).toBe('/earned/l1');
    expect(hrefOfEntry(charge, 'market')).toBeNull();
  });

  it('the invoice, the dispute or the payout that it is about', () => {
    expect(hrefOfEntry({ event: 'invoice-final#co_abcd.USD.2026-01.v0', facts: {} }, 'company')).toBe(
      '/invoices/co_abcd.USD.2026-01.v0',
    );
    expect(hrefOfEntry({ event: 'dispute-opened#co_abcd.r.d1', facts: { request: 'co_abcd.r' } }, 'provider')).toBe(
      '/disputes/co_abcd.r.d1',
    );
    expect(hrefOfEntry({ event: 'payout#pr_abcd.USD.run', facts: {} }, 'provider')).toBe('/payouts/pr_abcd.USD.run');
  });

  it('nothing where it tells nothing more', () => {
    expect(hrefOfEntry({ event: 'true-up#q#1', facts: {} }, 'company')).toBeNull();
  });
});
