/** Lines of a payout run, one per provider and currency that has pay: `PR#<run>` / `L#<provider>#<currency>`, and their work. */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { type Currency, formatMicros } from '../kernel/money.ts';
import type { Condition, Item, Key } from '../kernel/table.ts';
import { HOUR, MINUTE } from '../kernel/time.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { readAccount } from './account.store.ts';
import { foldBook } from './book.store.ts';
import { planTakeBack, takeBack } from './clawback.store.ts';
import { owedInAll } from './draft.store.ts';
import { readHold } from './hold.store.ts';
import { holdPayout, payProvider } from './payout.store.ts';
import { clawbackOf, payoutIdOf, RunLine } from './payout.ts';
import type { Releases } from './release.store.ts';

/** What waits for money at Stripe, or for Stripe's answer, is tried again after so long. */
export const WAITS_MS = HOUR;
const AGAIN_MS = 5 * MINUTE;

export const StoredLine = RunLine.extend({
  since: z.string(),
  /** Fixed before the first of them is asked for. */
  reversals: z.array(z.object({ transfer: z.string(), micros: z.int() })).nullable(),
});
export type StoredLine = z.infer<typeof StoredLine>;
/** Lines that are still to be paid. */
export const OPEN: readonly RunLine['state'][] = ['proposed', 'waiting'];
export const lineKey = (run: string, provider: string, currency: Currency): Key => ({
  pk: `PR#${run}`,
  sk: `L#${provider}#${currency}`,
});

const lineView = ({ since: _since, reversals: _reversals, ...line }: StoredLine): RunLine => line;

/** What is known of all lines of a run: the newest closed month, and what is released. */
export type Known = { closed: string | null; releases: Releases };

type Worked = Pick<RunLine, 'state' | 'reason' | 'payout'> & { again: number | null };

/**
 * Takes a line as far as it goes now, and notes how far that is; what another process has brought to its end meanwhile stays.
 * Answers when it is to be tried again; null where it is over.
 */
export async function workLine(call: StripeCall, run: string, line: StoredLine, known: Known): Promise<number | null> {
  const { again, ...set } = await pay(call, run, line, known);
  const when: Condition = set.state === 'paid' || set.state === 'failed' ? [] : [['in', 'state', OPEN]];
  await call.tables.update('ledger', lineKey(run, line.provider, line.currency), { set }, when);
  return again;
}

async function pay(call: StripeCall, run: string, line: StoredLine, { closed, releases }: Known): Promise<Worked> {
  const { provider, currency, since } = line;
  const [hold, account] = await Promise.all([
    readHold(call, provider),
    readAccount(call, provider),
    foldBook(call, provider, since, closed),
  ]);
  const order = { run, provider, currency, approvedMicros: line.amountMicros };
  const target = hold === undefined ? (account?.account ?? null) : null;
  if (line.amountMicros === 0 && target !== null) return workTakeBack(call, run, line, target, closed);
  const outcome =
    target === null
      ? await holdPayout(call, order, `Held: ${hold?.reason ?? 'no account'}`)
      : await payProvider(call, { ...order, account: target }, releases);
  const payout = payoutIdOf(provider, currency, run);
  const { reason } = outcome;
  switch (outcome.state) {
    case 'paid':
    case 'failed':
      return { state: outcome.state, reason, payout, again: null };
    case 'held':
      return { state: 'held', reason, payout: null, again: null };
    case 'nothing':
      return { state: 'nothing', reason: 'It is no longer payable.', payout: null, again: null };
    case 'waiting':
      return { state: 'waiting', reason, payout, again: call.now + WAITS_MS };
    case 'busy':
    case 'again':
      return { state: 'waiting', reason, payout: line.payout, again: call.now + AGAIN_MS };
  }
}

async function workTakeBack(
  call: StripeCall,
  run: string,
  line: StoredLine,
  account: string,
  closed: string | null,
): Promise<Worked> {
  const { provider, currency, since } = line;
  const common = { run, provider, currency, account };
  const plan = line.reversals ?? (await fixReversals(call, line, common, closed));
  const taken = await takeBack(call, { ...common, micros: line.clawbackMicros }, plan);
  if (taken === null)
    return { state: 'waiting', reason: 'Stripe did not answer for certain.', payout: null, again: call.now + AGAIN_MS };
  await foldBook(call, provider, since, closed);
  const reason = `${formatMicros(taken)} ${currency} came back; what is still owed is taken from later pay.`;
  return { state: taken === 0 ? 'nothing' : 'taken_back', reason, payout: null, again: null };
}

async function fixReversals(
  call: StripeCall,
  line: StoredLine,
  common: { run: string; provider: string; currency: Currency; account: string },
  closed: string | null,
): Promise<NonNullable<StoredLine['reversals']>> {
  const owed = clawbackOf(await owedInAll(call, line.provider, line.currency, closed, line.since));
  const plan = await planTakeBack(call, { ...common, micros: Math.min(owed, line.clawbackMicros) });
  const key = lineKey(common.run, line.provider, line.currency);
  const changed = await call.tables.change('ledger', key, StoredLine, { set: { reversals: plan } }, [
    ['=', 'reversals', null],
  ]);
  return (changed.ok ? changed.item : StoredLine.parse(changed.old)).reversals ?? plan;
}

/** Pages of a run's lines. */
export async function* runLines(call: Call, run: string): AsyncGenerator<StoredLine[]> {
  let after: Item | undefined;
  do {
    const page = await listStoredLines(call, run, { limit: 100, ...(after === undefined ? {} : { after }) });
    yield page.items;
    after = page.after;
  } while (after !== undefined);
}

async function listStoredLines(
  call: Call,
  run: string,
  page: { limit: number; after?: Item },
): Promise<{ items: StoredLine[]; after: Item | undefined }> {
  const found = await call.tables.query('ledger', StoredLine, {
    pk: `PR#${run}`,
    from: 'L#',
    to: 'L#\uffff',
    consistent: true,
    ...page,
  });
  return { items: found.items, after: found.after as Item | undefined };
}

/** A page of a run's lines, by provider and currency. */
export async function listRunLines(
  call: Call,
  run: string,
  page: { limit: number; after?: Item },
): Promise<{ items: RunLine[]; after: Item | undefined }> {
  const found = await listStoredLines(call, run, page);
  return { items: found.items.map(lineView), after: found.after };
}
