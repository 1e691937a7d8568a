/** A year of made-up tickets, for who has no export at hand. They are the same each time. */

const KINDS: readonly [category: string, channel: string, aDay: number][] = [
  ['Billing', 'Web form', 9],
  ['Billing', 'Phone', 6],
  ['Delivery', 'Web form', 11],
  ['Account access', 'Chat', 7],
  ['Product advice', 'Email', 3],
];
const DAY_MS = 86_400_000;
const DAYS = 365;

export function sampleFile(): File {
  const lines = ['Created at,Category,Via'];
  const begin = Date.UTC(new Date().getUTCFullYear() - 1, 0, 1);
  for (let day = 0; day < DAYS; day++) {
    const date = new Date(begin + day * DAY_MS);
    const isWeekend = date.getUTCDay() % 6 === 0;
    for (const [category, channel, aDay] of KINDS) {
      const count = isWeekend ? Math.ceil(aDay / 3) : aDay + (day % 3);
      for (let n = 0; n < count; n++) lines.push(`${date.toISOString().slice(0, 10)},${category},${channel}`);
    }
  }
  return new File([lines.join('\n')], 'made-up-tickets.csv', { type: 'text/csv' });
}
