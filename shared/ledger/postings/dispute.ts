/**
 * Disputes: what is held when one is opened, and what is given back when it is accepted in whole or in part; rejected or
 * withdrawn is the exact reversal. Each provider that was paid has its own entry, since each has its own list; 2105 lies between them.
 */
import { asMicros } from '../../kernel/money.ts';
import { kept } from '../entry.ts';
import type { Leg } from '../ledger.ts';

/** The disputed charge: what the finisher was paid, what others were paid of b, the fee, and x of what is given back. */
export type HeldCharge = {
  company: string;
  provider: string;
  priceMicros: number;
  /** What the finisher was paid. */
  ownMicros: number;
  feeMicros: number;
};

/** What is given back of it: P_α = own + of others + f_α + x_α. */
export type GivenBack = {
  priceMicros: number;
  ownMicros: number;
  othersMicros: number;
  feeMicros: number;
  poolMicros: number;
};

/** The part of the charge's SLA credit that is taken back with it. */
export type SlaTakenBack = { providerMicros: number; marketMicros: number };
export const NO_SLA: SlaTakenBack = { providerMicros: 0, marketMicros: 0 };
export const slaMicros = (sla: SlaTakenBack): number => asMicros(sla.providerMicros + sla.marketMicros);

/** The pool that x comes from: the round's, or the queue's carried one once the round is closed. */
export type PoolAccount = { account: '2400' | '2410'; of: string };

/** Opened: 2100 · 4100 | 2110 · 2300; not invoiced also 1110 P | 1100 P, so that no invoice bills it meanwhile. */
export const openedLegs = (held: HeldCharge, isInvoiced: boolean): Leg[] =>
  kept([
    ...(isInvoiced ? [] : outOfUnbilledLegs(held.company, held.priceMicros)),
    { account: '2100', of: held.provider, micros: held.ownMicros },
    { account: '2110', of: held.provider, micros: -held.ownMicros },
    { account: '4100', of: null, micros: held.feeMicros },
    { account: '2300', of: null, micros: -held.feeMicros },
  ]);

/** What another provider was paid of it is held likewise. */
export const heldLegs = (provider: string, micros: number): Leg[] =>
  kept([
    { account: '2100', of: provider, micros },
    { account: '2110', of: provider, micros: -micros },
  ]);

/** The plan that had invoiced the charge of an open dispute was dropped: P leaves 1100, so that the next plan does not bill it. */
export const outOfUnbilledLegs = (company: string, priceMicros: number): Leg[] =>
  kept([
    { account: '1110', of: company, micros: priceMicros },
    { account: '1100', of: company, micros: -priceMicros },
  ]);

/**
 * The providers' side of an acceptance, in whole or in part: 2110 · 2300 · 2400 x (2410 once the round is closed), what is
 * not given back goes to 2100 and 4100 again, and the charge's SLA credit is taken back by the same share.
 */
const giveBackLegs = (held: HeldCharge, back: GivenBack, sla: SlaTakenBack, pool: PoolAccount): Leg[] => [
  { account: '2110', of: held.provider, micros: held.ownMicros },
  { account: '2300', of: null, micros: held.feeMicros },
  { ...pool, micros: back.poolMicros },
  { account: '2105', of: null, micros: back.othersMicros },
  { account: '2100', of: held.provider, micros: back.ownMicros - held.ownMicros },
  { account: '4100', of: null, micros: back.feeMicros - held.feeMicros },
  { account: '2100', of: held.provider, micros: -sla.providerMicros },
  { account: '4190', of: null, micros: -sla.marketMicros },
];

/** Accepted, not invoiced: the company's part is 1110 P, and what it still pays, with the SLA credit taken back, is unbilled again. */
export const acceptedLegs = (held: HeldCharge, back: GivenBack, sla: SlaTakenBack, pool: PoolAccount): Leg[] =>
  kept([
    ...giveBackLegs(held, back, sla, pool),
    { account: '1110', of: held.company, micros: -held.priceMicros },
    { account: '1100', of: held.company, micros: held.priceMicros - back.priceMicros + slaMicros(sla) },
  ]);

/** Accepted, invoiced: `companyLegs` are those of its credit note, which gives back P_α less the SLA credit taken back. */
export const acceptedByCreditNoteLegs = (
  held: HeldCharge,
  back: GivenBack,
  sla: SlaTakenBack,
  pool: PoolAccount,
  companyLegs: readonly Leg[],
): Leg[] => kept([...giveBackLegs(held, back, sla, pool), ...companyLegs]);

/** Another provider's part of an acceptance: what it gives back goes to 2105, the rest is its own again. */
export const givenBackByLegs = (provider: string, heldMicros: number, backMicros: number): Leg[] =>
  kept([
    { account: '2110', of: provider, micros: heldMicros },
    { account: '2100', of: provider, micros: backMicros - heldMicros },
    { account: '2105', of: null, micros: -backMicros },
  ]);
