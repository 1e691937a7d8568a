/** Money that goes back to a company: asked for by one person, released by another, paid through Stripe or by bank. */
import * as z from 'zod';
import { otherPerson } from '../identity/second-person.ts';
import { OrganisationId } from '../kernel/id.ts';
import { asMicros, Currency } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { Instant, iso } from '../kernel/time.ts';

/**
 * `asked` → `released` → `paid`, or `declined`: then it is credit. What was released is `asked` again where nothing has left
 * and its invoice has changed or Stripe refused; `lapsed`: its invoice has nothing left to pay back.
 */
export const RefundState = z.enum(['asked', 'released', 'paid', 'declined', 'lapsed']).meta({ id: 'RefundState' });
export type RefundState = z.infer<typeof RefundState>;
export type RefundEvent = 'release' | 'decline' | 'pay' | 'ask_again' | 'lapse';

const NEXT: Record<RefundState, Partial<Record<RefundEvent, RefundState>>> = {
  asked: { release: 'released', decline: 'declined', ask_again: 'asked', lapse: 'lapsed' },
  released: { pay: 'paid', ask_again: 'asked', lapse: 'lapsed' },
  paid: {},
  declined: {},
  lapsed: {},
};

/** The state after an event; null where the event does not apply. */
export const afterEvent = (state: RefundState, event: RefundEvent): RefundState | null => NEXT[state][event] ?? null;

export const RefundId = z
  .string()
  .regex(/^[\w.-]{4,90}$/, 'is not a refund id')
  .meta({ description: "A refund's id: that of its dispute, or one of its own" });

/** A part of it at Stripe: from which payment, how much, and the refund once it is made. */
const Part = z.object({ intent: z.string(), micros: z.int().min(1), stripeRefund: z.string().nullable() });

export const Refund = z.object({
  id: RefundId,
  /** `dispute`: of a credit note. `credit`: a company's credit is paid out. */
  kind: z.enum(['dispute', 'credit']),
  company: OrganisationId,
  currency: Currency,
  /** The invoice whose payments are paid back. */
  invoice: z.string(),
  micros: z.int().min(1),
  reason: z.string(),
  /** Who made it: asked for it, or decided the dispute. Each of them releases nothing of it. */
  makers: z.array(z.string()).min(1),
  state: RefundState,
  way: z.enum(['stripe', 'bank']).nullable(),
  bankReference: z.string().nullable(),
  parts: z.array(Part),
  releasedBy: z.string().nullable(),
  /** Why it is asked again. */
  trouble: z.string().nullable().default(null),
  askedAt: z.number(),
  releasedAt: z.number().nullable(),
  /** From when on its money may have left: its amount stands. */
  payingAt: z.number().nullable().default(null),
  paidAt: z.number().nullable(),
});
export type Refund = z.infer<typeof Refund>;

export const ReleaseInput = z
  .discriminatedUnion('way', [
    z.strictObject({ way: z.literal('stripe') }),
    z.strictObject({
      way: z.literal('bank'),
      bankReference: z.string().trim().min(1).max(140).meta({ description: 'Of the transfer that pays it' }),
    }),
  ])
  .meta({ id: 'RefundReleaseInput' });
export type ReleaseInput = z.infer<typeof ReleaseInput>;

export const CreditPayoutInput = z
  .strictObject({
    invoice: z.string().max(80).meta({ description: 'A paid invoice; through Stripe its payments are paid back' }),
    micros: z.int().min(1).meta({ description: 'Whole cents of the company’s credit' }),
    reason: z.string().trim().min(1).max(500),
  })
  .meta({ id: 'CreditPayoutInput' });
export type CreditPayoutInput = z.infer<typeof CreditPayoutInput>;

/** Whether nothing of it can have left yet, so that its amount still follows its invoice. */
export const mayStillChange = ({ state, way, payingAt }: Refund): boolean =>
  state === 'asked' || (state === 'released' && way === 'stripe' && payingAt === null);

/** It waits for a second person again, of another amount or since Stripe refused; `lapsed` where nothing is left. */
export function askedAgain(refund: Refund, micros: number, trouble: string): Refund {
  const state = afterEvent(refund.state, micros === 0 ? 'lapse' : 'ask_again');
  if (state === null) throw new Error(`the refund ${refund.id} is ${refund.state} and asked again`);
  const undecided = { way: null, bankReference: null, parts: [], releasedBy: null, releasedAt: null, payingAt: null };
  return { ...refund, ...undecided, state, trouble, micros: micros === 0 ? refund.micros : micros };
}

/** What a credit note's refund comes to, where `paidMicros` were paid back: the rest is credit, and what is too much is owed. */
export function settleRefund(
  amounts: { refundMicros: number; creditMicros: number },
  paidMicros: number,
): { refundMicros: number; creditMicros: number; excessMicros: number } {
  const refundMicros = Math.min(amounts.refundMicros, paidMicros);
  return {
    refundMicros,
    creditMicros: asMicros(amounts.creditMicros + amounts.refundMicros - refundMicros),
    excessMicros: asMicros(paidMicros - refundMicros),
  };
}

export type RefundRefusal = 'second_person_needed' | 'refund_over' | 'refund_not_covered';

/** Whether this person may release or decline it: nobody who made it or decided what it follows from, whatever the role. */
export const mayRelease = (refund: Refund, user: string): Result<null, 'second_person_needed'> =>
  otherPerson(refund.makers, user, 'this refund or decided its dispute');

/**
 * Spreads a refund over payments, oldest first, in whole cents: as much of each as it has left. `refund_not_covered` where
 * that is too little; then a bank pays it.
 */
export function spreadOver(
  micros: number,
  payments: readonly { intent: string; leftMicros: number }[],
): Result<{ intent: string; micros: number; stripeRefund: null }[], 'refund_not_covered'> {
  let left = micros;
  const parts = payments.flatMap(({ intent, leftMicros }) => {
    const part = Math.min(left, Math.max(0, leftMicros));
    left -= part;
    return part === 0 ? [] : [{ intent, micros: part, stripeRefund: null }];
  });
  return left === 0
    ? ok(parts)
    : refuse('refund_not_covered', 'Its payments through Stripe have too little left to pay it back; pay it by bank.');
}

export const RefundView = z
  .object({
    id: RefundId,
    kind: Refund.shape.kind,
    company: OrganisationId,
    currency: Currency,
    invoice: z.string(),
    micros: z.int(),
    reason: z.string(),
    state: RefundState,
    way: z.enum(['stripe', 'bank']).nullable(),
    bankReference: z.string().nullable(),
    makers: z.array(z.string()).meta({ description: 'Users; none of them releases it' }),
    releasedBy: z.string().nullable(),
    trouble: z.string().nullable().meta({ description: 'Why it is asked again, or over' }),
    askedAt: Instant,
    releasedAt: Instant.nullable(),
    paidAt: Instant.nullable(),
  })
  .meta({ id: 'Refund' });
export type RefundView = z.infer<typeof RefundView>;

const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

export const viewOf = ({
  parts: _parts,
  payingAt: _paying,
  askedAt,
  releasedAt,
  paidAt,
  ...refund
}: Refund): RefundView => ({
  ...refund,
  askedAt: iso(askedAt),
  releasedAt: isoOrNull(releasedAt),
  paidAt: isoOrNull(paidAt),
});
