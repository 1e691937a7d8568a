import { describe, expect, it } from 'vitest';
import { endpointOf, Pace, PER_SECOND } from './pace.ts';

describe('calls to Stripe', () => {
  it.each([
    ['/v1/invoices/in_1Abc/add_lines', '/v1/invoices/:id/add_lines'],
    ['/v1/customers/cus_9x/tax_ids/txi_1', '/v1/customers/:id/tax_ids/:id'],
    ['/v1/billing/meter_events?limit=3', '/v1/billing/meter_events'],
    ['/v2/core/accounts/acct_1', '/v2/core/accounts/:id'],
  ])('to %s are counted under %s', (path, endpoint) => {
    expect(endpointOf('POST', path)).toBe(`POST ${endpoint}`);
  });

  it('never pass the limits in any second, in all and on one endpoint', async () => {
    let now = 0;
    const pace = new Pace({ now: () => now }, async (ms) => {
      now += ms;
    });
    const made: { at: number; endpoint: string }[] = [];
    for (let n = 0; n < 1_000; n++) {
      const endpoint = `GET /v1/${'abcdefgh'[n % 8]}`;
      await pace.take(endpoint);
      made.push({ at: now, endpoint });
    }
    for (const { at } of made) {
      const second = made.filter((one) => one.at >= at && one.at < at + 1_000);
      expect(second.length).toBeLessThanOrEqual(1.5 * PER_SECOND.all + 1);
      const most = Math.max(
        ...'abcdefgh'.split('').map((name) => second.filter((one) => one.endpoint.endsWith(name)).length),
      );
      expect(most).toBeLessThanOrEqual(1.5 * PER_SECOND.endpoint + 1);
    }
    // 1,000 calls take 25 seconds but for the burst: no faster, and not much slower.
    expect(now).toBeGreaterThan(24_000);
    expect(now).toBeLessThan(26_000);
  });
});
