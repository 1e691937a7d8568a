/** Small readings of Stripe's objects: references that may be expanded, seconds, currencies in lower case. */
import { Currency } from '../kernel/money.ts';
import { SECOND } from '../kernel/time.ts';

/** The id in a reference, expanded or not. */
export const idOf = (reference: string | { id: string } | null | undefined): string | null =>
  typeof reference === 'string' ? reference : (reference?.id ?? null);

/** Stripe's seconds as milliseconds. */
export const msOf = (seconds: number): number => seconds * SECOND;

/** Throws where it is none that a queue may use. */
export const currencyOf = (code: string): Currency => Currency.parse(code.toUpperCase());
