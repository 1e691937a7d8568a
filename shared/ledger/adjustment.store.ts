/** Adjustments `ADJUSTMENT#<id>` / `-`, listed by state; an approval posts the entry in the same transaction. */
import * as z from 'zod';
import { financeDueAt } from '../dispatch/finance-due.store.ts';
import { otherPerson } from '../identity/second-person.ts';
import { invoiceFor } from '../invoice/plan.store.ts';
import type { Call } from '../kernel/call.ts';
import { sha256Hex } from '../kernel/hash.ts';
import { timeKey } from '../kernel/id.ts';
import { type Currency, MICROS_PER_CENT } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Item, type Key } from '../kernel/table.ts';
import { iso, monthOf } from '../kernel/time.ts';
import {
  Adjustment,
  type AdjustmentInput,
  type AdjustmentRefusal,
  type AdjustmentState,
  entryKindOf,
  type Proposal,
  partiesOf,
  proposalOf,
} from './adjustment.ts';
import { balanceIn } from './balance.ts';
import { type NewEntry, postWith, readEntry, sideOf } from './ledger.store.ts';
import type { Leg } from './ledger.ts';
import { closedThrough } from './period.store.ts';
import { accountClosedLegs } from './postings/market.ts';
import { ownBalances } from './statement.store.ts';
import { type Behind, behind, readAllowance } from './trial-balance.store.ts';

const keyOf = (id: string): Key => ({ pk: `ADJUSTMENT#${id}`, sk: '-' });
/** The order of the credit note that corrects an invoiced entry, once; the sweep finds it while it is due. */
export const CORRECTION_DUE = 'shortfall-correction';
export const correctionKey = (adjusts: string): Key => ({ pk: `CORRECTION#${adjusts}`, sk: '-' });
const listOf = (state: AdjustmentState): string => `adjustments#${state}`;

type ProposeRefusal = AdjustmentRefusal | 'not_found' | 'not_a_rounding' | Behind;

/** Proposes an adjustment; the same call of the same person proposes once. */
export async function propose(
  call: Call,
  user: string,
  idempotencyKey: string,
  input: AdjustmentInput,
): Promise<Result<Adjustment, ProposeRefusal>> {
  const id = `adj_${(await sha256Hex(JSON.stringify(['adjustment', user, idempotencyKey]))).slice(0, 20)}`;
  const proposal = await proposed(call, id, input);
  if (!proposal.ok) return proposal;
  const adjustment: Adjustment = {
    ...proposal.value,
    id,
    state: 'proposed',
    proposedBy: user,
    proposedAt: iso(call.now),
    decidedBy: null,
    decidedAt: null,
  };
  const order = `${timeKey(call.now)}#${id}`;
  const item = { ...keyOf(id), ...adjustment, cpk: listOf('proposed'), csk: order };
  const written = await call.tables.put('ledger', item, ABSENT);
  return ok(written.ok ? adjustment : Adjustment.parse(written.old));
}

async function proposed(call: Call, id: string, input: AdjustmentInput): Promise<Result<Proposal, ProposeRefusal>> {
  const event = `adjustment#${id}`;
  if (input.kind === 'account_closed') {
    const legs = await closingLegs(call, input.owner, input.currency);
    if (!legs.ok) return legs;
    const { kind, currency, reason } = input;
    return ok({ kind, event, adjusts: null, currency, legs: legs.value, reason });
  }
  const adjusted = 'adjusts' in input ? await readEntry(call, input.adjusts) : undefined;
  if ('adjusts' in input && adjusted === undefined) return refuse('not_found', `There is no entry ${input.adjusts}.`);
  return proposalOf(input, event, adjusted ?? null);
}

