/** The end of a company's account: what it still owes is collected, what it is still owed is paid out, and nothing is left. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';

/** `asked`: by one person. `approved`: by another; the company is suspended, and its account is brought to nothing. */
export const AccountEndState = z.enum(['asked', 'approved', 'done', 'withdrawn']).meta({ id: 'AccountEndState' });
export type AccountEndState = z.infer<typeof AccountEndState>;

export const AccountEnd = z
  .object({
    company: OrganisationId,
    state: AccountEndState,
    reason: z.string(),
    by: z.string(),
    approvedBy: z.string().nullable(),
    waitsFor: z
      .array(z.object({ currency: Currency.nullable(), what: z.string() }))
      .meta({ description: 'What stands against the end by now; refunds named here wait for a second person' }),
    askedAt: Instant,
    approvedAt: Instant.nullable(),
    endedAt: Instant.nullable(),
  })
  .meta({ id: 'AccountEnd' });
export type AccountEnd = z.infer<typeof AccountEnd>;

export const AccountEndInput = z
  .strictObject({ reason: z.string().trim().min(10, 'must say why, in ten characters at least').max(500) })
  .meta({ id: 'AccountEndInput' });
