/** Whether our ledger and Stripe say the same: what is compared, what kind each break is, and what is done about it. */
import * as z from 'zod';
import { Currency } from '../kernel/money.ts';
import { DAY, Instant } from '../kernel/time.ts';

/**
 * `meter`: settled resolutions against the witness meter. `invoices`: lines, tax and what is open. `customer_credit`: 2200.
 * `stripe_balance`: 1300, 1310 and each transaction; 1390 is nothing. `provider_paid`: transfers less reversals. `bank`: payouts.
 */
export const Comparison = z
  .enum(['meter', 'invoices', 'customer_credit', 'stripe_balance', 'provider_paid', 'bank'])
  .meta({ id: 'Comparison' });
export type Comparison = z.infer<typeof Comparison>;

/**
 * `timing`: one side is less than a day old, and the other may follow. `unknown`: money that nobody has explained.
 */
export const BreakKind = z
  .enum(['timing', 'missing_at_stripe', 'missing_in_ledger', 'amount_differs', 'unknown'])
  .meta({ id: 'BreakKind' });
export type BreakKind = z.infer<typeof BreakKind>;

/** What was done: `fetched_again` means that it was, and still differs. */
export const BreakDone = z
  .enum(['sent_again', 'fetched_again', 'payout_held', 'close_stops', 'reported'])
  .meta({ id: 'BreakDone' });
export type BreakDone = z.infer<typeof BreakDone>;

export const Break = z
  .object({
    comparison: Comparison,
    kind: BreakKind,
    subject: z.string().meta({ description: 'What differs: an invoice, a company, an account, a transaction …' }),
    currency: Currency.nullable().meta({ description: 'Null where resolutions are counted' }),
    ledger: z
      .int()
      .nullable()
      .meta({ description: 'What our side says, in micro-units or resolutions; null: nothing' }),
    stripe: z.int().nullable().meta({ description: 'What Stripe says' }),
    done: z.array(BreakDone),
    party: z.string().nullable().meta({ description: 'The company or provider that it is of' }),
  })
  .meta({ id: 'ReconciliationBreak' });
export type Break = z.infer<typeof Break>;

export const ReconciliationState = z.enum(['running', 'done', 'failed']).meta({ id: 'ReconciliationState' });
export const Reconciliation = z
  .object({
    id: z.string(),
    day: z.string().meta({ description: 'The UTC day that it looks at' }),
    state: ReconciliationState,
    startedAt: Instant,
    finishedAt: Instant.nullable(),
    askedBy: z.string().nullable().meta({ description: 'Null where it ran by itself' }),
    compared: z
      .array(z.object({ comparison: Comparison, subjects: z.int() }))
      .meta({ description: 'How many subjects each comparison looked at' }),
    breaks: z.int().meta({ description: 'All breaks, those of timing included' }),
    serious: z.int().meta({ description: 'Breaks that are not of timing' }),
    stopsClose: z.boolean(),
  })
  .meta({ id: 'Reconciliation' });
export type Reconciliation = z.infer<typeof Reconciliation>;

/** One subject as one side says it. */
export type Said = {
  value: number;
  /** When it last changed, in milliseconds; null where that is not known. */
  at: number | null;
  party?: string | null;
};
/** What a side says by subject; what is nothing may be left out. */
export type Side = ReadonlyMap<string, Said>;

/**
 * Every subject on which the two sides differ, with tolerance 0, in order of subject. A side that says nothing says 0. A
 * difference of which one side is younger than a day is of timing: the other may still follow.
 */
export function compareSides(
  comparison: Comparison,
  currency: Currency | null,
  ledger: Side,
  stripe: Side,
  now: number,
): Break[] {
  const subjects = [...new Set([...ledger.keys(), ...stripe.keys()])].sort();
  return subjects.flatMap((subject): Break[] => {
    const [ours, theirs] = [ledger.get(subject), stripe.get(subject)];
    if ((ours?.value ?? 0) === (theirs?.value ?? 0)) return [];
    const kind = kindOf(ours, theirs, now);
    return [
      {
        comparison,
        kind,
        subject,
        currency,
        ledger: ours?.value ?? null,
        stripe: theirs?.value ?? null,
        done: doneAbout(comparison, kind),
        party: ours?.party ?? theirs?.party ?? null,
      },
    ];
  });
}

function kindOf(ours: Said | undefined, theirs: Said | undefined, now: number): BreakKind {
  const youngest = Math.max(ours?.at ?? 0, theirs?.at ?? 0);
  if (youngest > now - DAY) return 'timing';
  if (ours === undefined) return 'missing_in_ledger';
  return theirs === undefined ? 'missing_at_stripe' : 'amount_differs';
}

/** What the table of BILLING.md says about a break ('Reconciliation'), after what can be fetched again was. */
function doneAbout(comparison: Comparison, kind: BreakKind): BreakDone[] {
  const isTiming = kind === 'timing';
  switch (comparison) {
    case 'meter':
      return isTiming ? ['sent_again'] : ['reported'];
    case 'invoices':
    case 'customer_credit':
      return isTiming ? ['fetched_again'] : ['fetched_again', 'close_stops'];
    case 'stripe_balance':
      return isTiming ? ['fetched_again'] : ['fetched_again', 'close_stops', 'reported'];
    case 'provider_paid':
      return isTiming ? ['fetched_again'] : ['fetched_again', 'payout_held', 'reported'];
    case 'bank':
      return isTiming ? ['fetched_again'] : ['fetched_again', 'reported'];
  }
}

/** Money in 1390, which is nothing where all is known. */
export const unknownBreak = (currency: Currency, micros: number): Break => ({
  comparison: 'stripe_balance',
  kind: 'unknown',
  subject: '1390',
  currency,
  ledger: micros,
  stripe: null,
  done: ['close_stops', 'reported'],
  party: null,
});

export const isSerious = ({ kind }: Break): boolean => kind !== 'timing';
export const stopsClose = ({ done }: Break): boolean => done.includes('close_stops');

/** Why a month cannot be closed, in one sentence; null where nothing stands in its way. */
export function reasonAgainstClose(breaks: readonly Break[]): string | null {
  const stopping = breaks.filter(stopsClose);
  const [first] = stopping;
  if (first === undefined) return null;
  const more = stopping.length === 1 ? '' : `, and ${stopping.length - 1} more`;
  const unit = first.currency === null ? 'resolutions' : `micro-units ${first.currency}`;
  return `${first.comparison} of ${first.subject}: the ledger says ${first.ledger ?? 'nothing'}, Stripe ${first.stripe ?? 'nothing'} (${unit})${more}.`;
}
