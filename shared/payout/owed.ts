/** What a provider is owed, as it is told: what is payable now, and what waits, with the reason. */
import * as z from 'zod';
import { Currency } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import { EarningKind, WaitReason } from './payable.ts';

/** So many months of companies are told one by one at the most. */
export const MOST_WAITING = 500;

export const Payable = z
  .object({
    currency: Currency,
    payableMicros: z.int().meta({ description: 'Paid with the next run; negative where it is owed' }),
    carriedInMicros: z.int().meta({ description: 'Of it: left over by the payout before' }),
    waitingMicros: z.int().meta({ description: 'Of closed months, and not payable yet' }),
    waiting: z
      .array(
        z.object({
          period: z.string(),
          company: z.string(),
          kind: EarningKind,
          micros: z.int(),
          because: WaitReason.or(z.literal('part_collected')),
          expectedAt: Instant.nullable().meta({ description: 'When it is payable, as far as that is known' }),
        }),
      )
      .meta({ description: `Month by month and company by company, ${MOST_WAITING} at the most` }),
    changesMicros: z.int().meta({ description: 'Disputes and other changes to what waits' }),
  })
  .meta({ id: 'Payable' });
export type Payable = z.infer<typeof Payable>;
