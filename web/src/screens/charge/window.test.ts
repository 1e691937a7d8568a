import { describe, expect, it } from 'vitest';
import { disputableUntil, invoiceOf } from './window.ts';

const invoice = (change: object) => ({
  id: 'co_aaaa.USD.2026-02.v0',
  currency: 'USD' as const,
  since: '2026-01',
  period: '2026-02',
  state: 'open' as const,
  finalizedAt: '2026-03-02T00:00:00.000Z',
  ...change,
});

describe('the invoice of a charge', () => {
  const charge = { settledAt: '2026-01-31T23:59:59.000Z', currency: 'USD' };

  it('is the one whose months have its UTC month, also where that was carried over', () => {
    expect(invoiceOf(charge, [invoice({})])?.id).toBe('co_aaaa.USD.2026-02.v0');
    expect(invoiceOf({ ...charge, settledAt: '2026-02-01T00:00:00.000Z' }, [invoice({})])).toBeDefined();
    expect(invoiceOf({ ...charge, settledAt: '2026-03-01T00:00:00.000Z' }, [invoice({})])).toBeUndefined();
  });

  it('is none of another currency, and none that was voided or taken back', () => {
    expect(invoiceOf({ ...charge, currency: 'EUR' }, [invoice({})])).toBeUndefined();
    expect(invoiceOf(charge, [invoice({ state: 'void' }), invoice({ state: 'dropped' })])).toBeUndefined();
    expect(invoiceOf(charge, [invoice({ state: 'void' }), invoice({ id: 'v1' })])?.id).toBe('v1');
  });
});

describe('the time to dispute', () => {
  it('counts from when the invoice was final, and is open before', () => {
    expect(disputableUntil(invoice({}), 30)).toBe(Date.parse('2026-04-01T00:00:00.000Z'));
    expect(disputableUntil(invoice({ finalizedAt: null }), 30)).toBeNull();
    expect(disputableUntil(undefined, 30)).toBeNull();
  });
});
