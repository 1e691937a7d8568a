/** Balances are folds of entries: nothing else is kept, so nothing can disagree. */
import { ACCOUNTS, type AccountBalance, type Charge, type EntryView } from './ledger.ts';

/** Debits and credits by account and owner, in order of account and owner. Sums beyond a safe integer throw. */
export function foldBalances(
  entries: readonly EntryView[],
  isOwn: (of: string | null) => boolean = () => true,
): AccountBalance[] {
  const balances = new Map<string, AccountBalance>();
  for (const leg of entries.flatMap((entry) => entry.legs)) {
    if (!isOwn(leg.of)) continue;
    const key = `${leg.account}#${leg.of ?? ''}`;
    const balance = balances.get(key) ?? {
      account: leg.account,
      name: ACCOUNTS[leg.account].name,
      of: leg.of,
      debitMicros: 0,
      creditMicros: 0,
    };
    if (leg.micros > 0) balance.debitMicros += leg.micros;
    else balance.creditMicros -= leg.micros;
    if (!Number.isSafeInteger(balance.debitMicros) || !Number.isSafeInteger(balance.creditMicros))
      throw new RangeError(`account ${key} exceeds a safe integer`);
    balances.set(key, balance);
  }
  return [...balances.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, balance]) => balance);
}

/** Merges balances over owners: one row per account. */
export function byAccount(balances: readonly AccountBalance[]): AccountBalance[] {
  const rows = new Map<string, AccountBalance>();
  for (const balance of balances) {
    const row = rows.get(balance.account) ?? { ...balance, of: null, debitMicros: 0, creditMicros: 0 };
    row.debitMicros += balance.debitMicros;
    row.creditMicros += balance.creditMicros;
    rows.set(balance.account, row);
  }
  return [...rows.values()].sort((a, b) => (a.account < b.account ? -1 : 1));
}

/** All debits equal all credits. */
export const isEven = (balances: readonly AccountBalance[]): boolean =>
  balances.reduce((sum, b) => sum + BigInt(b.debitMicros) - BigInt(b.creditMicros), 0n) === 0n;

/** A charge as one party sees it: what a company is charged, what a provider is paid. */
export function chargeOf(entry: EntryView, viewer: 'company' | 'provider'): Charge {
  const account = viewer === 'company' ? '1100' : '2100';
  const leg = entry.legs.find((other) => other.account === account);
  const text = (name: string): string => String(entry.facts[name] ?? '');
  return {
    event: entry.event,
    request: text('request'),
    company: text('company'),
    provider: text('provider'),
    queue: text('queue'),
    round: Number(entry.facts.round ?? 0),
    outcome: text('outcome') === 'assumed' ? 'assumed' : 'confirmed',
    route: text('route') === 'overflow' ? 'overflow' : 'slot',
    micros: Math.abs(leg?.micros ?? 0),
    occurredAt: entry.occurredAt,
    period: entry.period,
    lease: text('lease'),
  };
}
