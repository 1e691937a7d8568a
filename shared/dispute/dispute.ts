/** A company's dispute of one settled charge: its states in one transition table, its clocks, and what each command comes to. */
import * as z from 'zod';
import { afterOpenTime, WORKING_DAYS } from '../calendar/calendar.ts';
import { LeaseId } from '../dispatch/lease.ts';
import { OrganisationId, QueueId } from '../kernel/id.ts';
import { BPS, Currency } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { DAY, iso } from '../kernel/time.ts';
import { RequestId } from '../request/request.ts';
import type { Terms } from '../terms/terms.ts';
import { isWithin, Share } from './share.ts';

/** `open`, `contested` and `agreed` are open disputes: the provider's money is held. `agreed` takes effect once its invoice allows it. */
export const DisputeState = z
  .enum(['open', 'contested', 'agreed', 'accepted', 'partly_accepted', 'rejected', 'withdrawn'])
  .meta({ id: 'DisputeState' });
export type DisputeState = z.infer<typeof DisputeState>;
export type DisputeEvent = 'contest' | 'agree' | 'reject' | 'withdraw' | 'take_effect' | 'take_effect_in_part';

const NEXT: Record<DisputeState, Partial<Record<DisputeEvent, DisputeState>>> = {
  open: { contest: 'contested', agree: 'agreed', withdraw: 'withdrawn' },
  contested: { agree: 'agreed', reject: 'rejected', withdraw: 'withdrawn' },
  agreed: { take_effect: 'accepted', take_effect_in_part: 'partly_accepted' },
  accepted: {},
  partly_accepted: {},
  rejected: {},
  withdrawn: {},
};

/** The state after an event; null where the event does not apply. */
export const afterEvent = (state: DisputeState, event: DisputeEvent): DisputeState | null => NEXT[state][event] ?? null;

/** Whether the provider's money is held for it. */
export const isOpenDispute = (state: DisputeState): boolean => Object.keys(NEXT[state]).length > 0;

export const DisputeId = z
  .string()
  .regex(/^co_[0-9a-z]{4,20}\.[A-Za-z0-9_-]{22}\.d[1-9]$/, 'is not a dispute id')
  .meta({ description: "A dispute's id: the request of its charge and a number" });
/** A withdrawn dispute may be opened again, so often in all. */
export const MOST_DISPUTES = 9;
export const disputeIdOf = (request: string, number: number): string => `${request}.d${number}`;
export const requestOfDispute = (id: string): string => id.slice(0, id.lastIndexOf('.d'));
export const numberOfDispute = (id: string): number => Number(id.slice(id.lastIndexOf('.d') + 2));

const Text = z.string().trim().max(2_000);
export const DisputeReason = z
  .strictObject({
    code: z.enum([
      'not_resolved',
      'came_back',
      'wrong_category',
      'duplicate',
      'not_our_customer',
      'poor_quality',
      'other',
    ]),
    text: Text.default('').meta({ description: 'What the provider should know; needed where the code is `other`' }),
  })
  .refine((reason) => reason.code !== 'other' || reason.text !== '', {
    path: ['text'],
    message: 'must say what is wrong where the code is other',
  })
  .meta({ id: 'DisputeReason' });
export type DisputeReason = z.infer<typeof DisputeReason>;

export const DisputeInput = z
  .strictObject({
    reason: DisputeReason,
    share: Share.default({ bps: BPS }).meta({ description: 'How much of the charge; all of it where left out' }),
    wants: z.enum(['credit', 'refund']).default('credit').meta({
      description:
        'What becomes of what was paid: credit for further invoices, or money back, which a second person releases',
    }),
  })
  .meta({ id: 'DisputeInput' });
export type DisputeInput = z.infer<typeof DisputeInput>;

export const AnswerInput = z
  .discriminatedUnion('answer', [
    z.strictObject({ answer: z.literal('accept') }),
    z.strictObject({
      answer: z.literal('accept_part'),
      bps: z
        .int()
        .min(1)
        .max(BPS - 1)
        .meta({ description: 'How much of the charge is offered, in basis points' }),
      statement: Text.min(1),
    }),
    z.strictObject({ answer: z.literal('contest'), statement: Text.min(1) }),
  ])
  .meta({ id: 'DisputeAnswerInput' });
export type AnswerInput = z.infer<typeof AnswerInput>;

export const DecisionInput = z
  .strictObject({
    outcome: z.enum(['accept', 'reject']),
    share: Share.optional().meta({
      description: 'How much of the charge is given back; what was claimed where left out. Not with a rejection',
    }),
    reason: Text.min(1).meta({ description: 'Both sides read it' }),
  })
  .refine((input) => input.outcome === 'accept' || input.share === undefined, {
    path: ['share'],
    message: 'must be left out where the dispute is rejected',
  })
  .meta({ id: 'DisputeDecisionInput' });
