/**
 * Payouts `PY#<payout>` / `-`, listed under `payouts#<provider>`, with their lines `L#<line>`. A payout is made in steps that
 * can each be repeated: its lines and amount, what is no longer payable, the marks in the book, the transfer. One provider and
 * currency has one payout under way at a time.
 */
import type Stripe from 'stripe';
import * as z from 'zod';
import { book, finishBooking, transactionOf } from '../cash/booking.store.ts';
import { mustPost } from '../cash/payment.store.ts';
import { idOf } from '../cash/stripe-object.ts';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { centsOf, formatMicros, microsOfCents } from '../kernel/money.ts';
import { ABSENT, type Item, type Key, keyText, type ListPage, type Write } from '../kernel/table.ts';
import { fromIso, iso } from '../kernel/time.ts';
import { payoutFailedLegs, payoutLegs } from '../ledger/postings/payout.ts';
import { type LedgerWrite, MOST_TOGETHER, writeTogether } from '../ledger/together.ts';
import { onceAtStripe, type StripeCall } from '../stripe-call/stripe-call.store.ts';
import { adjustmentKey, BY_PROVIDER, earningKey } from './book.store.ts';
import { PayLine } from './book.ts';
import { draftPayout } from './draft.store.ts';
import { tellProvider } from './notice.store.ts';
import { noticeOfPayout } from './notice.ts';
import {
  Payout,
  payoutEvent,
  payoutFailedEvent,
  payoutIdOf,
  settlementOf,
  transferGroupOf,
  transferKey,
} from './payout.ts';
import { giveBackPurse, hasPurse, leaveInPurse, type Purse, putPurseBack, takePurse } from './purse.store.ts';
import type { Releases } from './release.store.ts';

export const payoutKey = (payout: string): Key => ({ pk: `PY#${payout}`, sk: '-' });
const lineKey = (payout: string, line: number): Key => ({
  pk: `PY#${payout}`,
  sk: `L#${line.toString().padStart(8, '0')}`,
});
const payoutList = (provider: string): string => `payouts#${provider}`;

const StoredPayout = Payout.extend({ account: z.string(), failedAt: Payout.shape.paidAt });
type StoredPayout = z.infer<typeof StoredPayout>;
const view = ({ account: _account, failedAt: _failed, ...payout }: StoredPayout): Payout => payout;

/** So many lines go with a payout and its purse into one transaction, which takes 100 writes. */
const MOST_LINES = 98;

/** What is approved for a provider, and where to pay it. */
type PaidBy = Pick<Payout, 'run' | 'provider' | 'currency'>;
export type PayOrder = PaidBy & { approvedMicros: number; account: string };

/** How far a payout came. `busy`: another one of the provider is under way. `again`: Stripe did not answer for certain. */
export type PayOutcome = {
  state: 'paid' | 'waiting' | 'failed' | 'nothing' | 'held' | 'busy' | 'again';
  reason: string | null;
};

const BUSY: PayOutcome = { state: 'busy', reason: 'Another payout is under way.' };

/**
 * Pays a provider what is payable now, at most what was approved. The book must be folded up to now. Repeating it after a
 * crash, whatever it was at, goes on where it stopped, and pays once.
 */
export async function payProvider(call: StripeCall, order: PayOrder, releases: Releases): Promise<PayOutcome> {
  const id = payoutIdOf(order.provider, order.currency, order.run);
  const begun =
    (await readStored(call, id)) ?? (await begin(call, order, (purse) => prepare(call, order, purse, releases)));
  if (begun === 'nothing') return { state: 'nothing', reason: null };
  if (begun === 'busy') return BUSY;
  if (begun.state === 'intended') await settle(call, begun);
  if (begun.state === 'intended' || begun.state === 'waiting') return send(call, begun);
  return finish(call, begun);
}

/**
 * Pays nothing to a provider that is held. What was fixed and has not left waits, with its purse, until it is let go: no other
 * run pays it. Where nothing was, nothing will be by an earlier attempt, and the purse that a crash may have kept is given back;
 * 'busy' where another process or run has it.
 */
export async function holdPayout(call: StripeCall, order: PaidBy, reason: string): Promise<PayOutcome> {
  const id = payoutIdOf(order.provider, order.currency, order.run);
  const begun = (await readStored(call, id)) ?? (await begin(call, order, () => Promise.resolve('nothing')));
  if (begun === 'busy') return BUSY;
  if (begun === 'nothing') return { state: 'held', reason };
  return begun.state === 'intended' || begun.state === 'waiting' ? { state: 'waiting', reason } : finish(call, begun);
}

type Begun = StoredPayout | 'nothing' | 'busy';

/** Takes the purse to fix a payout; gives it back where that comes to nothing. */
async function begin(call: Call, order: PaidBy, prepared: (purse: Purse) => Promise<Begun>): Promise<Begun> {
  const id = payoutIdOf(order.provider, order.currency, order.run);
  const purse = await takePurse(call, order, id);
  if (purse === undefined) return 'busy';
  // Looked for once more: from here on nobody else fixes it without taking the purse.
  const begun = (await readStored(call, id)) ?? (await prepared(purse));
  if (begun !== 'nothing') return begun;
  return (await putPurseBack(call, purse)) ? 'nothing' : 'busy';
}

