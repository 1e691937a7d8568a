/** What a provider is paid: payouts, the runs that make them, and their names here and at Stripe. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { asMicros, Currency, wholeCents } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';

/**
 * `intended`: its amount is fixed and no longer payable. `waiting`: too little is available at Stripe; the whole amount goes
 * when there is enough. `failed`: the amount is payable again.
 */
export const PayoutState = z.enum(['intended', 'waiting', 'paid', 'failed']).meta({ id: 'PayoutState' });
export type PayoutState = z.infer<typeof PayoutState>;

export const Payout = z
  .object({
    id: z.string().meta({ description: 'provider.currency.run' }),
    run: z.string(),
    provider: OrganisationId,
    currency: Currency,
    state: PayoutState,
    amountMicros: z.int().min(0).meta({ description: 'What is transferred: whole cents' }),
    carriedInMicros: z.int().meta({ description: 'Left over by the payout before' }),
    linesMicros: z.int().meta({ description: 'The sum of its lines' }),
    carriedOutMicros: z.int().meta({ description: 'Left for the next one: carried in + lines − amount' }),
    lines: z.int().min(0),
    transfer: z.string().nullable().meta({ description: "Stripe's id of the transfer" }),
    reversedMicros: z.int().min(0).meta({ description: 'Taken back from it later, against what was owed' }),
    reason: z.string().nullable().meta({ description: 'Why it waits or failed' }),
    preparedAt: Instant,
    paidAt: Instant.nullable(),
  })
  .meta({ id: 'Payout' });
export type Payout = z.infer<typeof Payout>;

/**
 * `collecting`: what is payable is looked up, provider by provider. `proposed`: waits for a person who did not make it.
 * `approved`: it is paid. `done`: nothing is left to do; what waits for money keeps it `approved`.
 */
export const PayoutRunState = z
  .enum(['collecting', 'proposed', 'approved', 'done', 'dropped'])
  .meta({ id: 'PayoutRunState' });
export type PayoutRunState = z.infer<typeof PayoutRunState>;

export const PayoutRun = z
  .object({
    run: z.string(),
    state: PayoutRunState,
    madeBy: z.string().meta({ description: 'A user, or `schedule`' }),
    madeAt: Instant,
    approvedBy: z.string().nullable(),
    approvedAt: Instant.nullable(),
    doneAt: Instant.nullable(),
    totals: z
      .array(
        z.object({
          currency: Currency,
          payouts: z.int().meta({ description: 'Providers that are paid' }),
          amountMicros: z.int(),
          clawbackMicros: z.int().meta({ description: 'To be taken back from earlier transfers' }),
          held: z.int().meta({ description: 'Providers whose pay is held, with the reason on their line' }),
        }),
      )
      .meta({ description: 'What is proposed, by currency' }),
  })
  .meta({ id: 'PayoutRun' });
export type PayoutRun = z.infer<typeof PayoutRun>;

export const RunLineState = z
  .enum(['proposed', 'held', 'waiting', 'paid', 'taken_back', 'failed', 'nothing'])
  .meta({ id: 'PayoutRunLineState' });

export const RunLine = z
  .object({
    provider: OrganisationId,
    currency: Currency,
    state: RunLineState,
    payableMicros: z.int().meta({ description: 'Negative where the provider owes' }),
    amountMicros: z.int().min(0).meta({ description: 'To be transferred at most: what is payable, in whole cents' }),
    clawbackMicros: z.int().min(0).meta({
      description: 'To be taken back at most: what is owed beyond all that is still to come, in whole cents',
    }),
    reason: z.string().nullable(),
    payout: z.string().nullable(),
  })
  .meta({ id: 'PayoutRunLine' });
export type RunLine = z.infer<typeof RunLine>;

export const payoutIdOf = (provider: string, currency: Currency, run: string): string =>
  `${provider}.${currency}.${run}`;

/** Under it Stripe lists all transfers of a provider in a currency, for the reconciliation. */
export const transferGroupOf = (provider: string, currency: Currency): string => `${provider}.${currency}`;

export const transferKey = (provider: string, currency: Currency, run: string): string =>
  `tr:${provider}:${currency}:${run}`;
export const reversalKey = (transfer: string, run: string): string => `rv:${transfer}:${run}`;

/** Events of the ledger: what is paid is no longer payable; where it cannot be paid it is again. */
export const payoutEvent = (payout: string): string => `payout#${payout}`;
export const payoutFailedEvent = (payout: string): string => `payout-failed#${payout}`;

export type Settlement = { amountMicros: number; carriedOutMicros: number };

/**
 * What goes out of what is payable: its whole cents, never more than was approved, and nothing where it is owed. What is
 * left carries over.
 */
export function settlementOf(payableMicros: number, approvedMicros: number): Settlement {
  const amountMicros = Math.max(0, Math.min(wholeCents(payableMicros), approvedMicros));
  return { amountMicros, carriedOutMicros: asMicros(payableMicros - amountMicros) };
}

/**
 * What is taken back from transfers, in micro-units of whole cents: what a provider owes beyond all that it has earned and
 * is still to be paid (`balanceMicros`: its account 2100, positive where it is owed to it). A debt that later pay covers
 * waits for it.
 */
export const clawbackOf = (balanceMicros: number): number => (balanceMicros >= 0 ? 0 : wholeCents(-balanceMicros));

/** Spreads what is to be taken back over transfers, the newest first, as far as each goes. */
export function reversalsOf(
  micros: number,
  transfers: readonly { transfer: string; leftMicros: number }[],
): { transfer: string; micros: number }[] {
  let left = micros;
  return transfers.flatMap(({ transfer, leftMicros }) => {
    const part = Math.min(left, leftMicros);
    if (part <= 0) return [];
    left -= part;
    return [{ transfer, micros: part }];
  });
}
