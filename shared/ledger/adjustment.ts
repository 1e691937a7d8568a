/** Corrections by two people: one proposes an entry with a reason, another one approves it. Nothing posted is ever edited. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { Instant } from '../kernel/time.ts';
import { isBalanced, isListed } from './entry.ts';
import { ACCOUNTS, type AccountCode, EntryKind, type EntryView, Leg } from './ledger.ts';
import { ownFundsLegs, reversalLegs, taxReturnLegs } from './postings/market.ts';

const MOST_MICROS = 1_000_000_000_000_000;
const Event = z.string().min(1).max(300).meta({ description: 'The event of the entry that it corrects' });
const Reason = z
  .string()
  .trim()
  .min(10, 'must say why, in ten characters at least')
  .max(500)
  .meta({ description: 'Why, for whoever reads the books later' });
const Amount = z.int().min(-MOST_MICROS).max(MOST_MICROS);
const Positive = z.int().min(0).max(MOST_MICROS);
const NewLeg = Leg.extend({ of: z.string().max(200).nullable(), micros: Amount });

export const AdjustmentInput = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('adjustment'), adjusts: Event, legs: z.array(NewLeg).min(2).max(20), reason: Reason }),
    z.object({ kind: z.literal('reversal'), adjusts: Event, reason: Reason }),
    z.object({ kind: z.literal('shortfall_correction'), adjusts: Event, reason: Reason }),
    z.object({ kind: z.literal('own_funds'), currency: Currency, micros: Amount, reason: Reason }),
    z.object({
      kind: z.literal('tax_return'),
      currency: Currency,
      taxMicros: Positive.meta({ description: 'Of 2500' }),
      inputTaxMicros: Positive.meta({ description: 'Of 1500' }),
      reason: Reason,
    }),
    z.object({ kind: z.literal('account_closed'), currency: Currency, owner: OrganisationId, reason: Reason }),
  ])
  .meta({ id: 'AdjustmentInput' });
export type AdjustmentInput = z.infer<typeof AdjustmentInput>;

/** `approved`: what it corrects is invoiced; it is posted with the credit note on that invoice. */
export const AdjustmentState = z.enum(['proposed', 'approved', 'posted', 'withdrawn']).meta({ id: 'AdjustmentState' });
export type AdjustmentState = z.infer<typeof AdjustmentState>;

export const AdjustmentId = z.string().regex(/^adj_[0-9a-f]{20}$/);
export const Adjustment = z
  .object({
    id: AdjustmentId,
    state: AdjustmentState,
    kind: z.enum(['adjustment', 'reversal', 'shortfall_correction', 'own_funds', 'tax_return', 'account_closed']),
    event: z.string().meta({ description: 'The event under which it is posted' }),
    adjusts: z.string().nullable(),
    currency: Currency,
    legs: z.array(Leg),
    reason: z.string(),
    proposedBy: z.string(),
    proposedAt: Instant,
    decidedBy: z.string().nullable().meta({ description: 'Who approved or withdrew it' }),
    decidedAt: Instant.nullable(),
  })
  .meta({ id: 'Adjustment' });
export type Adjustment = z.infer<typeof Adjustment>;

/**
 * Accounts that people may correct. The others move only with something outside the ledger or with a business object:
 * invoices, balance transactions, transfers, disputes, refunds, and the pool of a round.
 */
const ADJUSTABLE: readonly AccountCode[] = [
  '1010',
  '1100',
  '1500',
  '2100',
  '2105',
  '2410',
  '2500',
  '3000',
  '4100',
  '4190',
  '4200',
  '5100',
  '5110',
  '5200',
  '5300',
  '5400',
  '5900',
];

export type AdjustmentRefusal =
  | 'legs_unbalanced'
  | 'account_not_adjustable'
  | 'legs_of_several'
  | 'not_a_shortfall'
  | 'nothing_to_adjust';

/** What is proposed, as an entry to be posted; `adjusted` is the entry that the input names. */
export type Proposal = Pick<Adjustment, 'kind' | 'event' | 'adjusts' | 'currency' | 'legs' | 'reason'>;

export function proposalOf(
  input: Exclude<AdjustmentInput, { kind: 'account_closed' }>,
  id: string,
  adjusted: EntryView | null,
): Result<Proposal, AdjustmentRefusal> {
  const { kind, reason } = input;
  switch (input.kind) {
    case 'own_funds':
    case 'tax_return': {
      const legs =
        input.kind === 'own_funds' ? ownFundsLegs(input.micros) : taxReturnLegs(input.taxMicros, input.inputTaxMicros);
      return checked({ kind, event: id, adjusts: null, currency: input.currency, legs, reason });
    }
    case 'adjustment':
    case 'reversal':
    case 'shortfall_correction': {
      if (adjusted === null) throw new Error(`${input.adjusts} was not read`);
      if (kind === 'shortfall_correction' && adjusted.kind !== 'shortfall')
        return refuse('not_a_shortfall', `${adjusted.event} is no shortfall fee; propose an adjustment or a reversal.`);
      const common = { kind, adjusts: adjusted.event, currency: adjusted.currency, reason };
      if (input.kind === 'adjustment') return checked({ ...common, event: id, legs: input.legs });
      // By the same event, so that it is undone once.
      return checked({ ...common, event: `reversal#${adjusted.event}`, legs: reversalLegs(adjusted.legs) });
    }
  }
}

/** Whether a proposal may be posted as it stands. */
export function checked(proposal: Proposal): Result<Proposal, AdjustmentRefusal> {
  const { legs } = proposal;
  if (legs.every((leg) => leg.micros === 0))
    return refuse('nothing_to_adjust', 'This would move nothing; give amounts.');
  if (!isBalanced(legs))
    return refuse('legs_unbalanced', 'Debits (positive) and credits (negative) must sum to nothing.');
  const fixed = legs.find((leg) => !ADJUSTABLE.includes(leg.account));
  if (fixed !== undefined)
    return refuse(
      'account_not_adjustable',
      `${fixed.account} (${ACCOUNTS[fixed.account].name}) moves only with what it stands for; correct that instead.`,
    );
  const parties = partiesOf(legs);
  if (!legs.every((leg) => isListed(leg, parties)) || legs.some(lacksOwner))
    return refuse(
      'legs_of_several',
      'Name the company of each leg in 1100, the provider in 2100, the queue in 2410, nobody elsewhere; one company and one provider at the most.',
    );
  return ok(proposal);
}

const lacksOwner = (leg: Leg): boolean =>
  leg.account === '2410' ? leg.of === null : ACCOUNTS[leg.account].of === 'market' && leg.of !== null;

/** The company and the provider that some legs are of. */
export function partiesOf(legs: readonly Leg[]): { company: string | null; provider: string | null } {
  const ownerIn = (of: 'company' | 'provider'): string | null =>
    legs.find((leg) => ACCOUNTS[leg.account].of === of)?.of ?? null;
  return { company: ownerIn('company'), provider: ownerIn('provider') };
}

/** The kind of entry that a proposal becomes. */
export const entryKindOf = (kind: Adjustment['kind']): EntryKind =>
  kind === 'reversal' ? 'adjustment' : EntryKind.parse(kind);