/**
 * Writes the lines and fixes the amount and what stays in the purse; 'nothing' where there is less than a cent to pay, 'busy'
 * where another process has taken the purse since. The last lines are written together with the payout; those of a long one
 * before: what a crash leaves of them is written over.
 */
async function prepare(
  call: StripeCall,
  { run, provider, currency, account, approvedMicros }: PayOrder,
  purse: Purse,
  releases: Releases,
): Promise<Begun> {
  const id = payoutIdOf(provider, currency, run);
  const lines: Write[] = [];
  const draft = await draftPayout(call, purse, releases, {
    onLines: async (more) => {
      for (const line of more) {
        if (lines.length === MOST_LINES) await call.tables.transact([hasPurse(purse), ...lines.splice(0)]);
        lines.push({ kind: 'put', table: 'ledger', item: { ...lineKey(id, line.line), ...line } });
      }
    },
  });
  const settlement = settlementOf(draft.carriedInMicros + draft.linesMicros, approvedMicros);
  if (settlement.amountMicros === 0) return 'nothing';
  const payout: StoredPayout = {
    id,
    run,
    provider,
    currency,
    account,
    state: 'intended',
    ...draft,
    ...settlement,
    transfer: null,
    reversedMicros: 0,
    reason: null,
    preparedAt: iso(call.now),
    paidAt: null,
    failedAt: null,
  };
  const listed = { ppk: payoutList(provider), psk: `${timeKey(call.now)}#${id}` };
  const item = { ...payoutKey(id), ...payout, ...listed };
  const written = await call.tables.transact([
    leaveInPurse(purse, payout.carriedOutMicros),
    { kind: 'put', table: 'ledger', item, when: ABSENT },
    ...lines,
  ]);
  return written.ok ? payout : 'busy';
}

/** From here on the amount is on its way: out of what is payable, and its lines are marked as paid. */
async function settle(call: StripeCall, payout: StoredPayout): Promise<void> {
  const { id, provider, currency, amountMicros } = payout;
  await mustPost(call, {
    event: payoutEvent(id),
    kind: 'payout',
    occurredAt: fromIso(payout.preparedAt),
    currency,
    company: null,
    provider,
    legs: payoutLegs(provider, amountMicros),
    facts: { payout: id, run: payout.run },
  });
  for await (const lines of payoutLines(call, payout))
    await writeTogether(
      call,
      lines.flatMap((line) => markOf(payout, line)),
    );
}

/** What a line changes in the book: it has gone into this payout. */
function markOf({ id, provider, currency }: StoredPayout, line: PayLine): LedgerWrite[] {
  if (line.kind === 'adjustment') {
    const key = adjustmentKey(provider, currency, line.event ?? '');
    const change = { set: { settledIn: id }, remove: ['ppk', 'psk'] };
    return [{ kind: 'update', key, change, when: [['=', 'settledIn', null]] }];
  }
  const { period, company, after, through, micros, entries } = line;
  if (period === null || company === null) return [];
  const change = {
    set: { settledThrough: through },
    add: { settledMicros: micros, settledEntries: entries },
    ...(through === 'all' ? { remove: ['ppk', 'psk'] } : {}),
  };
  const key = earningKey({ provider, currency, period, company, kind: line.kind });
  return [{ kind: 'update', key, change, when: [['=', 'settledThrough', after]] }];
}

/** Makes the transfer: once, whole, and under the same key whenever it is repeated. */
async function send(call: StripeCall, payout: StoredPayout): Promise<PayOutcome> {
  const { id, run, provider, currency, amountMicros, account } = payout;
  const key = transferKey(provider, currency, run);
  const group = transferGroupOf(provider, currency);
  const made = await onceAtStripe<Stripe.Transfer>(call, {
    key,
    make: (options) =>
      call.stripe.transfers.create(
        {
          amount: centsOf(amountMicros),
          currency: currency.toLowerCase(),
          destination: account,
          transfer_group: group,
          description: `Payout ${id}`,
          metadata: { parley: id, key, provider },
          expand: ['balance_transaction'],
        },
        options,
      ),
    find: async () =>
      (
        await call.stripe.transfers.list({ transfer_group: group, limit: 100, expand: ['data.balance_transaction'] })
      ).data.find(({ metadata }) => metadata.key === key),
    read: (transfer) => call.stripe.transfers.retrieve(transfer, { expand: ['balance_transaction'] }),
  });
  if (made.ok) {
    await bookTransfer(call, provider, made.value);
    return finish(
      call,
      await move(call, payout, { state: 'paid', transfer: made.value.id, paidAt: iso(call.now), reason: null }),
    );
  }
  if (made.code === 'stripe_unavailable') return { state: 'again', reason: made.detail };
  if (made.extra?.stripeCode === 'balance_insufficient') {
    const reason = `Too little is available at Stripe for ${formatMicros(amountMicros)} ${currency}: top the balance up, and it is paid by itself.`;
    await move(call, payout, { state: 'waiting', reason });
    return { state: 'waiting', reason };
  }
  return finish(call, await move(call, payout, { state: 'failed', failedAt: iso(call.now), reason: made.detail }));
}

