/** What companies owe, looked at when they commit and when they pay; who owes too much pauses. */
import * as z from 'zod';
import { readCompanyAward } from '../award/award.store.ts';
import { endPause, pauseCompany } from '../budget/pause.store.ts';
import type { PauseReason } from '../budget/pause.ts';
import { Commitment } from '../commitment/commitment.ts';
import { addEntry, type Group, nothingBillable } from '../invoice/billable.ts';
import { draftMonth, eachEntry } from '../invoice/draft.store.ts';
import type { Draft } from '../invoice/draft.ts';
import { isLongOverdue } from '../invoice/dunning.ts';
import { openInvoices } from '../invoice/invoice.store.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { hasClose } from '../invoice/plan.store.ts';
import type { Call } from '../kernel/call.ts';
import { formatMicros } from '../kernel/money.ts';
import type { Result } from '../kernel/result.ts';
import { type Key, keyText, type Write } from '../kernel/table.ts';
import { monthOf } from '../kernel/time.ts';
import { monthAfter, monthBefore, months } from '../ledger/period.ts';
import { readOrganisation } from '../organisation/organisation.store.ts';
import type { Organisation } from '../organisation/organisation.ts';
import { readQueueItem, readRounds, termsOf } from '../queue/queue.store.ts';
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
export type Planned = Pick<Commitment, 'queue' | 'round' | 'volume' | 'reserveMicros'> & { rollOver?: boolean };

/** Commitments with the rounds that they are in. */
type Standing = { all: readonly Planned[]; rounds: ReadonlyMap<string, Round> };

/** A company's commitments in the newest rounds of each queue, `planned` in the place of its own. */
async function commitmentsOf(call: Call, company: string, planned: Planned | undefined): Promise<Standing> {
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
  const all = planned === undefined ? others : [...others, planned];
  return { all, rounds: await readRounds(call.tables, all) };
}

/**
 * The worst case of commitments in rounds that still are open, and of what is left of awards in active ones. `drafts`: what the
 * company was charged and no invoice bills.
 */
async function worstCase(
  call: Call,
  company: string,
  { all, rounds }: Standing,
  drafts: readonly Draft[],
): Promise<number> {
  const chargedIn = chargesByMonth(call, company);
  let micros = 0;
  for (const one of all) {
    const round = rounds.get(`${one.queue}#${one.round}`);
    if (round?.state === 'active') micros += await restOfAward(call, company, round, drafts, chargedIn);
    if (round?.state !== 'open' && round?.state !== 'clearing') continue;
    micros += worstCaseOf(one, (await termsOf(call.tables, round)).ceilingMicros);
  }
  return micros;
}

/** What an award can still come to: all of it, less what its slots were charged, invoiced or not. */
async function restOfAward(
  call: Call,
  company: string,
  round: Round,
  drafts: readonly Draft[],
  chargedIn: (month: string) => Promise<readonly Group[]>,
): Promise<number> {
  const award = await readCompanyAward(call.tables, round.queue, round.round, company);
  if (award === null) return 0;
  const queue = await readQueueItem(call.tables, round.queue);
  const draft = drafts.find(({ currency }) => currency === queue?.currency);
  // What is not billed yet was read with the draft; only months before that are read again.
  const billed = draft === undefined ? monthAfter(monthOf(call.now)) : draft.since;
  const charged = await Promise.all(months(monthOf(round.startsAt), monthBefore(billed)).map(chargedIn));
  const ofRound = [...charged.flat(), ...(draft?.groups ?? [])].filter(
    ({ queue, round: number, kind }) =>
      queue === round.queue && number === round.round && (kind === 'confirmed' || kind === 'assumed'),
  );
  return Math.max(0, award.totalMicros - ofRound.reduce((sum, { micros }) => sum + micros, 0));
}

/** What a company was charged in a month, by queue, round and kind; a month is read once for all its awards. */
function chargesByMonth(call: Call, company: string): (month: string) => Promise<readonly Group[]> {
  const read = async (month: string): Promise<readonly Group[]> => {
    const charged = nothingBillable();
    await eachEntry(call, company, month, (entry) => {
      if (entry.kind === 'charge') addEntry(charged, entry, company);
    });
    return [...charged.groups.values()];
  };
  const known = new Map<string, Promise<readonly Group[]>>();
  return (month) => {
    const groups = known.get(month) ?? read(month);
    known.set(month, groups);
    return groups;
  };
}

