/** A customer's link has no login, so what may be added with it is counted. */
import type { Customer } from '../../shared/identity/identity.ts';
import { MINUTE } from '../../shared/kernel/time.ts';
import type { Context } from '../middleware/context.ts';
import { takeToken } from '../middleware/rate-limit.ts';

/** Thirty messages and uploads of one request at once, then one a minute. */
const BUCKET = { name: 'customer-thread', size: 30, refillMs: MINUTE };

/** Takes one of what the customers of a request may add. Refused: `rate_limited`. */
export const limitCustomer = ({ tables, actor, runtime, machineNow }: Context<Customer>) =>
  takeToken(BUCKET, { tables, address: actor.request, signingKey: runtime.signingKey, machineNow });
