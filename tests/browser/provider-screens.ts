/** A provider's screens. The desk at work is looked at in its journey, where there is something to work. */
import type { Page } from 'playwright-core';
import { dataOf } from '../../shared/client/client.ts';
import type { ScreenCase } from './screens.ts';
import { apiOf } from './support/demo-api.ts';

type Ask = (path: string) => Promise<unknown>;
type Bids = { items: { bid: { queue: string; round: number }; round: { state: string } }[] };

/** The page of a bid whose round is in one of these states. */
const bidIn =
  (...states: readonly string[]) =>
  async (ask: Ask): Promise<string> => {
    const { items } = (await ask('/v1/bids?limit=100')) as Bids;
    const found = items.find(({ round }) => states.includes(round.state));
    if (found === undefined) throw new Error(`the demo has no bid in a round that is ${states.join(' or ')}`);
    return `/bids/${found.bid.queue}/${found.bid.round}`;
  };

async function ownWebhook(): Promise<string> {
  const body = { url: 'http://127.0.0.1:9/screens', events: ['award.published' as const] };
  const { id } = await dataOf((await apiOf('provider.admin')).POST('/v1/webhooks', { body }));
  return `/webhooks/${id}`;
}

async function opportunity(ask: Ask): Promise<string> {
  const { items } = (await ask('/v1/queues?limit=1')) as { items: { id: string }[] };
  return `/opportunities/${items[0]?.id}`;
}

async function workOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Work it out' }).click();
  await page.getByText(/on the plan, breaks and leave included/).waitFor();
}

/** A turn of one of the last months. */
async function pastTurn(ask: Ask): Promise<string> {
  const now = new Date(((await ask('/v1/test-clock')) as { now: string }).now);
  for (let back = 0; back < 4; back++) {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7);
    const { items } = (await ask(`/v1/leases?month=${month}&limit=100`)) as { items: { id: string }[] };
    if (items[0] !== undefined) return `/turns/${items[0].id}`;
  }
  // The demo's first provider may have won nothing yet.
  return '/turns';
}

async function stateHours(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByRole('switch', { name: 'Only in these hours' }).check({ force: true });
}

const admin = 'provider.admin' as const;

export const providerScreenCases: readonly ScreenCase[] = [
  { name: 'provider-home', as: admin, path: '/provider', shows: 'Home' },
  { name: 'provider-home-finance', as: 'provider.finance', path: '/provider', shows: 'Home' },
  { name: 'desk-empty', as: 'provider.agent', path: '/desk', shows: 'Desk' },
  {
    name: 'desk-keys',
    as: 'provider.agent',
    path: '/desk',
    shows: 'Desk',
    prepare: (page) => page.getByRole('button', { name: 'Keys' }).click(),
  },
  { name: 'turns', as: admin, path: '/turns', shows: 'Turns' },
  { name: 'turn', as: admin, path: pastTurn, shows: /^Turn( of|s)/ },
  { name: 'lanes', as: admin, path: '/lanes', shows: 'Lanes' },
  { name: 'availability', as: admin, path: '/availability', shows: 'Availability', prepare: stateHours },
  { name: 'opportunities', as: admin, path: '/opportunities', shows: 'Opportunities' },
  { name: 'opportunity', as: admin, path: opportunity, shows: 'How many people does it take?', prepare: workOut },
  { name: 'bids', as: admin, path: '/bids', shows: 'Bids' },
  { name: 'bid-open', as: admin, path: bidIn('open'), shows: 'Your offer' },
  { name: 'bid-result', as: admin, path: bidIn('active', 'settling', 'closed'), shows: 'Why' },
  { name: 'earnings', as: admin, path: '/earnings', shows: 'Earnings' },
  { name: 'performance', as: admin, path: '/performance', shows: 'Performance' },
  { name: 'webhooks', as: admin, path: '/webhooks', shows: 'Webhooks' },
  { name: 'webhook', as: admin, path: ownWebhook, shows: 'http://127.0.0.1:9/screens' },
  {
    name: 'webhook-new',
    as: admin,
    path: '/webhooks',
    shows: 'Webhooks',
    prepare: (page) => page.getByRole('button', { name: 'Add an endpoint' }).click(),
  },
];
