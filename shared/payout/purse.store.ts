/**
 * Purses `PB#<provider>#<currency>` / `-`: one for each currency in which a provider's book has ever had anything. It says what
 * the last payout left over, which payout is under way, and the newest month that brought anything. Where there is none, there
 * is nothing to look for.
 */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { Currency } from '../kernel/money.ts';
import { type Key, keyText } from '../kernel/table.ts';

export const purseKey = (provider: string, currency: Currency): Key => ({ pk: `PB#${provider}#${currency}`, sk: '-' });

const Stored = z.object({
  carryMicros: z.int().default(0),
  current: z.string().nullable().default(null),
  newest: z.string().default(''),
});
export type Purse = z.infer<typeof Stored> & { provider: string; currency: Currency };

/** The purses of some providers, in their order. */
export async function readPurses(call: Call, providers: readonly string[]): Promise<Purse[]> {
  const all = providers.flatMap((provider) => Currency.options.map((currency) => ({ provider, currency })));
  const keys = all.map(({ provider, currency }) => purseKey(provider, currency));
  const found = await call.tables.getMany('ledger', keys, Stored, { consistent: true });
  return all.flatMap((of) => {
    const stored = found.get(keyText(purseKey(of.provider, of.currency)));
    return stored === undefined ? [] : [{ ...of, ...stored }];
  });
}

/** To be called before anything of a month is written into a book in this currency. */
export async function openPurse(call: Call, provider: string, currency: Currency, month: string): Promise<void> {
  await call.tables.update('ledger', purseKey(provider, currency), { set: { newest: month } }, [
    ['absent or <', 'newest', month],
  ]);
}

/** Takes the purse for a payout, until it is given back; undefined while another one has it. */
export async function takePurse(
  call: Call,
  { provider, currency }: Pick<Purse, 'provider' | 'currency'>,
  payout: string,
): Promise<Purse | undefined> {
  const taken = await call.tables.change('ledger', purseKey(provider, currency), Stored, { set: { current: payout } }, [
    ['absent or =', 'current', payout],
  ]);
  return taken.ok ? { provider, currency, ...taken.item } : undefined;
}

/** What a payout leaves over for the next one. */
export async function leaveInPurse(
  call: Call,
  { provider, currency }: Pick<Purse, 'provider' | 'currency'>,
  payout: string,
  carryMicros: number,
): Promise<void> {
  await call.tables.update('ledger', purseKey(provider, currency), { set: { carryMicros } }, [
    ['=', 'current', payout],
  ]);
}

export async function giveBackPurse(
  call: Call,
  { provider, currency }: Pick<Purse, 'provider' | 'currency'>,
  payout: string,
): Promise<void> {
  await call.tables.update('ledger', purseKey(provider, currency), { remove: ['current'] }, [['=', 'current', payout]]);
}
