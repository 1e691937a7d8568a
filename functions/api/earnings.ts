/** What a provider earns. */
import { monthOf } from '../../shared/kernel/time.ts';
import { readEarnings } from '../../shared/resolution/earnings.store.ts';
import type { Handler } from '../middleware/context.ts';

export const getEarnings: Handler<'getEarnings'> = async (context, { query }) => ({
  status: 200,
  body: await readEarnings(context, context.actor.tenant, query.month ?? monthOf(context.now)),
});
