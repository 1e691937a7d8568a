/**
 * Chargebacks: a bank takes money back, with a fee; the market answers with evidence or accepts; what is won comes back.
 * needs_response → under_review → won or lost; a lost one moves no money again.
 */
import type { Stripe } from 'stripe';
import type { Context } from '../context.ts';
import { invalid } from '../errors.ts';
import * as p from '../params.ts';
import { action, job, type Resource, route } from '../resource.ts';
import { settingsOf } from '../settings.ts';
import { book, DAY } from './balance.ts';
import { idOf } from './intents.ts';

type Dispute = Stripe.Dispute;

const FIELDS = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_communication',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'customer_signature',
  'duplicate_charge_documentation',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'receipt',
  'refund_policy',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'service_documentation',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_documentation',
  'shipping_tracking_number',
  'uncategorized_file',
  'uncategorized_text',
] as const satisfies readonly (keyof Stripe.Dispute.Evidence)[];
const evidenceText = p.text.max(20_000).optional();
const update = {
  evidence: p.hash(Object.fromEntries(FIELDS.map((field) => [field, evidenceText]))).optional(),
  metadata: p.metadata.optional(),
  submit: p.flag.optional(),
} satisfies p.ParamsOf<Stripe.DisputeUpdateParams>;
const list = {
  ...p.page,
  charge: p.text.optional(),
  created: p.created,
  payment_intent: p.text.optional(),
} satisfies p.ParamsOf<Stripe.DisputeListParams>;

const noEvidence = (): Stripe.Dispute.Evidence =>
  ({
    ...Object.fromEntries(FIELDS.map((field) => [field, null])),
    enhanced_evidence: {},
  }) as unknown as Stripe.Dispute.Evidence;

