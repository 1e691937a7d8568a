import { expect, it } from 'vitest';
import { eventText } from './entry-text.ts';

it.each([
  ['charge#co_7k2m9x4q1z.2nLKjMzo8CH9Fvu6SiSzGA', '2nLKjMzo8CH9Fvu6SiSzGA'],
  ['invoice-final#co_7k2m9x4q1z.USD.2026-10.v0', 'Oct 2026, USD'],
  ['invoice-void#co_7k2m9x4q1z.EUR.2026-10.v2', 'Oct 2026, EUR, v2'],
  ['payout#pr_7k2m9x4q1z.USD.week-2026-11-02', 'USD.week-2026-11-02'],
  ['true-up#billing-web-en-us-usd#3#true_up#co_7k2m9x4q1z', 'billing-web-en-us-usd · 3'],
  ['opening', 'opening'],
])('%s is about %s', (event, text) => {
  expect(eventText(event, 'en-US')).toBe(text);
});
