/**
 * Disputes `DI#<request>` / `<number>`, listed by company and by provider under `disputes#<id>`; beside each `<number>!due`,
 * by which the sweep finds it until it is over, and under its invoice `I#<invoice>` / `dispute#<dispute>` while it is open.
 */
import * as z from 'zod';
import { financeDueAt } from '../dispatch/finance-due.store.ts';
import { readLease } from '../dispatch/lease.store.ts';
import { readInvoice } from '../invoice/invoice.store.ts';
import { invoiceFor } from '../invoice/plan.store.ts';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Item, type Key, keyText, type ListPage, type Write } from '../kernel/table.ts';
import { fromIso, iso } from '../kernel/time.ts';
import { readCharges, readSplits } from '../ledger/ledger.store.ts';
import type { EntryView } from '../ledger/ledger.ts';
import { readRound, termsOf } from '../queue/queue.store.ts';
import { companyOf, readHead } from '../request/request.store.ts';
import type { Terms } from '../terms/terms.ts';
import { announce } from '../webhook/webhook.store.ts';
import {
  answerBy,
  type CommandRefusal,
  Dispute,
  type DisputeInput,
  disputableUntil,
  disputeIdOf,
  MOST_DISPUTES,
  numberOfDispute,
  requestOfDispute,
} from './dispute.ts';
import { type DisputeEffect, disputeEvents } from './dispute-events.ts';
import { hold } from './post.store.ts';
import { isWithin, type Share } from './share.ts';

const MOST_TRIES = 4;
export const DUE_KIND = 'dispute';

export const disputeKey = (id: string): Key => ({ pk: `DI#${requestOfDispute(id)}`, sk: String(numberOfDispute(id)) });
const dueKey = (id: string): Key => ({ ...disputeKey(id), sk: `${numberOfDispute(id)}!due` });
const pointerKey = (invoice: string, id: string): Key => ({ pk: `I#${invoice}`, sk: `dispute#${id}` });
/** The dispute in the key of its due item. */
export const disputeInDue = ({ pk, sk }: Key): string => disputeIdOf(pk.slice('DI#'.length), Number(sk.split('!')[0]));

const CONTESTED = 'disputes#contested';
const listOf = (party: string): string => `disputes#${party}`;

/** A dispute as an item; `put` it only with the writes of `writesOf`. */
function disputeItem(dispute: Dispute): Item {
  const order = `${timeKey(dispute.openedAt)}#${dispute.id}`;
  return {
    ...disputeKey(dispute.id),
    ...dispute,
    cpk: listOf(dispute.company),
    csk: order,
    ppk: listOf(dispute.provider),
    psk: order,
  };
}

/** When it needs looking at next; null once it is over and posted. */
function dueAt(dispute: Dispute, now: number): number | null {
  if (dispute.resolvedAt !== null) return null;
  if (dispute.heldAt === null) return now;
  if (dispute.state === 'open') return dispute.answerBy;
  if (dispute.state === 'contested') return dispute.decideBy ?? now;
  return now;
}

/** Brings a dispute's due item, and its place under its invoice, to where it stands; `at` overrides when it is looked at. */
function sideWrites(dispute: Dispute, at: number | null): Write[] {
  const { id, invoice } = dispute;
  const contested =
    dispute.state === 'contested' ? { ppk: CONTESTED, psk: `${timeKey(dispute.decideBy ?? 0)}#${id}` } : {};
  const due: Write =
    at === null
      ? { kind: 'delete', table: 'ledger', key: dueKey(id) }
      : {
          kind: 'put',
          table: 'ledger',
          item: { ...dueKey(id), ...financeDueAt(at, DUE_KIND, id), ...contested },
        };
  if (invoice === null) return [due];
  const key = pointerKey(invoice, id);
  return [
    due,
    dispute.resolvedAt === null
      ? { kind: 'put', table: 'ledger', item: { ...key, dispute: id } }
      : { kind: 'delete', table: 'ledger', key },
  ];
}

/** Writes a dispute over its earlier self; false where that has changed meanwhile. */
export async function store(
  call: Call,
  before: Dispute,
  after: Dispute,
  at = dueAt(after, call.now),
): Promise<boolean> {
  const put: Write = {
    kind: 'put',
    table: 'ledger',
    item: disputeItem(after),
    when: [
      ['=', 'state', before.state],
      ['=', 'resolvedAt', before.resolvedAt],
    ],
  };
  return (await call.tables.transact([put, ...sideWrites(after, at)])).ok;
}

export const readDispute = (call: Call, id: string): Promise<Dispute | undefined> =>
  call.tables.get('ledger', disputeKey(id), Dispute, { consistent: true });

/** A dispute of this company or provider; anybody else's is as if it did not exist. */
export async function readOwnDispute(call: Call, tenant: string, id: string): Promise<Dispute | undefined> {
  const dispute = await readDispute(call, id);
  return dispute !== undefined && (dispute.company === tenant || dispute.provider === tenant) ? dispute : undefined;
}

