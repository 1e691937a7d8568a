/** What a provider's resolutions of a month have earned, and how far each amount is certain. */
import * as z from 'zod';
import { Currency } from '../kernel/money.ts';

const Sum = z.object({ turns: z.int().min(0), micros: z.int().min(0) });

export const Earnings = z
  .object({
    month: z.string().meta({ description: 'The UTC month in which the turns were claimed' }),
    currencies: z.array(
      z.object({
        currency: Currency,
        pending: Sum.meta({ description: 'Resolved; nobody has said anything yet. At the rate for assumed ones' }),
        confirmed: Sum.meta({ description: 'Confirmed; posted when the reopen window has passed' }),
        posted: Sum.meta({ description: 'In the ledger, and final' }),
      }),
    ),
    whole: z.boolean().meta({
      description:
        'False where the month has more turns than are looked at: these are the newest. GET /v1/charges has all',
    }),
  })
  .meta({ id: 'Earnings' });
export type Earnings = z.infer<typeof Earnings>;

export type EarningStage = 'pending' | 'confirmed' | 'posted';
export type Earned = { currency: Currency; stage: EarningStage; micros: number };

/** Sums by currency, in alphabetical order. */
export function earningsOf(month: string, earned: readonly Earned[], whole: boolean): Earnings {
  const none = () => ({ turns: 0, micros: 0 });
  const sums = new Map<Currency, Record<EarningStage, z.infer<typeof Sum>>>();
  for (const { currency, stage, micros } of earned) {
    const of = sums.get(currency) ?? { pending: none(), confirmed: none(), posted: none() };
    of[stage] = { turns: of[stage].turns + 1, micros: of[stage].micros + micros };
    sums.set(currency, of);
  }
  const currencies = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, of]) => ({ currency, ...of }));
  return { month, currencies, whole };
}