/** What a company's or provider's account ends with, where that is less than a cent. */
async function closingLegs(
  call: Call,
  owner: string,
  currency: Currency,
): Promise<Result<Leg[], 'not_a_rounding' | 'nothing_to_adjust' | Behind>> {
  const balances = await ownBalances(call, owner, monthOf(call.now), await closedThrough(call), readAllowance());
  if (balances === null) return behind();
  const account = sideOf(owner) === 'provider' ? '2100' : '1100';
  const row = { currency, account, of: owner } as const;
  const micros = balanceIn(balances.opening, row) + balanceIn(balances.moved, row);
  if (micros === 0) return refuse('nothing_to_adjust', 'The account stands at nothing already.');
  if (Math.abs(micros) >= MICROS_PER_CENT)
    return refuse('not_a_rounding', 'The account stands at a cent or more: that is invoiced, paid or refunded.');
  return ok(accountClosedLegs(account, owner, micros));
}

/** The invoice that bills the shortfall that a proposal corrects: then a credit note on it does. */
export async function invoiceOfShortfall(
  call: Call,
  { kind, adjusts, legs, currency }: Pick<Adjustment, 'kind' | 'adjusts' | 'legs' | 'currency'>,
): Promise<string | null> {
  if (kind !== 'shortfall_correction' || adjusts === null) return null;
  const [entry, { company }] = [await readEntry(call, adjusts), partiesOf(legs)];
  if (entry === undefined || company === null) return null;
  return (await invoiceFor(call, company, currency, entry.period)).invoice;
}

type DecideRefusal = 'not_found' | 'adjustment_decided';
type ApproveRefusal = DecideRefusal | 'second_person_needed' | 'already_reversed' | 'adjustment_outdated' | Behind;

/**
 * Posts a proposed adjustment, by another person than who proposed it; the correction of a shortfall that is invoiced is
 * posted with its credit note, which the sweep makes. Approving again by the same person changes nothing.
 */
export async function approve(call: Call, user: string, id: string): Promise<Result<Adjustment, ApproveRefusal>> {
  const found = await readProposed(call, user, id, 'posted');
  if (!found.ok || found.value.state !== 'proposed') return found;
  const adjustment = found.value;
  const second = otherPerson(adjustment.proposedBy, user, 'this adjustment');
  if (!second.ok) return second;
  if ((await invoiceOfShortfall(call, adjustment)) !== null) return orderCreditNote(call, adjustment, user);
  if (adjustment.kind === 'account_closed') {
    const owner = adjustment.legs.find((leg) => leg.of !== null)?.of ?? '';
    const now = await closingLegs(call, owner, adjustment.currency);
    if (!now.ok && now.code === 'balances_behind') return behind();
    if (!now.ok || JSON.stringify(now.value) !== JSON.stringify(adjustment.legs))
      return refuse('adjustment_outdated', 'The account has moved since: withdraw this and propose it anew.');
  }
  const decided = { state: 'posted', decidedBy: user, decidedAt: iso(call.now), cpk: listOf('posted') } as const;
  const posted = await postWith(call, correctionEntry(adjustment, user, call.now), [
    { kind: 'update', table: 'ledger', key: keyOf(id), change: { set: decided }, when: [['=', 'state', 'proposed']] },
  ]);
  if (posted === 'posted') return readProposed(call, user, id, 'posted');
  if (typeof posted === 'object') return readProposed(call, user, id, 'posted');
  return alreadyReversed(adjustment);
}

const alreadyReversed = ({ adjusts }: Adjustment) =>
  refuse('already_reversed', `${adjusts} was reversed already; that is posted once.`);

/** Approves it and orders its credit note, once for what it corrects, whoever else proposed the same. */
async function orderCreditNote(
  call: Call,
  adjustment: Adjustment,
  user: string,
): Promise<Result<Adjustment, ApproveRefusal>> {
  const { id, adjusts } = adjustment;
  if ((await readEntry(call, adjustment.event)) !== undefined) return alreadyReversed(adjustment);
  const set = { state: 'approved', decidedBy: user, decidedAt: iso(call.now), cpk: listOf('approved') };
  const due = financeDueAt(call.now, CORRECTION_DUE, id);
  const written = await call.tables.transact([
    { kind: 'update', table: 'ledger', key: keyOf(id), change: { set }, when: [['=', 'state', 'proposed']] },
    { kind: 'put', table: 'ledger', item: { ...correctionKey(adjusts ?? ''), adjustment: id, ...due }, when: ABSENT },
  ]);
  return written.ok || written.at === 0 ? readProposed(call, user, id, 'posted') : alreadyReversed(adjustment);
}