/** Every dispute of a charge, oldest first. */
export async function disputesOf(call: Call, request: string): Promise<Dispute[]> {
  const keys = Array.from({ length: MOST_DISPUTES }, (_, i) => disputeKey(disputeIdOf(request, i + 1)));
  const found = await call.tables.getMany('ledger', keys, Dispute, { consistent: true });
  return keys.map((key) => found.get(keyText(key))).filter((dispute) => dispute !== undefined);
}

/** The open disputes of charges that an invoice bills: while there is one it is neither voided nor written off. */
export async function openDisputesOf(call: Call, invoice: string): Promise<string[]> {
  const page = { pk: `I#${invoice}`, prefix: 'dispute#', consistent: true };
  const found = await call.tables.queryAll('ledger', z.object({ sk: z.string() }), page);
  return found.map(({ sk }) => sk.slice('dispute#'.length));
}

/** Takes a dispute off an invoice that bills its charge no more. */
export async function dropPointer(call: Call, invoice: string, id: string): Promise<void> {
  await call.tables.delete('ledger', pointerKey(invoice, id));
}

type OpenRefusal = 'not_found' | 'window_passed' | 'dispute_exists' | 'not_disputable' | 'share_out_of_bounds';

/**
 * Opens a company's dispute of its settled charge, and holds the provider's money. The same call again answers with the same
 * dispute. Refused: `window_passed` after the terms' days from its final invoice; `dispute_exists` where it is or was disputed
 * (a withdrawn one may be opened anew); `not_disputable` where nothing was charged or its invoice was written off.
 */
export async function openDispute(
  call: Call,
  company: string,
  user: string,
  request: string,
  input: DisputeInput,
): Promise<Result<{ dispute: Dispute; created: boolean }, OpenRefusal>> {
  const charge = companyOf(request) === company ? (await readCharges(call, [request])).get(request) : undefined;
  if (charge === undefined) return refuse('not_found', 'There is no settled charge of this request.');
  const earlier = await disputesOf(call, request);
  const last = earlier.at(-1);
  if (last !== undefined && last.state !== 'withdrawn')
    return isSame(last, input) && last.openedBy === user ? opened(call, last, false) : exists(last);
  if (earlier.length >= MOST_DISPUTES) return exists(last!);
  const facts = await disputeFacts(call, charge, request);
  const refused = refusalOf(call, facts, input.share);
  if (refused !== undefined) return refused;
  const { terms } = facts;
  const dispute: Dispute = {
    ...facts.disputed,
    id: disputeIdOf(request, earlier.length + 1),
    state: 'open',
    reason: input.reason,
    claimed: input.share,
    wants: input.wants,
    termsVersion: facts.termsVersion,
    decisionDays: terms.disputeDecisionDays,
    openedAt: call.now,
    openedBy: user,
    answerBy: answerBy(call.now, terms),
    decideBy: null,
    heldAt: null,
    invoice: facts.invoice,
    sla: null,
    answer: null,
    ended: null,
    resolvedAt: null,
    creditNote: null,
  };
  const put: Write = { kind: 'put', table: 'ledger', item: disputeItem(dispute), when: ABSENT };
  const written = await call.tables.transact([put, ...sideWrites(dispute, call.now)]);
  if (written.ok) return opened(call, dispute, true);
  const other = Dispute.parse(written.old);
  return isSame(other, input) && other.openedBy === user ? opened(call, other, false) : exists(other);
}

/** What was written is held and told; where that crashes, the sweep does it. */
async function opened(call: Call, dispute: Dispute, created: boolean) {
  const held = await holdAndTell(call, dispute);
  return ok({ dispute: held, created });
}

/** Posts what a dispute holds, once, and tells its provider. */
export async function holdAndTell(call: Call, dispute: Dispute): Promise<Dispute> {
  if (dispute.heldAt !== null) return dispute;
  await hold(call, dispute);
  const held = { ...dispute, heldAt: call.now };
  await store(call, dispute, held);
  await announce(call, ...disputeEvents(held, 'opened'));
  return held;
}

const isSame = (dispute: Dispute, { reason, share, wants }: DisputeInput): boolean =>
  JSON.stringify([dispute.reason.code, dispute.reason.text, dispute.claimed, dispute.wants]) ===
  JSON.stringify([reason.code, reason.text, share, wants]);

const exists = (dispute: Dispute) =>
  refuse('dispute_exists', `The charge is disputed already (${dispute.id}, ${dispute.state.replace('_', ' ')}).`, {
    extra: { dispute: dispute.id, state: dispute.state },
  });

type Facts = {
  disputed: Pick<
    Dispute,
    | 'request'
    | 'lease'
    | 'company'
    | 'provider'
    | 'queue'
    | 'round'
    | 'currency'
    | 'outcome'
    | 'route'
    | 'settledAt'
    | 'priceMicros'
    | 'bidMicros'
    | 'feeMicros'
    | 'poolMicros'
    | 'split'
  >;
  invoice: string | null;
  invoiceState: string | null;
  until: number | null;
  terms: Terms;
  termsVersion: number;
};

