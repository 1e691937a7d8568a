/** Which accounts a side has, and what of the numbers typed for them is sent. Pure. */
import { ACCOUNTS, type AccountCode } from '../../../../shared/ledger/ledger.ts';
import type { Side } from './kinds.ts';

export type Mapping = Readonly<Partial<Record<AccountCode, string>>>;

/** A party books what is its own; the market all. */
export function ownAccounts(side: Side): AccountCode[] {
  const all = Object.keys(ACCOUNTS) as AccountCode[];
  if (side === 'market') return all;
  const owners: readonly string[] = side === 'company' ? ['company', 'invoice'] : ['provider'];
  return all.filter((code) => owners.includes(ACCOUNTS[code].of));
}

/** Numbers without spaces around them; an account whose number is empty has none. */
export const withNumbers = (typed: Mapping): Mapping =>
  Object.fromEntries(
    Object.entries(typed).flatMap(([account, number]) => (number.trim() === '' ? [] : [[account, number.trim()]])),
  );
