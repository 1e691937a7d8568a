/** The money of a replay, and what of it does not add up. All amounts in micro-units of the simulation's one currency. */
import type { Invoice } from '../../../shared/invoice/invoice.ts';
import type { AccountLine } from '../../../shared/ledger/ledger.ts';
import type { Payable } from '../../../shared/payout/owed.ts';
import type { Payout } from '../../../shared/payout/payout.ts';
import type { Break, Reconciliation } from '../../../shared/reconciliation/reconciliation.ts';

export type MoneyReport = {
  months: { closed: number; last: string | null; open: { month: string; waitsFor: string | null }[] };
  invoices: {
    count: number;
    /** By state, such as paid and open. */
    states: Record<string, number>;
    billedMicros: number;
    taxMicros: number;
    paidMicros: number;
    openMicros: number;
    /** Not worth an invoice, or less than a cent: it stays unbilled and carries over. */
    carriedMicros: number;
    /** What round reports and charges say should be billed: charges, shortfalls, less what was credited and handed back. */
    chargedMicros: number;
  };
  creditNotes: { invoices: number; micros: number };
  payouts: {
    count: number;
    paidMicros: number;
    /** Proposed or under way, and not paid. */
    waiting: number;
    /** What providers still have in 2100, and why, by reason; what is payable and was not paid is `payable now`. */
    payableMicros: number;
    because: Record<string, number>;
  };
  /** What Stripe took for its work, and what the market keeps as an agent: 4100 + 4200 − 4190 − 5400. */
  feesMicros: number;
  revenueMicros: number;
  clearingMicros: number;
  reconciliation: {
    id: string;
    state: Reconciliation['state'];
    compared: Reconciliation['compared'];
    breaks: number;
    serious: number;
    found: Break[];
  };
};

export type MoneyFacts = {
  months: MoneyReport['months'];
  invoices: readonly Invoice[];
  chargedMicros: number;
  /** The trial balance through the present month. */
  accounts: readonly AccountLine[];
  payouts: readonly Payout[];
  payables: readonly Payable[];
  reconciliation: MoneyReport['reconciliation'];
};

/** An invoice that asks for nothing any more, because it was taken back. */
const isTakenBack = ({ state }: Invoice): boolean => state === 'void' || state === 'dropped';

export function moneyReport(facts: MoneyFacts): MoneyReport {
  const invoices = facts.invoices.filter((invoice) => !isTakenBack(invoice));
  const sum = (of: (invoice: Invoice) => number) => invoices.reduce((total, invoice) => total + of(invoice), 0);
  const stands = (...accounts: string[]) =>
    facts.accounts
      .filter(({ account }) => accounts.includes(account))
      .reduce((total, line) => total + line.closingMicros, 0);
  const credited = invoices.filter(({ creditedMicros }) => creditedMicros > 0);
  const paid = facts.payouts.filter(({ state }) => state === 'paid');
  return {
    months: facts.months,
    invoices: {
      count: invoices.length,
      states: countBy(invoices, ({ state }) => state),
      billedMicros: sum((invoice) => invoice.subtotalMicros),
      taxMicros: sum((invoice) => invoice.taxMicros),
      paidMicros: sum((invoice) => invoice.paidMicros),
      openMicros: sum((invoice) => invoice.remainingMicros),
      carriedMicros: stands('1100', '1110'),
      chargedMicros: facts.chargedMicros,
    },
    creditNotes: { invoices: credited.length, micros: sum((invoice) => invoice.creditedMicros) },
    payouts: {
      count: paid.length,
      paidMicros: paid.reduce((total, payout) => total + payout.amountMicros - payout.reversedMicros, 0),
      waiting: facts.payouts.filter(({ state }) => state !== 'paid' && state !== 'failed').length,
      payableMicros: -stands('2100'),
      because: reasons(facts.payables),
    },
    feesMicros: stands('5100', '5110'),
    revenueMicros: -stands('4100', '4200', '4190', '5400'),
    clearingMicros: stands('1390'),
    reconciliation: facts.reconciliation,
  };
}

function countBy<T>(items: readonly T[], of: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[of(item)] = (counts[of(item)] ?? 0) + 1;
  return counts;
}

function reasons(payables: readonly Payable[]): Record<string, number> {
  const sums: Record<string, number> = {};
  const add = (reason: string, micros: number) => {
    if (micros !== 0) sums[reason] = (sums[reason] ?? 0) + micros;
  };
  for (const { payableMicros, waiting } of payables) {
    add('payable now', payableMicros);
    for (const { because, micros } of waiting) add(because, micros);
  }
  return sums;
}

/** What of the money does not add up, in sentences. */
export function moneyFaults({ months, invoices, clearingMicros, reconciliation }: MoneyReport): string[] {
  const faults: string[] = [];
  for (const { month, waitsFor } of months.open)
    faults.push(`the books of ${month} are not closed${waitsFor === null ? '' : `: ${waitsFor}`}`);
  const difference = invoices.chargedMicros - invoices.billedMicros - invoices.carriedMicros;
  if (difference !== 0)
    faults.push(`charges and invoices differ by ${difference} micro-units: charged less billed less carried over`);
  if (clearingMicros !== 0) faults.push(`Stripe clearing (1390) stands at ${clearingMicros} micro-units`);
  if (reconciliation.state !== 'done') faults.push(`the reconciliation is ${reconciliation.state}`);
  else if (reconciliation.breaks > 0)
    faults.push(`the ledger and Stripe differ in ${reconciliation.breaks} subjects${first(reconciliation.found)}`);
  return faults;
}

function first([found]: readonly Break[]): string {
  if (found === undefined) return '';
  return `, such as ${found.comparison} of ${found.subject}: ${found.ledger ?? 'nothing'} here, ${found.stripe ?? 'nothing'} at Stripe`;
}