/** What a company owes by now, and could owe. */
export const exposureOf = async (call: Call, company: Organisation): Promise<Exposure> =>
  (await lookAt(call, company)).exposure;

type Look = { exposure: Exposure; open: Invoice[]; rollsOver: boolean };

async function lookAt(call: Call, company: Organisation, planned?: Planned): Promise<Look> {
  const [open, drafts, standing] = await Promise.all([
    openInvoices(call, company.id),
    unbilledOf(call, company),
    commitmentsOf(call, company.id, planned),
  ]);
  const unbilledMicros = drafts.reduce((sum, draft) => sum + draft.owedMicros, 0);
  const worstCaseMicros = await worstCase(call, company.id, standing, drafts);
  const unpaidMicros = open.reduce((sum, invoice) => sum + invoice.remainingMicros, 0);
  const exposure = { limitMicros: company.creditLimitMicros, unpaidMicros, unbilledMicros, worstCaseMicros };
  // One that rolls over may grow by itself.
  return { exposure, open, rollsOver: standing.all.some(({ rollOver }) => rollOver === true) };
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
  const look = await lookAt(call, organisation, planned);
  const checked = checkCredit(look.exposure);
  if (checked.ok) await keepBound(call, company, look);
  return checked;
}

/** Pauses a company that owes too much or for too long, and ends the pause of one that no longer does. */
export async function reviewCompany(call: Call, company: Organisation): Promise<void> {
  const look = await lookAt(call, company);
  const { exposure, open } = look;
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
  await keepBound(call, company.id, look);
}

/**
 * What a company can owe at the most, `CR#<company>` / `-`: what it could owe when it was last looked at, and all that came
 * to be owed since. Only where that is beyond its limit it has to be looked at again. Commitments that roll over add to it
 * by themselves, so of who has some none is kept.
 */
const boundKey = (company: string): Key => ({ pk: `CR#${company}`, sk: '-' });
const Bound = z.object({ owedMicros: z.int() });

async function keepBound(call: Call, company: string, { exposure, rollsOver }: Look): Promise<void> {
  if (rollsOver) await call.tables.delete('ledger', boundKey(company));
  else await call.tables.put('ledger', { ...boundKey(company), owedMicros: owedAtWorst(exposure) });
}

/** Companies whose bounds grow in one transaction. */
const MOST_TOGETHER = 50;

/**
 * Adds what came to be owed since; answers which of the companies are within their limits for certain. Where a bound is
 * forgotten meanwhile, none of those that would have grown with it are.
 */
export async function addOwed(call: Call, companies: readonly Owing[]): Promise<Set<string>> {
  const keys = companies.map(({ company }) => boundKey(company.id));
  const bounds = await call.tables.getMany('ledger', keys, Bound, { consistent: true });
  const fits = companies.filter(({ company, owedMicros }) => {
    const bound = bounds.get(keyText(boundKey(company.id)));
    return bound !== undefined && bound.owedMicros + owedMicros <= company.creditLimitMicros;
  });
  const within = new Set(fits.map(({ company }) => company.id));
  const growing = fits.filter(({ owedMicros }) => owedMicros !== 0);
  for (let i = 0; i < growing.length; i += MOST_TOGETHER) {
    const some = growing.slice(i, i + MOST_TOGETHER);
    const grown = await call.tables.transact(some.map(grows));
    if (!grown.ok) for (const { company } of some) within.delete(company.id);
  }
  return within;
}

type Owing = { company: Organisation; owedMicros: number };

const grows = ({ company, owedMicros }: Owing): Write => ({
  kind: 'update',
  table: 'ledger',
  key: boundKey(company.id),
  change: { add: { owedMicros } },
  when: [['present', 'pk']],
});

/** The same by id, for who has just seen money come in. */
export async function reviewCredit(call: Call, company: string): Promise<void> {
  const organisation = await readOrganisation(call.tables, company);
  if (organisation !== undefined) await reviewCompany(call, organisation);
}
