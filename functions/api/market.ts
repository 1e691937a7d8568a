/** The joining routes and what everybody may see of queues. */
import { healthRoutes } from '../../shared/api/routes/health.ts';
import { marketRoutes } from '../../shared/api/routes/market.ts';
import { memberRoutes } from '../../shared/api/routes/members.ts';
import { nameRoutes } from '../../shared/api/routes/names.ts';
import { reputationRoutes } from '../../shared/api/routes/reputation.ts';
import { sandboxRoutes } from '../../shared/api/routes/sandbox.ts';
import { weeksUpToNow } from '../../shared/demand/demand.store.ts';
import { demandOf } from '../../shared/demand/demand.ts';
import { estimate } from '../../shared/estimate/estimate.store.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { MINUTE } from '../../shared/kernel/time.ts';
import {
  listQueues as queuesOf,
  readQueue,
  readQueueItem,
  readTerms,
  listRounds as roundsOf,
} from '../../shared/queue/queue.store.ts';
import { SCREEN_RULES } from '../../shared/screen/screen.ts';
import { staffingOf } from '../../shared/staffing/staffing.ts';
import { api } from '../middleware/api.ts';
import type { Handler } from '../middleware/context.ts';
import { afterOf, cursorOf } from '../middleware/cursor.ts';
import { refuseFields } from '../middleware/fields.ts';
import { type Bucket, takeToken } from '../middleware/rate-limit.ts';
import * as apiKeys from './api-keys.ts';
import { getHealth } from './health.ts';
import * as joining from './joining.ts';
import * as members from './members.ts';
import { getNames } from './names.ts';
import * as reputation from './reputation.ts';
import { getRoundFile } from './round-files.ts';
import * as sandboxes from './sandbox.ts';

const NO_QUEUE = refuse('not_found', 'There is no such queue; GET /v1/queues lists them.');

const listQueues: Handler<'listQueues'> = async (context, { query }) => {
  const after = await afterOf(context, query.cursor);
  if (!after.ok) return after;
  const page = await queuesOf(context.tables, pageFrom(query.limit, after.value));
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

const getQueue: Handler<'getQueue'> = async ({ tables }, { params }) => {
  const queue = await readQueue(tables, params.queue);
  return queue === undefined ? NO_QUEUE : { status: 200, body: queue };
};

const getTerms: Handler<'getTerms'> = async ({ tables }, { params }) => {
  const terms = await readTerms(tables, params.queue, params.version);
  if (terms === undefined) return refuse('not_found', 'This queue has no such version of its terms.');
  return { status: 200, body: terms };
};

const listRounds: Handler<'listRounds'> = async (context, { params, query }) => {
  const after = await afterOf(context, query.cursor);
  if (!after.ok) return after;
  const page = await roundsOf(context.tables, params.queue, pageFrom(query.limit, after.value));
  if (page === undefined) return NO_QUEUE;
  return { status: 200, body: { items: page.items, next: await cursorOf(context, page.after) } };
};

const getDemand: Handler<'getDemand'> = async (context, { params }) => {
  if ((await readQueueItem(context.tables, params.queue)) === undefined) return NO_QUEUE;
  return { status: 200, body: demandOf(params.queue, await weeksUpToNow(context, params.queue)) };
};

const computeStaffing: Handler<'computeStaffing'> = async (_context, { body }) => {
  const computed = staffingOf(body);
  if (!computed.ok) return refuseFields([computed]);
  return { status: 200, body: computed.staffing };
};

const listScreens: Handler<'listScreens'> = async () => ({ status: 200, body: { items: [...SCREEN_RULES] } });

/** Sixty estimates at once, then one more a minute; whoever needs more has an account. */
const ESTIMATES: Bucket = { name: 'estimates', size: 60, refillMs: MINUTE };

const createEstimate: Handler<'createEstimate'> = async (context, { body }) => {
  const { tables, machineNow, runtime, sourceAddress: address } = context;
  const taken = await takeToken(ESTIMATES, { tables, address, signingKey: runtime.signingKey, machineNow });
  if (!taken.ok) return taken;
  return { status: 200, body: { items: await estimate(context, body) } };
};

const pageFrom = (limit: number, after: string | undefined) => (after === undefined ? { limit } : { limit, after });

export const handler = api(
  'market',
  [...marketRoutes, ...healthRoutes, ...memberRoutes, ...nameRoutes, ...sandboxRoutes, ...reputationRoutes],
  {
    getHealth,
    listQueues,
    getQueue,
    getTerms,
    listRounds,
    getDemand,
    computeStaffing,
    listScreens,
    createEstimate,
    getRoundFile,
    ...reputation,
    ...joining,
    ...members,
    ...apiKeys,
    getNames,
    ...sandboxes,
  },
);
