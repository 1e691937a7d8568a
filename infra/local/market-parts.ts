/** What the one-machine marketplace carries: the functions, the sweeps and the description of the API. */
import type { Runtime } from '../../functions/runtime.ts';
import type { RouteMatch } from './front.ts';
import { type Handlers, loadHandlers } from './lambda.ts';
import type { Sweeps } from './scheduler.ts';

export type MarketParts = {
  handlers: Handlers;
  sweeps: Sweeps;
  match: (method: string, path: string) => RouteMatch;
  openApi: () => unknown;
  docsPage: () => string;
  docsPolicy: () => Promise<string>;
  docsAssets: Readonly<Record<string, string>>;
  /** The types of Stripe's events that set something off: what its destinations subscribe to. */
  stripeEvents: readonly string[];
};

/** Imports everything; only after the runtime was provided, since functions may look at it when they are loaded. */
export async function loadMarket(runtime: Runtime): Promise<MarketParts> {
  const [handlers, sweeps, finance, match, openApi, docs] = await Promise.all([
    loadHandlers(),
    import('../../functions/sweeps.ts'),
    import('../../functions/finance.ts'),
    import('../../shared/api/match.ts'),
    import('../../shared/api/openapi.ts'),
    import('../../shared/api/docs.ts'),
  ]);
  return {
    handlers,
    sweeps: {
      allDue: async (now) => [...(await sweeps.allDue(runtime.tables, now)), { due: { kind: 'finance' }, at: now }],
      runDue: (due, now) =>
        due.kind === 'finance' ? finance.sweepFinance(runtime, now) : sweeps.runDue(runtime, due, now),
    },
    match: match.matchRoute,
    openApi: () => openApi.openApi(undefined, { local: true }),
    docsPage: docs.docsPage,
    docsPolicy: docs.docsPolicy,
    docsAssets: docs.DOCS_ASSETS,
    stripeEvents: finance.STRIPE_EVENTS,
  };
}
