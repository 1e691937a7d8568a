/** What an entry must be: balanced, in the lists of whom it touches, and the same when it comes again. */
import * as z from 'zod';
import { canonicalJson } from '../kernel/hash.ts';
import { asMicros } from '../kernel/money.ts';
import { storedText, textOf } from '../kernel/stored-text.ts';
import { ACCOUNTS, AccountCode, EntryView, Facts, Leg } from './ledger.ts';

/** What the events of all charges begin with. */
export const CHARGES = 'charge#';

/** Legs and facts are stored as text; entries from before have them as values. */
export const textOfLegs = (legs: readonly Leg[]): string =>
  textOf(legs.map(({ account, of, micros }): z.infer<typeof LegText> => [account, of, micros]));
export const textOfFacts = (facts: Facts): string => textOf(facts);
const LegText = z.tuple([AccountCode, z.string().nullable(), z.int()]);

export const StoredLegs = storedText(z.array(z.union([LegText, Leg]))).transform((legs) =>
  legs.map((leg): Leg => (Array.isArray(leg) ? { account: leg[0], of: leg[1], micros: leg[2] } : leg)),
);
/** An entry as it is stored. */
export const StoredEntry = EntryView.extend({ legs: StoredLegs, facts: storedText(Facts) });

/** Debits equal credits. */
export const isBalanced = (legs: readonly Leg[]): boolean =>
  legs.reduce((sum, leg) => sum + BigInt(leg.micros), 0n) === 0n;

/** Legs that move something, in whole micro-units. */
export const kept = (legs: readonly Leg[]): Leg[] =>
  legs.filter((leg) => leg.micros !== 0).map((leg) => ({ ...leg, micros: asMicros(leg.micros) }));

/** The exact reverse of some legs. */
export const reversed = (legs: readonly Leg[]): Leg[] =>
  legs.map((leg) => ({ ...leg, micros: asMicros(0 - leg.micros) }));

/** Whether whoever a leg is of has the entry in its list: each entry is of one company and one provider at the most. */
export function isListed(leg: Leg, of: { company: string | null; provider: string | null }): boolean {
  switch (ACCOUNTS[leg.account].of) {
    case 'company':
      return leg.of !== null && leg.of === of.company;
    case 'invoice':
      return leg.of !== null && of.company !== null && leg.of.startsWith(`${of.company}.`);
    case 'provider':
      return leg.of !== null && leg.of === of.provider;
    default:
      return true;
  }
}

type Content = Pick<EntryView, 'event' | 'kind' | 'occurredAt' | 'currency' | 'legs'>;

/**
 * What makes two entries the same: event, kind, amounts, their owners and time. The first write has fixed the period,
 * whether the pool or its carried account was meant, and whether money at Stripe was pending or available.
 */
export const contentOf = (entry: Content): string =>
  canonicalJson([entry.event, entry.kind, entry.occurredAt, entry.currency, entry.legs.map(fixedPart)]);

function fixedPart(leg: Leg): Leg | Record<string, number> {
  if (leg.account === '2400' || leg.account === '2410') return { pool: leg.micros };
  if (leg.account === '1300' || leg.account === '1310') return { stripe: leg.micros };
  return leg;
}