/** What a dispute of a charge needs to know: what it came to, by which rules, and the invoice that bills it. */
async function disputeFacts(call: Call, charge: EntryView, request: string): Promise<Facts> {
  const { facts } = charge;
  const [company, queue, round] = [String(facts.company), String(facts.queue), Number(facts.round)];
  const [found, invoiced, split] = await Promise.all([
    readRound(call.tables, queue, round),
    invoiceFor(call, company, charge.currency, charge.period),
    Number(facts.splitMicros ?? 0) === 0 ? [] : splitsOf(call, request),
  ]);
  if (found === undefined) throw new Error(`a charge of an unknown round ${queue} ${round}`);
  const terms = await termsOf(call.tables, found);
  const invoice = invoiced.invoice === null ? undefined : await readInvoice(call, invoiced.invoice);
  const finalizedAt = invoice?.finalizedAt == null ? null : fromIso(invoice.finalizedAt);
  return {
    disputed: {
      request,
      lease: String(facts.lease),
      company,
      provider: String(facts.provider),
      queue,
      round,
      currency: charge.currency,
      outcome: facts.outcome === 'assumed' ? 'assumed' : 'confirmed',
      route: facts.route === 'overflow' ? 'overflow' : 'slot',
      settledAt: fromIso(charge.occurredAt),
      priceMicros: Number(facts.priceMicros),
      bidMicros: Number(facts.bidMicros),
      feeMicros: Number(facts.feeMicros),
      poolMicros: Number(facts.poolMicros),
      split,
    },
    invoice: invoiced.invoice,
    invoiceState: invoice?.state ?? null,
    until: disputableUntil(finalizedAt, terms),
    terms,
    termsVersion: found.termsVersion,
  };
}

/** What programs were paid of it: they are among the request's last turns. */
async function splitsOf(call: Call, request: string): Promise<{ provider: string; micros: number }[]> {
  const head = await readHead(call, request, { consistent: true });
  const leases = await Promise.all((head?.leases ?? []).map((id) => readLease(call, id)));
  const providers = [...new Set(leases.flatMap((lease) => (lease === undefined ? [] : [lease.provider])))];
  return readSplits(call, request, providers);
}

function refusalOf(call: Call, { disputed, invoiceState, until }: Facts, share: Share) {
  const { priceMicros } = disputed;
  if (priceMicros === 0) return refuse('not_disputable', 'Nothing was charged for this request.');
  if (invoiceState === 'uncollectible')
    return refuse('not_disputable', 'Its invoice was written off: nothing is to be paid for this charge.');
  if (until !== null && call.now >= until)
    return refuse('window_passed', `This charge could be disputed until ${iso(until)}.`, {
      extra: { until: iso(until) },
    });
  if (!isWithin(share, { bps: 10_000 }, priceMicros))
    return refuse('share_out_of_bounds', `At most ${priceMicros} micro-units were charged.`, {
      extra: { priceMicros },
    });
  return undefined;
}

/** Runs a command on a dispute, as it stands then, and writes what it came to. Told is what changed. */
export async function change(
  call: Call,
  id: string,
  command: (dispute: Dispute) => Result<Dispute, CommandRefusal>,
  tell: DisputeEffect,
): Promise<Result<Dispute, CommandRefusal | 'not_found' | 'still_running'>> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const stored = await readDispute(call, id);
    if (stored === undefined) return refuse('not_found', 'There is no such dispute.');
    const before = await holdAndTell(call, stored);
    const decided = command(before);
    if (!decided.ok) return decided;
    const after = decided.value;
    if (after.state === before.state || (await store(call, before, after))) {
      await announce(call, ...disputeEvents(after, after.ended === null ? tell : 'decided'));
      return ok(after);
    }
  }
  return refuse('still_running', 'Somebody else acted on this dispute at the same moment; read it and try again.', {
    retryable: true,
  });
}

type DisputePage = { items: Dispute[]; after: Item | undefined };
const ListKey = z.object({ pk: z.string(), sk: z.string() });

/** A page of one party's disputes, newest first. */
export async function listDisputes(call: Call, tenant: string, page: ListPage): Promise<DisputePage> {
  const index = tenant.startsWith('pr_')
    ? { name: 'byProvider', pk: 'ppk', sk: 'psk' }
    : { name: 'byCompany', pk: 'cpk', sk: 'csk' };
  const found = await call.tables.query('ledger', ListKey, { index, pk: listOf(tenant), descending: true, ...page });
  return { items: await readInOrder(call, found.items), after: found.after as Item | undefined };
}

/** A page of the disputes that the operator decides, the one due first in front. */
export async function listContested(call: Call, page: { limit: number; after?: Item }): Promise<DisputePage> {
  const index = { name: 'byProvider', pk: 'ppk', sk: 'psk' };
  const found = await call.tables.query('ledger', ListKey, { index, pk: CONTESTED, ...page });
  const keys = found.items.map((key) => disputeKey(disputeInDue(key)));
  return { items: await readInOrder(call, keys), after: found.after as Item | undefined };
}

async function readInOrder(call: Call, keys: readonly Key[]): Promise<Dispute[]> {
  const found = await call.tables.getMany('ledger', keys, Dispute, { consistent: true });
  return keys.map((key) => found.get(keyText(key))).filter((dispute) => dispute !== undefined);
}
