/** Moves the market's clock of the system under test, as somebody does by the menu in the header. */
import { createParley, dataOf } from '../../../shared/client/client.ts';
import { baseUrl } from './browser.ts';

const MINUTE = 60_000;
/** A step works five seconds at the most; a month of the demo takes a few. */
const MOST_STEPS = 100;

/** To a minute after an instant, with everything that became due by then; nothing where it is later already. */
export async function advancePast(iso: string): Promise<void> {
  const market = createParley({ baseUrl: baseUrl(), attempts: 3 });
  const to = new Date(Date.parse(iso) + MINUTE).toISOString();
  const { now } = await dataOf(market.GET('/v1/test-clock'));
  if (Date.parse(now) >= Date.parse(to)) return;
  for (let step = 0; step < MOST_STEPS; step++)
    if ((await dataOf(market.POST('/v1/test-clock/advance', { body: { to } }))).complete) return;
  throw new Error(`the clock did not reach ${to}`);
}

/** The instant that lies so many hours from another. */
export const hoursFrom = (iso: string, hours: number): string =>
  new Date(Date.parse(iso) + hours * 60 * MINUTE).toISOString();
