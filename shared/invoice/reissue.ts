/** A month billed anew under the next version, after its invoice was voided or dropped: asked by one person, approved by another. */
import * as z from 'zod';
import { Currency } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';

/**
 * `asked`: its charges count as invoiced again; its amount is fixed when all who read otherwise have posted. `planned`: it
 * waits for a second person. `approved`: it becomes final. `nothing`: too little was left to bill.
 */
export const ReissueState = z
  .enum(['asked', 'planned', 'approved', 'done', 'dropped', 'nothing'])
  .meta({ id: 'ReissueState' });
export type ReissueState = z.infer<typeof ReissueState>;

export const Reissue = z
  .object({
    of: z.string().meta({ description: 'The invoice that was voided or dropped' }),
    invoice: z.string().meta({ description: 'The one that bills its month anew; it can be read once it is planned' }),
    company: z.string(),
    currency: Currency,
    period: z.string(),
    state: ReissueState,
    by: z.string(),
    approvedBy: z.string().nullable(),
    askedAt: Instant,
    plannedFrom: Instant.meta({ description: 'When its amount is fixed' }),
    endedAt: Instant.nullable(),
  })
  .meta({ id: 'Reissue' });
export type Reissue = z.infer<typeof Reissue>;
