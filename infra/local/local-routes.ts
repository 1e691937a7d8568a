/** The routes that only the marketplace on one machine serves: test clock, development sign-in, consumption. */

import { api } from '../../functions/middleware/api.ts';
import type { Handlers } from '../../functions/middleware/context.ts';
import { localRoutes } from '../../shared/api/routes/local.ts';
import { addMember, listMemberships } from '../../shared/identity/identity.store.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { fromIso, iso } from '../../shared/kernel/time.ts';
import { writersOf } from '../../shared/ledger/period.store.ts';
import { ensureMarketOrganisation, MARKET_ORGANISATION } from '../../shared/organisation/organisation.store.ts';
import type { MarketClock } from './clock.ts';
import type { Meter } from './consumption.ts';
import type { Issuer } from './issuer.ts';
import type { Handler } from './lambda.ts';
import type { Outbox } from './outbox.ts';
import type { Scheduler } from './scheduler.ts';

export type LocalParts = {
  clock: MarketClock;
  scheduler: Scheduler;
  issuer: Issuer;
  meter: Meter;
  outbox: Outbox;
  /** With Stripe itself nobody moves the clock. */
  isRealTime: boolean;
};

/** These look at the clock or move it, so they do not wait at the gate that its change shuts. */
export const UNGATED: ReadonlySet<string> = new Set(['getClock', 'setClock', 'advanceClock', 'getConsumption']);

const REAL_TIME = refuse(
  'clock_is_real_time',
  'This market uses Stripe itself (STRIPE_SECRET_KEY is set), so its clock is real time: Stripe takes no meter event older than 35 days. Unset the key to use the stand-in, whose time can be moved.',
);

/** The handler of the routes whose function is `local`. */
export function localHandler(parts: LocalParts): Handler {
  return api('local', localRoutes, handlers(parts)) as unknown as Handler;
}

function handlers({ clock, scheduler, issuer, meter, outbox, isRealTime }: LocalParts): Handlers<'local'> {
  const view = (complete: boolean) => ({ mode: clock.mode, now: iso(clock.now()), complete });
  return {
    getClock: async () => ({ status: 200, body: view(!scheduler.hasDue()) }),
    setClock: async (call, { body }) => {
      if (isRealTime) return REAL_TIME;
      const isFirst = clock.mode === null;
      const set = await scheduler.choose(body.mode, fromIso(body.now));
      // The start folded the books of nobody, by real time: what is posted now may stand before that.
      if (set.ok && isFirst) writersOf(call).startOver();
      return set.ok ? { status: 200, body: view(!scheduler.hasDue()) } : set;
    },
    advanceClock: async (_, { body }) => {
      if (isRealTime) return REAL_TIME;
      const moved = await scheduler.advance(fromIso(body.to), { booksFollow: body.booksFollow === true });
      return moved.ok ? { status: 200, body: view(moved.value.complete) } : moved;
    },
    signIn: async ({ tables, now }, { body }) => {
      const { token, user, expiresAtMs } = await issuer.issue(body.email);
      const roles = (body.market ?? []).filter((role) => role.startsWith('market.'));
      if (roles.length > 0) {
        await ensureMarketOrganisation(tables, now);
        await addMember(tables, MARKET_ORGANISATION, { user, email: body.email, roles }, now);
      }
      const memberships = await listMemberships(tables, user);
      const organisations = memberships.map((membership) => membership.organisation);
      return { status: 200, body: { token, expiresAt: iso(expiresAtMs), user, organisations } };
    },
    getOutbox: async () => ({ status: 200, body: { items: await outbox.list() } }),
    getConsumption: async () => ({ status: 200, body: meter.report() }),
  };
}
