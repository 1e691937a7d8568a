/**
 * Purses `PB#<provider>#<currency>` / `-`: one for each currency in which a provider's book has ever had anything. It says what
 * the last payout left over, which payout is under way, and the newest month that brought anything. Where there is none, there
 * is nothing to look for.
 */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { Currency } from '../kernel/money.ts';
import { type Key, keyText, type Write } from '../kernel/table.ts';

export const purseKey = (provider: string, currency: Currency): Key => ({ pk: `PB#${provider}#${currency}`, sk: '-' });

const Stored = z.object({
  carryMicros: z.int().default(0),
  current: z.string().nullable().default(null),
  newest: z.string().default(''),
  /** How often it was taken: whoever has taken it before the last time writes nothing any more. */
  taken: z.int().default(0),
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

/**
 * Takes the purse for a payout, until it is given back; undefined while another one has it. A payout may take its own again,
 * as after a crash: whoever took it before has lost it, and neither fixes the payout nor gives the purse back.
 */
export async function takePurse(call: Call, { provider, currency }: Of, payout: string): Promise<Purse | undefined> {
  const taken = await call.tables.change(
    'ledger',
    purseKey(provider, currency),
    Stored,
    { set: { current: payout }, add: { taken: 1 } },
    [['absent or =', 'current', payout]],
  );
  return taken.ok ? { provider, currency, ...taken.item } : undefined;
}

type Of = Pick<Purse, 'provider' | 'currency'>;

/** Whoever makes this write still has the purse. */
export const hasPurse = ({ provider, currency, taken }: Purse): Write => ({
  kind: 'check',
  table: 'ledger',
  key: purseKey(provider, currency),
  when: [['=', 'taken', taken]],
});

/** What a payout leaves over for the next one, of whoever still has the purse. */
export const leaveInPurse = ({ provider, currency, taken }: Purse, carryMicros: number): Write => ({
  kind: 'update',
  table: 'ledger',
  key: purseKey(provider, currency),
  change: { set: { carryMicros } },
  when: [['=', 'taken', taken]],
});

/** Gives back what was taken for nothing; false where it was taken again since. */
export async function putPurseBack(call: Call, { provider, currency, taken }: Purse): Promise<boolean> {
  const { ok } = await call.tables.update('ledger', purseKey(provider, currency), { remove: ['current'] }, [
    ['=', 'taken', taken],
  ]);
  return ok;
}

/** Gives back what a payout had that has come to its end. */
export async function giveBackPurse(call: Call, { provider, currency }: Of, payout: string): Promise<void> {
  await call.tables.update('ledger', purseKey(provider, currency), { remove: ['current'] }, [['=', 'current', payout]]);
}