/** A transfer's balance transaction, or that of what came back of one, in the ledger. */
export async function bookTransfer(
  call: StripeCall,
  provider: string,
  made: Pick<Stripe.Transfer | Stripe.TransferReversal, 'id' | 'object' | 'balance_transaction'>,
): Promise<void> {
  const found = made.balance_transaction;
  if (found === null || typeof found === 'string') throw new Error(`${made.id} came without its balance transaction`);
  const transaction = { ...transactionOf(found), source: { id: made.id, object: made.object } };
  await finishBooking(call, await book(call, transaction, { party: provider }));
}

async function move(call: Call, payout: StoredPayout, set: Partial<StoredPayout>): Promise<StoredPayout> {
  const changed = await call.tables.change('ledger', payoutKey(payout.id), StoredPayout, { set }, [
    ['in', 'state', ['intended', 'waiting']],
  ]);
  return changed.ok ? changed.item : StoredPayout.parse(changed.old);
}

/** Ends a payout: what failed is payable again, and the provider's next payout may begin. */
async function finish(call: StripeCall, payout: StoredPayout): Promise<PayOutcome> {
  const { id, provider, currency, amountMicros, failedAt, reason } = payout;
  if (payout.state !== 'paid' && payout.state !== 'failed') throw new Error(`payout ${id} is ${payout.state}`);
  if (failedAt !== null)
    await mustPost(call, {
      event: payoutFailedEvent(id),
      kind: 'payout_failed',
      occurredAt: fromIso(failedAt),
      currency,
      company: null,
      provider,
      legs: payoutFailedLegs(provider, amountMicros),
      facts: { payout: id, run: payout.run },
    });
  await tellProvider(call, noticeOfPayout(payout));
  await giveBackPurse(call, payout, id);
  return { state: payout.state, reason };
}

const readStored = (call: Call, id: string): Promise<StoredPayout | undefined> =>
  call.tables.get('ledger', payoutKey(id), StoredPayout, { consistent: true });

/** A provider's payout; undefined where it has none of this name. */
export async function readPayout(call: Call, provider: string, id: string): Promise<Payout | undefined> {
  const stored = await readStored(call, id);
  return stored === undefined || stored.provider !== provider ? undefined : view(stored);
}

const ListKey = z.object({ pk: z.string(), sk: z.string() });

/** A page of a provider's payouts, the newest first. */
export async function listPayouts(
  call: Call,
  provider: string,
  page: ListPage,
): Promise<{ items: Payout[]; after: Item | undefined }> {
  const found = await call.tables.query('ledger', ListKey, {
    index: BY_PROVIDER,
    pk: payoutList(provider),
    descending: true,
    ...page,
  });
  const items = await call.tables.getMany('ledger', found.items, StoredPayout, { consistent: true });
  return {
    items: found.items.flatMap((key) => {
      const item = items.get(keyText(key));
      return item === undefined ? [] : [view(item)];
    }),
    after: found.after as Item | undefined,
  };
}

/** Pages of what a payout pays for. Lines beyond its number are left over from a draft that was made anew. */
export async function* payoutLines(
  call: Call,
  payout: Pick<Payout, 'id' | 'lines'>,
  from = 1,
): AsyncGenerator<PayLine[]> {
  let at = from;
  while (at <= payout.lines) {
    const page = await listPayLines(call, payout, at, MOST_TOGETHER);
    if (page.length === 0) throw new Error(`payout ${payout.id} has no line ${at}`);
    yield page;
    at += page.length;
  }
}

/** Up to `limit` lines, from one on. */
export async function listPayLines(
  call: Call,
  payout: Pick<Payout, 'id' | 'lines'>,
  from: number,
  limit: number,
): Promise<PayLine[]> {
  if (from > payout.lines) return [];
  const page = await call.tables.query('ledger', PayLine, {
    pk: `PY#${payout.id}`,
    from: lineKey('', from).sk,
    to: lineKey('', payout.lines).sk,
    limit,
    consistent: true,
  });
  return page.items;
}

/** Brings a payout to what its transfer has become; any other transfer is left alone. The transfer is as fetched just now. */
export async function transferChanged(call: StripeCall, transfer: Stripe.Transfer): Promise<void> {
  const payout = await readStored(call, transfer.metadata.parley ?? '');
  if (payout === undefined || idOf(transfer.destination) !== payout.account) return;
  const reversedMicros = microsOfCents(transfer.amount_reversed);
  await call.tables.update('ledger', payoutKey(payout.id), { set: { reversedMicros } }, [
    ['=', 'transfer', transfer.id],
    ['<', 'reversedMicros', reversedMicros],
  ]);
}
