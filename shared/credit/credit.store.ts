/** What companies owe, looked at when they commit, when they pay, and every night; who owes too much pauses. */
import * as z from 'zod';
import { readCompanyAward } from '../award/award.store.ts';
import { endPause, pauseCompany, pausedOf } from '../budget/pause.store.ts';
import type { PauseReason } from '../budget/pause.ts';
import { Commitment } from '../commitment/commitment.ts';
import { financeDue, financeDueAt } from '../dispatch/finance-due.store.ts';
import { addEntry, nothingBillable } from '../invoice/billable.ts';
import { draftMonth, eachEntry } from '../invoice/draft.store.ts';
import type { Draft } from '../invoice/draft.ts';
import { isLongOverdue } from '../invoice/dunning.ts';
import { openInvoices } from '../invoice/invoice.store.ts';
import { hasClose } from '../invoice/plan.store.ts';
import { cachePerOwner } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import { formatMicros } from '../kernel/money.ts';
import type { Result } from '../kernel/result.ts';
import { ABSENT, type Key, keyText } from '../kernel/table.ts';
import { DAY, HOUR, monthOf } from '../kernel/time.ts';
import { companiesMovedSince } from '../ledger/moved.store.ts';
import { monthAfter, monthBefore, months } from '../ledger/period.ts';
import { listOrganisations, readOrganisation } from '../organisation/organisation.store.ts';
import type { Organisation } from '../organisation/organisation.ts';
import { readQueueItem, readRound, termsOf } from '../queue/queue.store.ts';
import type { Round } from '../round/round.ts';
import { checkCredit, type Exposure, isWithinLimit, owedAtWorst, worstCaseOf } from './credit.ts';

/** Rounds of a queue that may take commitments at the same time. */
const NEWEST_ROUNDS = 2;

/** What a company was charged and that no final invoice bills, by currency. */
async function unbilledOf(call: Call, company: Organisation): Promise<Draft[]> {
  const period = monthOf(call.now);
  const registered = monthOf(Date.parse(company.createdAt));
  const firstMonth = (await hasClose(call, monthBefore(period))) ? period : registered;
  return draftMonth(call, { company: company.id, firstMonth }, period);
}

/** A commitment that is about to be made, beside those that stand. */
export type Planned = Pick<Commitment, 'queue' | 'round' | 'volume' | 'reserveMicros'>;

/**
 * The worst case of all commitments of a company in rounds that still are open, `planned` in the place of its own, and of
 * what is left of its awards in active ones. `drafts`: what it was charged and no invoice bills.
 */
async function worstCase(
  call: Call,
  company: string,
  planned: Planned | undefined,
  drafts: readonly Draft[],
): Promise<number> {
  const listed = await call.tables.queryAll('market', z.object({ pk: z.string(), sk: z.string() }), {
    index: { name: 'owner', pk: 'opk', sk: 'osk' },
    pk: company,
    prefix: 'C#',
  });
  // In order of round: of each queue the newest ones.
  const queues = new Map<string, Key[]>();
  for (const key of listed) {
    const queue = key.pk.split('#')[1] ?? '';
    queues.set(queue, [...(queues.get(queue) ?? []), key].slice(-NEWEST_ROUNDS));
  }
  const keys = [...queues.values()].flat();
  const found = await call.tables.getMany('market', keys, Commitment, { consistent: true });
  const stand: Planned[] = keys.flatMap((key) => found.get(keyText(key)) ?? []);
  const others = stand.filter((one) => one.queue !== planned?.queue || one.round !== planned.round);
  let sum = 0;
  for (const one of planned === undefined ? others : [...others, planned]) {
    const round = await readRound(call.tables, one.queue, one.round);
    if (round?.state === 'active') sum += await restOfAward(call, company, round, drafts);
    if (round?.state !== 'open' && round?.state !== 'clearing') continue;
    sum += worstCaseOf(one, (await termsOf(call.tables, round)).ceilingMicros);
  }
  return sum;
}

/** What an award can still come to: all of it, less what its slots were charged, invoiced or not. */
async function restOfAward(call: Call, company: string, round: Round, drafts: readonly Draft[]): Promise<number> {
  const award = await readCompanyAward(call.tables, round.queue, round.round, company);
  if (award === null) return 0;
  const charged = nothingBillable();
  const queue = await readQueueItem(call.tables, round.queue);
  const draft = drafts.find(({ currency }) => currency === queue?.currency);
  // What is not billed yet was read with the draft; only months before that are read again.
  const billed = draft === undefined ? monthAfter(monthOf(call.now)) : draft.since;
  for (const month of months(monthOf(round.startsAt), monthBefore(billed)))
    await eachEntry(call, company, month, (entry) => {
      if (entry.kind === 'charge') addEntry(charged, entry, company);
    });
  const ofRound = [...charged.groups.values(), ...(draft?.groups ?? [])].filter(
    ({ queue, round: number, kind }) =>
      queue === round.queue && number === round.round && (kind === 'confirmed' || kind === 'assumed'),
  );
  return Math.max(0, award.totalMicros - ofRound.reduce((sum, { micros }) => sum + micros, 0));
}

