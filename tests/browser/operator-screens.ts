/** The market operator's screens. */
import type { ScreenCase } from './screens.ts';

type Ask = (path: string) => Promise<unknown>;
type Queues = { items: { id: string; current: { round: number } | null }[] };

async function running(ask: Ask): Promise<{ queue: string; round: number }> {
  const { items } = (await ask('/v1/queues?limit=100')) as Queues;
  const found = items.find(({ current }) => current !== null);
  if (found === undefined || found.current === null) throw new Error('no queue of the demo has a round that runs');
  return { queue: found.id, round: found.current.round };
}

const operator = 'market.operator' as const;

export const operatorScreenCases: readonly ScreenCase[] = [
  { name: 'operator-home', as: operator, path: '/operator/home', shows: 'Home' },
  { name: 'operator-home-finance', as: 'market.finance', path: '/operator/home', shows: 'Home' },
  { name: 'operator-rounds', as: operator, path: '/operator/rounds', shows: 'Queues and rounds' },
  {
    name: 'operator-new-queue',
    as: operator,
    path: '/operator/rounds',
    shows: 'Queues and rounds',
    prepare: (page) => page.getByRole('button', { name: 'Open a queue' }).click(),
  },
  {
    name: 'operator-round',
    as: operator,
    path: async (ask) => {
      const { queue, round } = await running(ask);
      return `/operator/rounds/${queue}/${round}`;
    },
    shows: 'Money',
  },
  {
    name: 'operator-queue',
    as: operator,
    path: async (ask) => `/operator/queues/${(await running(ask)).queue}`,
    shows: 'Publish new terms',
  },
  { name: 'operator-organisations', as: operator, path: '/operator/organisations', shows: 'Organisations' },
  {
    name: 'operator-providers',
    as: operator,
    path: '/operator/organisations?kind=provider',
    shows: 'Organisations',
    prepare: (page) => page.getByRole('button', { name: 'Change' }).first().click(),
  },
  { name: 'operator-flags', as: operator, path: '/operator/flags', shows: 'Flags' },
  { name: 'operator-audits', as: operator, path: '/operator/audits', shows: 'Audit samples' },
  { name: 'operator-health', as: operator, path: '/operator/health', shows: 'Health' },
];