/** Ends an approved correction, `posted` or `withdrawn`. */
export async function endCorrection(
  call: Call,
  { id, adjusts }: Adjustment,
  state: 'posted' | 'withdrawn',
): Promise<void> {
  const key = correctionKey(adjusts ?? '');
  await call.tables.transact([
    {
      kind: 'update',
      table: 'ledger',
      key: keyOf(id),
      change: { set: { state, cpk: listOf(state) } },
      when: [['=', 'state', 'approved']],
    },
    state === 'posted'
      ? { kind: 'update', table: 'ledger', key, change: { remove: ['cpk', 'csk'] } }
      : { kind: 'delete', table: 'ledger', key },
  ]);
}

/** The entry of an adjustment that `user` approved, at `occurredAt`. */
export function correctionEntry(adjustment: Adjustment, user: string, occurredAt: number): NewEntry {
  const { event, kind, currency, legs, adjusts, reason, proposedBy, proposedAt } = adjustment;
  return {
    event,
    kind: entryKindOf(kind),
    occurredAt,
    currency,
    ...partiesOf(legs),
    legs,
    facts: { adjustment: adjustment.id, adjusts, reason, proposedBy, proposedAt, approvedBy: user },
  };
}

/** Takes a proposal back: whoever made it, or whoever will not approve it. */
export async function withdraw(call: Call, user: string, id: string): Promise<Result<Adjustment, DecideRefusal>> {
  const found = await readProposed(call, user, id, 'withdrawn');
  if (!found.ok || found.value.state === 'withdrawn') return found;
  const set = { state: 'withdrawn', decidedBy: user, decidedAt: iso(call.now), cpk: listOf('withdrawn') };
  await call.tables.update('ledger', keyOf(id), { set }, [['=', 'state', 'proposed']]);
  return readProposed(call, user, id, 'withdrawn');
}

/** An adjustment that is open, or was decided by this person in this way. */
async function readProposed(
  call: Call,
  user: string,
  id: string,
  decision: 'posted' | 'withdrawn',
): Promise<Result<Adjustment, DecideRefusal>> {
  const found = await readAdjustment(call, id);
  if (found === undefined) return refuse('not_found', 'There is no such adjustment.');
  const decided = found.state === 'approved' ? 'posted' : found.state;
  if (found.state === 'proposed' || (decided === decision && found.decidedBy === user)) return ok(found);
  return refuse('adjustment_decided', `The adjustment was ${found.state} by ${found.decidedBy} at ${found.decidedAt}.`);
}

export const readAdjustment = (call: Call, id: string): Promise<Adjustment | undefined> =>
  call.tables.get('ledger', keyOf(id), Adjustment, { consistent: true });

const ListKey = z.object({ pk: z.string(), sk: z.string() });

/** A page of the adjustments in one state, newest first. */
export async function listAdjustments(
  call: Call,
  state: AdjustmentState,
  page: { limit: number; after?: Item },
): Promise<{ items: Adjustment[]; after: Item | undefined }> {
  const found = await call.tables.query('ledger', ListKey, {
    index: { name: 'byCompany', pk: 'cpk', sk: 'csk' },
    pk: listOf(state),
    descending: true,
    limit: page.limit,
    ...(page.after === undefined ? {} : { after: page.after }),
  });
  const items = await call.tables.getMany('ledger', found.items, Adjustment);
  return {
    items: found.items.flatMap(({ pk, sk }) => items.get(`${pk}|${sk}`) ?? []),
    after: found.after as Item | undefined,
  };
}