/** What a company owes by now, and could owe. */
export async function exposureOf(call: Call, company: Organisation, planned?: Planned): Promise<Exposure> {
  const [open, drafts] = await Promise.all([openInvoices(call, company.id), unbilledOf(call, company)]);
  const unbilledMicros = drafts.reduce((sum, draft) => sum + draft.owedMicros, 0);
  const worstCaseMicros = await worstCase(call, company.id, planned, drafts);
  const unpaidMicros = open.reduce((sum, invoice) => sum + invoice.remainingMicros, 0);
  return { limitMicros: company.creditLimitMicros, unpaidMicros, unbilledMicros, worstCaseMicros };
}

/** Whether a company may commit this much more. Refused: `credit_limit`, with the amounts. */
export async function checkCommitment(
  call: Call,
  company: string,
  planned: Planned,
): Promise<Result<null, 'credit_limit' | 'not_found'>> {
  const organisation = await readOrganisation(call.tables, company);
  if (organisation === undefined)
    return { ok: false, code: 'not_found', detail: 'There is no such company.', retryable: false };
  return checkCredit(await exposureOf(call, organisation, planned));
}

/** Pauses a company that owes too much or for too long, and ends the pause of one that no longer does. */
export async function reviewCompany(call: Call, company: Organisation): Promise<void> {
  const [open, exposure] = await Promise.all([openInvoices(call, company.id), exposureOf(call, company)]);
  const overdue = open.filter((invoice) => isLongOverdue(invoice, call.now));
  const reasons: PauseReason[] = [];
  const sentences: string[] = [];
  if (overdue.length > 0) {
    reasons.push('overdue');
    sentences.push(`Pay what is overdue: ${overdue.map((invoice) => invoice.number ?? invoice.id).join(', ')}.`);
  }
  if (!isWithinLimit(exposure)) {
    reasons.push('credit_limit');
    sentences.push(
      `${formatMicros(owedAtWorst(exposure))} could be owed, and the limit is ${formatMicros(exposure.limitMicros)}.`,
    );
  }
  if (reasons.length === 0) await endPause(call, company.id);
  else await pauseCompany(call, company.id, reasons, sentences.join(' '));
}

/** The same by id, for who has just seen money come in. */
export async function reviewCredit(call: Call, company: string): Promise<void> {
  const organisation = await readOrganisation(call.tables, company);
  if (organisation !== undefined) await reviewCompany(call, organisation);
}

const NIGHTLY: Key = { pk: 'SW#credit', sk: '-' };
const CREDIT_DUE = 'credit';
const Night = z.object({
  cursor: z.string().nullable(),
  dueAt: z.number(),
  /** When the night before began: who has moved since then is looked at. Null on the first night, which looks at all. */
  since: z.number().nullable().default(null),
});
const PAGE = 100;
/** After the caps' own look at midnight. */
const AT_HOUR_MS = HOUR;
const nextNight = (now: number): number => (Math.floor(now / DAY) + 1) * DAY + AT_HOUR_MS;
const begun = cachePerOwner<true>(1);

/** Begins the nightly look; in a process that has seen to it, this costs nothing. */
export async function beginCreditReviews(call: Call): Promise<void> {
  const known = begun(call.tables.owner);
  if (known.has('')) return;
  const dueAt = nextNight(call.now);
  const item = { ...NIGHTLY, cursor: null, dueAt, ...financeDueAt(dueAt, CREDIT_DUE, 'nightly') };
  await call.tables.put('ledger', item, ABSENT);
  known.set('', true);
}

/**
 * Looks at companies once a night, a page at a time while there is time: at those of which something was posted since the
 * night before, and at those that pause. What others owe is as it was; what they commit was looked at as they did, and what
 * becomes overdue is on its own day.
 */
export async function sweepCredit(call: Call, mayGoOn: () => boolean): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, CREDIT_DUE);
  if (due.length === 0) return { nextAt };
  let moved: Set<string> | null | undefined;
  for (;;) {
    const night = await call.tables.get('ledger', NIGHTLY, Night, { consistent: true });
    if (night === undefined || night.dueAt > call.now) return { nextAt: night?.dueAt ?? nextAt };
    if (moved === undefined) moved = night.since === null ? null : await companiesMovedSince(call, night.since);
    const page = await listOrganisations(call.tables, 'company', {
      limit: PAGE,
      ...(night.cursor === null ? {} : { after: night.cursor }),
    });
    const paused = await pausedOf(
      call,
      page.items.map(({ id }) => id),
    );
    for (const company of page.items)
      if (company.status === 'approved' && (moved?.has(company.id) !== false || paused.has(company.id)))
        await reviewCompany(call, company);
    const cursor = page.after ?? null;
    const dueAt = cursor === null ? nextNight(call.now) : night.dueAt;
    const since = cursor === null ? night.dueAt : night.since;
    const set = { cursor, dueAt, since, ...financeDueAt(dueAt, CREDIT_DUE, 'nightly') };
    await call.tables.update('ledger', NIGHTLY, { set }, [['=', 'dueAt', night.dueAt]]);
    if (cursor === null) return { nextAt: dueAt };
    if (!mayGoOn()) return { nextAt: call.now };
  }
}
