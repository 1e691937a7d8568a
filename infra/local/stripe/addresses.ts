/** Addresses as Stripe takes and shows them. */
import type { Stripe } from 'stripe';
import * as p from './params.ts';

export const addressFields = p.clearable(
  p.hash({
    city: p.text.optional(),
    country: p.text.optional(),
    line1: p.text.optional(),
    line2: p.text.optional(),
    postal_code: p.text.optional(),
    state: p.text.optional(),
  }),
);

/** With null for what was not given. */
export const addressOf = (given: Partial<Stripe.Address> | null): Stripe.Address | null =>
  given === null
    ? null
    : {
        city: given.city ?? null,
        country: given.country ?? null,
        line1: given.line1 ?? null,
        line2: given.line2 ?? null,
        postal_code: given.postal_code ?? null,
        state: given.state ?? null,
      };