export type DecisionInput = z.infer<typeof DecisionInput>;

const Answer = z.object({
  kind: z.enum(['accept', 'accept_part', 'contest']),
  statement: z.string(),
  offered: Share.nullable(),
  at: z.number(),
  by: z.string(),
});
/** How it ended: who decided, how much is given back (null: nothing), and why. `by` is a user, or null where a clock ran out. */
const Outcome = z.object({
  side: z.enum(['provider', 'silence', 'operator', 'company']),
  share: Share.nullable(),
  reason: z.string(),
  at: z.number(),
  by: z.string().nullable(),
});
export type Outcome = z.infer<typeof Outcome>;

export const Dispute = z.object({
  id: DisputeId,
  request: RequestId,
  lease: LeaseId,
  company: OrganisationId,
  provider: OrganisationId,
  queue: QueueId,
  round: z.int(),
  currency: Currency,
  /** The line of an invoice that bills it: see `lineKindOf`. */
  outcome: z.enum(['confirmed', 'assumed']),
  route: z.enum(['slot', 'overflow']),
  settledAt: z.number(),
  priceMicros: z.int(),
  bidMicros: z.int(),
  feeMicros: z.int(),
  poolMicros: z.int(),
  split: z.array(z.object({ provider: z.string(), micros: z.int() })),
  state: DisputeState,
  reason: z.object({ code: DisputeReason.shape.code, text: z.string() }),
  claimed: Share,
  wants: z.enum(['credit', 'refund']),
  termsVersion: z.int(),
  decisionDays: z.int(),
  openedAt: z.number(),
  openedBy: z.string(),
  answerBy: z.number(),
  decideBy: z.number().nullable(),
  /** When what it holds was posted; null before. */
  heldAt: z.number().nullable(),
  /** The invoice that bills the charge; null where P is held in 1110. */
  invoice: z.string().nullable(),
  /** What of the charge's SLA credit is taken back with it; fixed before it is posted. */
  sla: z.object({ providerMicros: z.int(), marketMicros: z.int() }).nullable(),
  answer: Answer.nullable(),
  ended: Outcome.nullable(),
  resolvedAt: z.number().nullable(),
  creditNote: z.string().nullable(),
});
export type Dispute = z.infer<typeof Dispute>;

/** Until when the provider may answer: working days are Monday to Friday in UTC, so that neither side's hours stretch the clock. */
export const answerBy = (openedAt: number, terms: Pick<Terms, 'disputeAnswerDays'>): number =>
  afterOpenTime(WORKING_DAYS, openedAt, terms.disputeAnswerDays * DAY);

/** Until when a charge can be disputed; null where its invoice is not final yet. */
export const disputableUntil = (finalizedAt: number | null, terms: Pick<Terms, 'disputeDays'>): number | null =>
  finalizedAt === null ? null : finalizedAt + terms.disputeDays * DAY;

/** What a clock that runs out does: the provider's silence accepts what is claimed; without a decision what was offered holds. */
export function defaultOf(dispute: Dispute): { at: number; share: Share | null } | null {
  if (dispute.state === 'open') return { at: dispute.answerBy, share: dispute.claimed };
  if (dispute.state === 'contested' && dispute.decideBy !== null)
    return { at: dispute.decideBy, share: dispute.answer?.offered ?? null };
  return null;
}

/** The dispute once a clock that has run out by now has spoken; as it is where none has. */
export function withDefault(dispute: Dispute, now: number): Dispute {
  const otherwise = defaultOf(dispute);
  if (otherwise === null || otherwise.at > now) return dispute;
  const reason =
    dispute.state === 'open'
      ? 'The provider did not answer in time.'
      : `No decision was made in time${otherwise.share === null ? ': the charge stands.' : ': what was offered holds.'}`;
  return ended(dispute, { side: 'silence', share: otherwise.share, reason, at: otherwise.at, by: null });
}

/** A dispute with its outcome: agreed, or rejected where nothing is given back. Throws where the table has no such step: a bug. */
function ended(dispute: Dispute, outcome: Outcome): Dispute {
  return { ...dispute, ended: outcome, state: next(dispute, outcome.share === null ? 'reject' : 'agree') };
}

function next(dispute: Dispute, event: DisputeEvent): DisputeState {
  const state = afterEvent(dispute.state, event);
  if (state === null) throw new Error(`${dispute.id} is ${dispute.state}: ${event} does not apply`);
  return state;
}

