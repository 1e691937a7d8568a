/** Ends of accounts `AE#<company>` / `-`: asked by one person, approved by another, taken on by the sweep until it is done. All in one list. */
import * as z from 'zod';
import { withdrawCommitment } from '../commitment/commitment.store.ts';
import { financeDue, financeDueAt } from '../dispatch/finance-due.store.ts';
import { otherPerson } from '../identity/second-person.ts';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Change, type Item, type Key, keyText, type ListPage } from '../kernel/table.ts';
import { HOUR, iso } from '../kernel/time.ts';
import { changeStatus, readOrganisation } from '../organisation/organisation.store.ts';
import { readRound } from '../queue/queue.store.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { AccountEnd } from './account-end.ts';
import { settleCurrency } from './settle.store.ts';

export const ACCOUNT_END_DUE = 'account-end';
/** What it waits for is looked at again so much later. */
const RETRY_MS = HOUR;
/** All that were ever asked for. */
const ENDS = 'account-ends';
const keyOf = (company: string): Key => ({ pk: `AE#${company}`, sk: '-' });
type Refused = 'not_found' | 'second_person_needed' | 'account_end_decided';

export const readAccountEnd = (call: Call, company: string): Promise<AccountEnd | undefined> =>
  call.tables.get('ledger', keyOf(company), AccountEnd, { consistent: true });

/** A page of the ends that were asked for, newest first. */
export async function listAccountEnds(
  call: Call,
  page: ListPage,
): Promise<{ items: AccountEnd[]; after: Item | undefined }> {
  const index = { name: 'byProvider', pk: 'ppk', sk: 'psk' };
  const found = await call.tables.query('ledger', ListKey, { index, pk: ENDS, descending: true, ...page });
  const ends = await call.tables.getMany('ledger', found.items, AccountEnd, { consistent: true });
  return {
    items: found.items.flatMap((key) => ends.get(keyText(key)) ?? []),
    after: found.after as Item | undefined,
  };
}

/** Asks for the end of a company's account, once; asked again it answers how that stands. One that was withdrawn is asked anew. */
export async function askAccountEnd(
  call: Call,
  user: string,
  company: string,
  reason: string,
): Promise<Result<AccountEnd, 'not_found'>> {
  const organisation = await readOrganisation(call.tables, company);
  if (organisation?.kind !== 'company') return refuse('not_found', 'There is no such company.');
  const fresh: AccountEnd = {
    company,
    state: 'asked',
    reason,
    by: user,
    approvedBy: null,
    waitsFor: [],
    askedAt: iso(call.now),
    approvedAt: null,
    endedAt: null,
  };
  const item = { ...keyOf(company), ...fresh, ppk: ENDS, psk: `${timeKey(call.now)}#${company}` };
  const put = await call.tables.put('ledger', item, ABSENT);
  if (put.ok) return ok(fresh);
  const again = await call.tables.put('ledger', item, [['=', 'state', 'withdrawn']]);
  return ok(again.ok ? fresh : AccountEnd.parse(again.old));
}

/** Another person approves it: the company is suspended, and its account is brought to nothing from now on. */
export async function approveAccountEnd(
  call: Call,
  user: string,
  company: string,
): Promise<Result<AccountEnd, Refused>> {
  const end = await readAccountEnd(call, company);
  if (end === undefined) return refuse('not_found', 'Nobody asked to end this account.');
  if (end.approvedBy === user) return ok(end);
  if (end.state !== 'asked') return decided(end);
  const other = otherPerson(end.by, user, `the end of ${company}'s account`);
  if (!other.ok) return other;
  // First, so that nothing new begins once it is approved.
  await changeStatus(call.tables, company, 'suspend');
  const set = { state: 'approved' as const, approvedBy: user, approvedAt: iso(call.now) };
  const due = financeDueAt(call.now, ACCOUNT_END_DUE, company);
  return (await change(call, end, { set: { ...set, ...due } })) ? ok({ ...end, ...set }) : decided(end);
}

/** Takes back an end that nobody has approved. */
export async function withdrawAccountEnd(call: Call, company: string): Promise<Result<AccountEnd, Refused>> {
  const end = await readAccountEnd(call, company);
  if (end === undefined) return refuse('not_found', 'Nobody asked to end this account.');
  if (end.state === 'withdrawn') return ok(end);
  const set = { state: 'withdrawn' as const };
  return end.state === 'asked' && (await change(call, end, { set })) ? ok({ ...end, ...set }) : decided(end);
}

const decided = ({ state }: AccountEnd) =>
  refuse('account_end_decided', `The end of this account is ${state}: nobody decides it again.`);

async function change(call: Call, end: AccountEnd, to: Change): Promise<boolean> {
  return (await call.tables.update('ledger', keyOf(end.company), to, [['=', 'state', end.state]])).ok;
}

/** Takes every approved end on. One that fails holds up no other, and stays due. */
export async function sweepAccountEnds(call: StripeCall): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, ACCOUNT_END_DUE);
  const failures: unknown[] = [];
  for (const { pk } of due)
    await stepAccountEnd(call, pk.slice('AE#'.length)).catch((error: unknown) => failures.push(error));
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} ends of accounts failed: ${String(failures[0])}`);
  return { nextAt };
}

/** Takes one as far as it goes now, and notes what it waits for. */
export async function stepAccountEnd(call: StripeCall, company: string): Promise<void> {
  const end = await readAccountEnd(call, company);
  if (end?.state !== 'approved') return;
  const waitsFor: AccountEnd['waitsFor'] = [];
  const round = await unfinishedRound(call, company);
  if (round !== null) waitsFor.push({ currency: null, what: round });
  else
    for (const currency of Currency.options) {
      const what = await settleCurrency(call, end, currency);
      if (what !== null) waitsFor.push({ currency, what });
    }
  if (waitsFor.length === 0)
    await change(call, end, {
      set: { state: 'done', waitsFor, endedAt: iso(call.now) },
      remove: ['cpk', 'csk'],
    });
  else await change(call, end, { set: { waitsFor, ...financeDueAt(call.now + RETRY_MS, ACCOUNT_END_DUE, company) } });
}

const Listed = z.object({ pk: z.string() });
const ListKey = z.object({ pk: z.string(), sk: z.string() });
/** Newest commitments and awards that are looked at: older rounds are over. */
const NEWEST = 100;

/** A round that the company takes part in and that is not closed: its charges and credits are still to come. It leaves open ones. */
async function unfinishedRound(call: Call, company: string): Promise<string | null> {
  for (const prefix of ['C#', 'A#']) {
    const index = { name: 'owner', pk: 'opk', sk: 'osk' };
    const query = { index, pk: company, prefix, descending: true, limit: NEWEST };
    const { items } = await call.tables.query('market', Listed, query);
    for (const { pk } of items) {
      const [, queue = '', round = ''] = pk.split('#');
      const found = await readRound(call.tables, queue, Number(round));
      if (prefix === 'C#' && found?.state === 'open') await withdrawCommitment(call, company, queue, found.round);
      else if (found !== undefined && found.state !== 'closed')
        return `Round ${found.round} of ${queue} is ${found.state}: what it brings is charged or credited first.`;
    }
  }
  return null;
}
