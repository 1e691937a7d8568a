/** Proposals to give up what a provider owes `PD#<id>` / `-`, listed newest first, those that wait also by themselves. */
import * as z from 'zod';
import { otherPerson } from '../identity/second-person.ts';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Item, type Key, keyText, type ListPage } from '../kernel/table.ts';
import { fromIso, iso } from '../kernel/time.ts';
import { post } from '../ledger/ledger.store.ts';
import { debtGivenUpLegs } from '../ledger/postings/payout.ts';
import { Debt, type DebtInput } from './debt.ts';

const DEBTS = 'provider-debts';
const PROPOSED = 'provider-debts#proposed';
const debtKey = (id: string): Key => ({ pk: `PD#${id}`, sk: '-' });
const NO_DEBT = refuse('not_found', 'There is no such proposal.');

/** Proposes to give up what a provider owes. The id follows from the call, so that it is proposed once. */
export async function proposeDebt(call: Call, id: string, user: string, input: DebtInput): Promise<Debt> {
  const debt: Debt = {
    id,
    ...input,
    state: 'proposed',
    madeBy: user,
    madeAt: iso(call.now),
    approvedBy: null,
    approvedAt: null,
  };
  const place = `${timeKey(call.now)}#${id}`;
  const listed = { ppk: DEBTS, psk: place, cpk: PROPOSED, csk: place };
  const written = await call.tables.put('ledger', { ...debtKey(id), ...debt, ...listed }, ABSENT);
  return written.ok ? debt : Debt.parse(written.old);
}

type Decided = 'not_found' | 'debt_decided';

/**
 * A second person gives the debt up: 5200 to 2100. Refuses `second_person_needed`, and `not_owed` where the provider owes
 * less than that in all.
 */
export async function approveDebt(
  call: Call,
  id: string,
  user: string,
  owedMicros: (debt: Debt) => Promise<number>,
): Promise<Result<Debt, Decided | 'second_person_needed' | 'not_owed'>> {
  const debt = await call.tables.get('ledger', debtKey(id), Debt, { consistent: true });
  if (debt === undefined) return NO_DEBT;
  if (debt.state === 'withdrawn') return decided(debt);
  if (debt.state === 'proposed') {
    const allowed = otherPerson(debt.madeBy, user, 'this proposal');
    if (!allowed.ok) return allowed;
    const owed = -(await owedMicros(debt));
    if (owed < debt.micros)
      return refuse(
        'not_owed',
        `The provider owes ${Math.max(0, owed)} micro-units in all: propose no more than that.`,
      );
  }
  const approval = { state: 'approved', approvedBy: user, approvedAt: iso(call.now) };
  const changed = await call.tables.change('ledger', debtKey(id), Debt, { set: approval, remove: ['cpk', 'csk'] }, [
    ['=', 'state', 'proposed'],
  ]);
  const approved = changed.ok ? changed.item : Debt.parse(changed.old);
  if (approved.state !== 'approved') return decided(approved);
  const posted = await post(call, {
    event: debtEvent(id),
    kind: 'debt_given_up',
    occurredAt: fromIso(approved.approvedAt ?? approved.madeAt),
    currency: approved.currency,
    company: null,
    provider: approved.provider,
    legs: debtGivenUpLegs(approved.provider, approved.micros),
    facts: { debt: id, reason: approved.reason, madeBy: approved.madeBy, approvedBy: approved.approvedBy },
  });
  if (posted === 'refused') throw new Error(`the debt ${id} was given up with other content`);
  return ok(approved);
}

const debtEvent = (id: string): string => `debt-given-up#${id}`;

/** Takes a proposal back that nobody has approved: whoever made it, or whoever will not approve it. */
export async function withdrawDebt(call: Call, id: string): Promise<Result<Debt, Decided>> {
  const changed = await call.tables.change(
    'ledger',
    debtKey(id),
    Debt,
    { set: { state: 'withdrawn' }, remove: ['cpk', 'csk'] },
    [['in', 'state', ['proposed', 'withdrawn']]],
  );
  if (changed.ok) return ok(changed.item);
  return changed.old === null ? NO_DEBT : decided(Debt.parse(changed.old));
}

const decided = ({ state }: Debt) => refuse('debt_decided', `The proposal is ${state}: nobody decides it again.`);

const ListKey = z.object({ pk: z.string(), sk: z.string() });

/** A page of proposals, newest first; those that wait for a second person oldest first. */
export async function listDebts(
  call: Call,
  which: 'all' | 'proposed',
  page: ListPage,
): Promise<{ items: Debt[]; after: Item | undefined }> {
  const of =
    which === 'all'
      ? { index: { name: 'byProvider', pk: 'ppk', sk: 'psk' }, pk: DEBTS, descending: true }
      : { index: { name: 'byCompany', pk: 'cpk', sk: 'csk' }, pk: PROPOSED };
  const found = await call.tables.query('ledger', ListKey, { ...of, ...page });
  const debts = await call.tables.getMany('ledger', found.items, Debt, { consistent: true });
  return {
    items: found.items.flatMap((key) => debts.get(keyText(key)) ?? []),
    after: found.after as Item | undefined,
  };
}