export type CommandRefusal = 'dispute_over' | 'dispute_answered' | 'not_contested' | 'no_offer' | 'share_out_of_bounds';
type Decided = Result<Dispute, CommandRefusal>;

const over = (dispute: Dispute) =>
  refuse('dispute_over', `The dispute is ${dispute.state.replace('_', ' ')}: nothing can be said in it any more.`, {
    extra: { state: dispute.state },
  });

/** The provider's answer, once. The same again is the same; what it offers must be less than what is claimed. */
export function answer(before: Dispute, input: AnswerInput, by: string, now: number): Decided {
  const dispute = withDefault(before, now);
  const offered = input.answer === 'accept_part' ? { bps: input.bps } : null;
  const statement = input.answer === 'accept' ? '' : input.statement;
  if (dispute.answer !== null) {
    const { kind, statement: said, offered: stood } = dispute.answer;
    const isSame = kind === input.answer && said === statement && JSON.stringify(stood) === JSON.stringify(offered);
    return isSame
      ? ok(dispute)
      : refuse('dispute_answered', 'You have answered this dispute; an answer stays as it is.');
  }
  if (dispute.state !== 'open') return over(dispute);
  if (offered !== null && isWithin(dispute.claimed, offered, dispute.priceMicros))
    return refuse('share_out_of_bounds', 'That is all that is claimed: accept the dispute instead.');
  const given = { ...dispute, answer: { kind: input.answer, statement, offered, at: now, by } };
  if (input.answer === 'accept')
    return ok(ended(given, { side: 'provider', share: dispute.claimed, reason: 'Accepted.', at: now, by }));
  return ok({ ...given, state: next(dispute, 'contest'), decideBy: now + dispute.decisionDays * DAY });
}

/** The operator's decision of a contested dispute: between what was offered and what is claimed. */
export function decide(before: Dispute, input: DecisionInput, by: string, now: number): Decided {
  const dispute = withDefault(before, now);
  const share = input.outcome === 'reject' ? null : (input.share ?? dispute.claimed);
  if (dispute.ended !== null) {
    const { side, share: stood, reason } = dispute.ended;
    const isSame = side === 'operator' && reason === input.reason && JSON.stringify(stood) === JSON.stringify(share);
    return isSame ? ok(dispute) : over(dispute);
  }
  if (dispute.state !== 'contested')
    return refuse(
      'not_contested',
      `The provider has until ${iso(dispute.answerBy)} to answer; there is nothing to decide yet.`,
    );
  const offered = dispute.answer?.offered ?? null;
  if (offered !== null && (share === null || !isWithin(offered, share, dispute.priceMicros)))
    return refuse('share_out_of_bounds', 'The provider has offered more than that; decide at least what it offered.');
  if (share !== null && !isWithin(share, dispute.claimed, dispute.priceMicros))
    return refuse('share_out_of_bounds', 'That is more than the company claims.');
  return ok(ended(dispute, { side: 'operator', share, reason: input.reason, at: now, by }));
}

/** The company is content with what the provider offered. Said again, it changes nothing. */
export function takeOffer(before: Dispute, by: string, now: number): Decided {
  const dispute = withDefault(before, now);
  if (dispute.ended?.side === 'company' && dispute.state !== 'withdrawn') return ok(dispute);
  if (dispute.ended !== null) return over(dispute);
  const offered = dispute.answer?.offered ?? null;
  if (offered === null) return refuse('no_offer', 'The provider has offered no part of the charge.');
  return ok(ended(dispute, { side: 'company', share: offered, reason: 'The offer was taken.', at: now, by }));
}

/** The company takes its dispute back: the charge stands. Said again, it changes nothing. */
export function withdraw(before: Dispute, by: string, now: number): Decided {
  const dispute = withDefault(before, now);
  if (dispute.state === 'withdrawn') return ok(dispute);
  if (dispute.ended !== null) return over(dispute);
  const outcome: Outcome = { side: 'company', share: null, reason: 'Withdrawn.', at: now, by };
  return ok({ ...dispute, ended: outcome, state: next(dispute, 'withdraw') });
}

/** What was agreed has been posted. `accepted` where the company got what it claimed. */
export function takeEffect(dispute: Dispute, creditNote: string | null, now: number): Dispute {
  const share = dispute.ended?.share ?? null;
  if (share === null) throw new Error(`${dispute.id} gives nothing back`);
  const isWhole = isWithin(dispute.claimed, share, dispute.priceMicros);
  const state = next(dispute, isWhole ? 'take_effect' : 'take_effect_in_part');
  return { ...dispute, state, creditNote, resolvedAt: now };
}
