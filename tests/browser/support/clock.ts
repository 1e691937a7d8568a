/** Moves the market's clock of the system under test, as somebody does by the menu in the header. */
import { createParley, dataOf } from '../../../shared/client/client.ts';
import { baseUrl } from './browser.ts';

const MINUTE = 60_000;
/** A step works five seconds at the most; a month of the demo takes a few. */
const MOST_STEPS = 100;

/** To a minute after an instant, with everything that became due by then; nothing where it is later already. */
export async function advancePast(iso: string): Promise<void> {
  const market = createParley({ baseUrl: baseUrl(), attempts: 3 });
  const until = Date.parse(iso) + MINUTE;
  let { now } = await dataOf(market.GET('/v1/test-clock'));
  if (Date.parse(now) >= until) return;
  for (let step = 0; step < MOST_STEPS; step++) {
    // A running clock may have passed the instant while its work was done.
    const to = new Date(Math.max(until, Date.parse(now) + MINUTE)).toISOString();
    const moved = await dataOf(market.POST('/v1/test-clock/advance', { body: { to } }));
    if (moved.complete) return;
    now = moved.now;
  }
  throw new Error(`the clock did not get past ${iso}`);
}

/** The instant that lies so many hours from another. */
export const hoursFrom = (iso: string, hours: number): string =>
  new Date(Date.parse(iso) + hours * 60 * MINUTE).toISOString();