/** Takes a charge, or a part of it, back from the market. */
export function openDispute(
  context: Context,
  charge: Stripe.Charge,
  asked: { amount?: number | undefined; reason: string },
): Dispute {
  if (charge.status !== 'succeeded') throw invalid(`Charge ${charge.id} has not succeeded and cannot be disputed.`);
  const amount = asked.amount ?? charge.amount - charge.amount_refunded;
  const open = context.find('dispute', { charge: charge.id }).filter((one) => one.status !== 'won');
  const left = charge.amount - charge.amount_refunded - open.reduce((sum, one) => sum + one.amount, 0);
  if (amount < 1 || amount > left)
    throw invalid(`There are ${left} cents of the charge left to be disputed.`, { param: 'amount' });
  const settings = settingsOf(context);
  const id = context.newId('dp_1', 23);
  const withdrawn = book(context, {
    type: 'adjustment',
    amount: -amount,
    currency: charge.currency,
    source: id,
    description: `Chargeback withdrawal for ${charge.id}`,
    category: 'dispute',
    ...(settings.disputeFee === 0 ? {} : { fee: { amount: settings.disputeFee, description: 'Dispute fee' } }),
  });
  const due = context.now + settings.evidenceDays * DAY;
  const dispute = context.put('dispute', {
    id,
    object: 'dispute',
    amount,
    balance_transactions: [withdrawn],
    charge: charge.id,
    created: context.now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence(),
    evidence_details: {
      due_by: due,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    network_reason_code: '10.4',
    payment_intent: idOf(charge.payment_intent),
    ...detailsOf(charge),
    reason: asked.reason,
    status: 'needs_response',
  });
  const disputed = context.put('charge', { ...context.need('charge', charge.id), disputed: true });
  context.emit('charge.updated', 'charge', disputed, { disputed: charge.disputed });
  context.emit('charge.dispute.created', 'dispute', dispute);
  context.emit('charge.dispute.funds_withdrawn', 'dispute', dispute);
  context.later(due, 'dispute_due', { dispute: id });
  return dispute;
}

function detailsOf(charge: Stripe.Charge): Pick<Dispute, 'payment_method_details'> {
  const card = charge.payment_method_details?.card;
  if (card == null) return {};
  const network = card.brand ?? 'visa';
  return {
    payment_method_details: {
      card: { brand: network, case_type: 'chargeback', network, network_reason_code: '10.4' },
      type: 'card',
    },
  };
}

const isOver = (dispute: Dispute): boolean => dispute.status === 'won' || dispute.status === 'lost';

/** What the bank decides. */
export function closeDispute(context: Context, old: Dispute, status: 'won' | 'lost'): Dispute {
  if (isOver(old)) throw invalid(`This dispute is already closed: it was ${old.status}.`);
  const settings = settingsOf(context);
  if (status === 'lost') {
    const lost = context.put('dispute', { ...old, status });
    context.emit('charge.dispute.closed', 'dispute', lost);
    return lost;
  }
  const back = book(context, {
    type: 'adjustment',
    amount: old.amount,
    currency: old.currency,
    source: old.id,
    description: `Chargeback reversal for ${idOf(old.charge) ?? ''}`,
    category: 'dispute_reversal',
    ...(settings.isDisputeFeeReturned && settings.disputeFee > 0
      ? { fee: { amount: -settings.disputeFee, description: 'Dispute fee refund' } }
      : {}),
  });
  const won = context.put('dispute', { ...old, status, balance_transactions: [...old.balance_transactions, back] });
  context.emit('charge.dispute.funds_reinstated', 'dispute', won);
  context.emit('charge.dispute.closed', 'dispute', won);
  return won;
}

/** In Stripe's test mode these words decide. */
const VERDICTS: Readonly<Record<string, 'won' | 'lost'>> = { winning_evidence: 'won', losing_evidence: 'lost' };

type Change = {
  evidence?: Partial<Stripe.Dispute.Evidence> | undefined;
  metadata?: Record<string, string | null> | null | undefined;
  submit?: boolean | undefined;
};

function answerDispute(context: Context, old: Dispute, change: Change): Dispute {
  const isSubmitted = change.evidence !== undefined && change.submit !== false;
  if (isOver(old) && change.evidence !== undefined)
    throw invalid('This dispute is already closed.', { param: 'evidence' });
  if (isSubmitted && old.evidence_details.submission_count > 0)
    throw invalid('Evidence has already been submitted for this dispute.', { param: 'submit' });
  const details = old.evidence_details;
  const next = context.put('dispute', {
    ...old,
    evidence: { ...old.evidence, ...change.evidence },
    evidence_details: {
      ...details,
      has_evidence: details.has_evidence || change.evidence !== undefined,
      submission_count: details.submission_count + (isSubmitted ? 1 : 0),
      submission_method: isSubmitted ? 'manual' : details.submission_method,
    },
    metadata: p.mergeMetadata(old.metadata, change.metadata),
    status: isSubmitted ? 'under_review' : old.status,
  });
  context.emit('charge.dispute.updated', 'dispute', next, { evidence_details: details, status: old.status });
  const verdict = VERDICTS[next.evidence.uncategorized_text ?? ''];
  return isSubmitted && verdict !== undefined ? closeDispute(context, next, verdict) : next;
}

/** Nobody answered in time. */
function becomeDue(context: Context, id: string): void {
  const dispute = context.need('dispute', id);
  if (dispute.status !== 'needs_response') return;
  const details = { ...dispute.evidence_details, past_due: true };
  closeDispute(context, { ...dispute, evidence_details: details }, 'lost');
}

const chargeOf = (
  context: Context,
  { charge, invoice }: { charge?: string | undefined; invoice?: string | undefined },
) => {
  if (charge !== undefined) return context.need('charge', charge, 'charge');
  const [payment] = context.find('invoice_payment', {
    invoice: invoice ?? '',
    status: 'paid',
    'payment.type': 'payment_intent',
  });
  const intent = context.need('payment_intent', idOf(payment?.payment.payment_intent) ?? '', 'invoice');
  return context.need('charge', idOf(intent.latest_charge) ?? '', 'invoice');
};

export const disputes: Resource = {
  routes: [
    route('GET', '/v1/disputes', list, (context, { params }) => {
      const { charge, payment_intent } = params;
      return context.list('dispute', params, { url: '/v1/disputes', where: { charge, payment_intent } });
    }),
    route('GET', '/v1/disputes/:dispute', {}, (context, { ids }) => context.need('dispute', ids.dispute ?? '')),
    route('POST', '/v1/disputes/:dispute', update, (context, { ids, params }) =>
      answerDispute(context, context.need('dispute', ids.dispute ?? ''), params as Change),
    ),
    route('POST', '/v1/disputes/:dispute/close', {}, (context, { ids }) =>
      closeDispute(context, context.need('dispute', ids.dispute ?? ''), 'lost'),
    ),
  ],
  jobs: {
    dispute_due: job<{ dispute: string }>((context, { dispute }) => becomeDue(context, dispute)),
    open_dispute: job<{ charge: string }>((context, { charge }) => {
      openDispute(context, context.need('charge', charge), { reason: 'fraudulent' });
    }),
  },
  actions: {
    chargeback: action(
      "Has the customer's bank take a payment back, or a part of it.",
      {
        charge: p.text.optional(),
        invoice: p.text.optional(),
        amount: p.whole.optional(),
        reason: p.text.default('fraudulent'),
      },
      (context, asked) => openDispute(context, chargeOf(context, asked), asked),
    ),
    win_dispute: action('Has the bank decide a dispute for the market.', { dispute: p.text }, (context, { dispute }) =>
      closeDispute(context, context.need('dispute', dispute, 'dispute'), 'won'),
    ),
    lose_dispute: action(
      'Has the bank decide a dispute against the market.',
      { dispute: p.text },
      (context, { dispute }) => closeDispute(context, context.need('dispute', dispute, 'dispute'), 'lost'),
    ),
  },
  views: {
    // As they are now: what was pending may have become available.
    dispute: (context, dispute) => ({
      ...dispute,
      balance_transactions: dispute.balance_transactions.map(
        (one) => context.get('balance_transaction', one.id) ?? one,
      ),
    }),
  },
};
