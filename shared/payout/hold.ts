/** A provider whose pay is held until a person has looked. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { Instant } from '../kernel/time.ts';

export const PayoutHold = z
  .object({ provider: OrganisationId, reason: z.string(), heldAt: Instant })
  .meta({ id: 'PayoutHold' });
export type PayoutHold = z.infer<typeof PayoutHold>;
