/**
 * What people do about cash, always two of them: one enters an order, another approves it. A payment that came outside
 * Stripe, the market's own money to its bank, and what an unknown transaction was.
 */
import * as z from 'zod';
import { Currency, MICROS_PER_CENT } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { Instant } from '../kernel/time.ts';
import { ACCOUNTS, AccountCode, type AccountLine } from '../ledger/ledger.ts';

const WholeCents = z
  .int()
  .min(MICROS_PER_CENT)
  .max(1_000_000_000_000)
  .multipleOf(MICROS_PER_CENT)
  .meta({ description: 'Micro-units, whole cents' });
const Note = z.string().trim().min(1).max(500);

export const CashOrderInput = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('outside_payment'),
      invoice: z.string().max(100),
      amountMicros: WholeCents.meta({ description: 'What came in, in part or in full, or over it' }),
      receivedAt: Instant.meta({ description: 'When it was on the bank’s account' }),
      reference: z.string().trim().min(1).max(140).meta({ description: 'What the bank’s statement says' }),
    }),
    z.strictObject({ kind: z.literal('bank_payout'), currency: Currency, amountMicros: WholeCents, note: Note }),
    z.strictObject({
      kind: z.literal('explanation'),
      transaction: z.string().max(100).meta({ description: 'The balance transaction that stands in 1390' }),
      account: AccountCode.meta({ description: 'Where it belongs' }),
      of: z
        .string()
        .max(100)
        .nullable()
        .meta({ description: 'The company, provider or invoice, where the account has one' }),
      note: Note,
    }),
  ])
  .meta({ id: 'CashOrderInput' });
export type CashOrderInput = z.infer<typeof CashOrderInput>;

/** `approved`: it is on its way. `refused`: it cannot be done, and why. */
export const CashOrderState = z
  .enum(['entered', 'approved', 'done', 'refused', 'withdrawn'])
  .meta({ id: 'CashOrderState' });

export const CashOrder = z
  .object({
    id: z.string(),
    order: CashOrderInput,
    currency: Currency,
    state: CashOrderState,
    madeBy: z.string().meta({ description: 'Who entered it' }),
    madeAt: Instant,
    approvedBy: z.string().nullable(),
    approvedAt: Instant.nullable(),
    refused: z.string().nullable().meta({ description: 'Why it was refused' }),
    result: z.string().nullable().meta({ description: 'What it became: at Stripe, or in the ledger' }),
  })
  .meta({ id: 'CashOrder' });
export type CashOrder = z.infer<typeof CashOrder>;

export const UnknownTransaction = z
  .object({
    transaction: z.string(),
    type: z.string().meta({ description: 'As Stripe calls it' }),
    currency: Currency,
    netMicros: z.int().meta({ description: 'What it brought, negative where it took' }),
    createdAt: Instant,
    source: z.string().nullable(),
  })
  .meta({ id: 'UnknownTransaction' });
export type UnknownTransaction = z.infer<typeof UnknownTransaction>;

/** Money at Stripe and what stands between: explained only by where it belongs. */
const NEVER_EXPLAINS: readonly AccountCode[] = ['1300', '1310', '1390', '1400', '2105'];

/** Whose lists an explanation stands in; refused where the account cannot be the explanation, or wants another owner. */
export function explains(
  account: AccountCode,
  of: string | null,
): Result<{ company: string | null; provider: string | null }, 'invalid_request'> {
  const wants = ACCOUNTS[account].of;
  const wrong = (detail: string) => refuse('invalid_request', detail);
  if (NEVER_EXPLAINS.includes(account))
    return wrong(`Account ${account} explains nothing: choose where the money belongs.`);
  if (wants === 'pool') return wrong('A round’s pool takes no cash: choose another account.');
  const none = { company: null, provider: null };
  if (wants === 'market')
    return of === null ? ok(none) : wrong(`Account ${account} is the market’s own: leave 'of' null.`);
  if (of === null) return wrong(`Account ${account} needs to know whose it is: name the ${wants} in 'of'.`);
  if (wants === 'provider')
    return of.startsWith('pr_') ? ok({ ...none, provider: of }) : wrong('A provider’s id begins with pr_.');
  const company = wants === 'invoice' ? (of.split('.')[0] ?? '') : of;
  return company.startsWith('co_') && (wants === 'invoice') === of.includes('.')
    ? ok({ ...none, company })
    : wrong(`'of' is no ${wants}’s id.`);
}

/** What the market owes, or holds for others: as long as it does, so much stays at Stripe. */
const OWED: ReadonlySet<AccountCode> = new Set([
  '1100',
  '2100',
  '2105',
  '2110',
  '2120',
  '2200',
  '2300',
  '2400',
  '2410',
  '2500',
  '2600',
]);

/**
 * What may leave for the bank: available at Stripe, less all that is owed to companies, providers, pools and the state,
 * each owner by itself: what one owes the market never covers what the market owes another. Whole cents, never negative.
 */
export function mayLeaveMicros(lines: readonly Pick<AccountLine, 'account' | 'closingMicros'>[]): number {
  let micros = 0n;
  for (const { account, closingMicros } of lines) {
    const net = BigInt(closingMicros);
    if (account === '1310') micros += net;
    else if (OWED.has(account) && net < 0n) micros += net;
  }
  return micros <= 0n ? 0 : Number(micros - (micros % BigInt(MICROS_PER_CENT)));
}
