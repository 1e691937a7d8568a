/** The stops of each walk. One that is no screen of one's roles, or has nothing to show yet, is passed over. */
import type { Role } from '../../../../shared/identity/identity.ts';
import { isFor, type Screen } from '../../app/screen.ts';
import type { Door } from '../../app/tour.ts';

/** Gives the JSON of a GET; see `useStops`. */
export type Ask = (path: string) => Promise<unknown>;
export type Stop = {
  name: string;
  /** The first of these that is a screen, or one found from what the market has. */
  at: readonly string[] | ((ask: Ask) => Promise<string | null>);
};

/** Whose eyes a walk is for. */
export const ROLE_OF: Readonly<Record<Door, Role>> = {
  buy: 'company.admin',
  provide: 'provider.admin',
  review: 'company.finance',
};

type Listed = { items: { id: string; current: object | null; open: object | null }[] };

const firstQueue = (path: (id: string) => string, which: 'current' | 'open') => async (ask: Ask) => {
  const { items } = (await ask('/v1/queues?limit=100')) as Listed;
  const found = items.find((queue) => queue[which] !== null);
  return found === undefined ? null : path(found.id);
};

const MARKET: Stop = { name: 'market', at: ['/'] };
const QUEUE: Stop = { name: 'queue', at: firstQueue((id) => `/queues/${id}`, 'current') };

export const STOPS: Readonly<Record<Door, readonly Stop[]>> = {
  buy: [
    MARKET,
    QUEUE,
    { name: 'home', at: ['/home'] },
    { name: 'demand', at: ['/demand'] },
    { name: 'post', at: firstQueue((id) => `/demand/new?queue=${id}`, 'open') },
    { name: 'requests', at: ['/requests'] },
    { name: 'playbooks', at: ['/playbooks'] },
    { name: 'charges', at: ['/charges'] },
  ],
  provide: [
    MARKET,
    { name: 'opportunities', at: ['/opportunities'] },
    { name: 'bids', at: ['/bids'] },
    { name: 'desk', at: ['/desk'] },
    { name: 'lanes', at: ['/lanes'] },
    { name: 'performance', at: ['/performance', '/reputation'] },
    { name: 'earnings', at: ['/earnings', '/earned'] },
    { name: 'payouts', at: ['/payouts'] },
  ],
  review: [
    MARKET,
    { name: 'charges', at: ['/charges'] },
    { name: 'unbilled', at: ['/unbilled', '/not-billed'] },
    { name: 'statement', at: ['/statement'] },
    { name: 'invoices', at: ['/invoices'] },
    { name: 'disputes', at: ['/disputes'] },
    { name: 'credits', at: ['/credits', '/credit-notes'] },
    { name: 'exports', at: ['/exports'] },
  ],
};

/** Whether an address is a screen of somebody's roles. */
export function isScreen(
  path: string,
  screens: readonly Pick<Screen, 'path' | 'who'>[],
  roles: readonly Role[],
): boolean {
  const parts = path.split('?')[0]!.split('/');
  return screens.some((screen) => {
    const pattern = screen.path.split('/');
    return (
      pattern.length === parts.length &&
      pattern.every((part, n) => part.startsWith('$') || part === parts[n]) &&
      isFor(screen, roles, true)
    );
  });
}

export type Found = { name: string; path: string };

/** The stops of a walk that are there, with their addresses. */
export async function stopsOf(
  door: Door,
  screens: readonly Pick<Screen, 'path' | 'who'>[],
  roles: readonly Role[],
  ask: Ask,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const { name, at } of STOPS[door]) {
    const paths = typeof at === 'function' ? [await at(ask)] : at;
    const path = paths.find((one) => one !== null && isScreen(one, screens, roles));
    if (path != null) found.push({ name, path });
  }
  return found;
}
