/**
 * The figures of the design's own trials of the price rule, beside which this bench's are printed: gain in % of cost with
 * full knowledge, median / p90 / max, by another implementation on other seeds.
 */
export const PUBLISHED: Readonly<Record<string, string>> = {
  'wide 10 × 15|shade the reserve': '0 / 0 / 7.6',
  'near 10 × 15|shade the reserve': '0 / 0 / 7.9',
  'wide 10 × 15|misstate failure cost': '0 / 0 / 7.9',
  'near 10 × 15|misstate failure cost': '0 / 0 / 7.1',
  'wide 10 × 15|split in two': 'nothing',
  'near 10 × 15|split in two': 'nothing',
  'wide 6 × 3|split in two': 'median 0, p95 1.9 of turnover',
  'near 6 × 3|split in two': 'median 0, p95 1.9 of turnover',
  'wide 6 × 3|shade the reserve': 'to 90 %: 2.4 % of markets gain',
  'near 6 × 3|shade the reserve': 'to 90 %: 2.4 % of markets gain',
};

/** What the rule is known not to rule out; said with the table, not in small print. */
export const KNOWN_WAYS = [
  'An unserved company can raise its release credit by a higher reserve, at the risk of being served at it.',
  'One that has shrunk gains by stating its old volume (published: 3 % of small markets, half the price of what is missing paid).',
  'Stating up to 25 % more than one needs costs nothing where 80 % of an award is the least to pay for, and may carry the pool over a threshold.',
  'Shading a reserve to 90 % gains in some small markets and costs in more.',
  'Providers are paid what they bid: who knows every other bid raises its own until the next one is as good.',
];
