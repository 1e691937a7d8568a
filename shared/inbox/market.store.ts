/** What waits for the market's people; of what takes two of them, the first sees that another is needed. */
import { listAccountEnds } from '../account-end/account-end.store.ts';
import { listEntered, listUnknown } from '../cash/order.store.ts';
import { listCloses } from '../close/close.store.ts';
import { listContested } from '../dispute/dispute.store.ts';
import { viewOf } from '../dispute/dispute-view.ts';
import { listWriteOffs } from '../invoice/due.store.ts';
import { listReissues } from '../invoice/reissue.store.ts';
import type { Call } from '../kernel/call.ts';
import { microsOfCents } from '../kernel/money.ts';
import { iso } from '../kernel/time.ts';
import { listAdjustments } from '../ledger/adjustment.store.ts';
import { listPending } from '../organisation/organisation.store.ts';
import { listDebts } from '../payout/debt.store.ts';
import { listHolds } from '../payout/hold.store.ts';
import { listRuns } from '../payout/run.store.ts';
import { listReconciliations } from '../reconciliation/reconciliation.store.ts';
import { listRefunds } from '../refund/refund.store.ts';
import { awaitedReleases } from '../round/release.store.ts';
import { FlagPlace, listFlags } from '../screen/flag.store.ts';
import { type Found, type InboxItem, waiting } from './inbox.ts';
import { among, bounded, type Source } from './source.ts';

const OPERATE = { roles: ['market.operator'], scope: 'market:read' } as const;
const DECIDE = { roles: ['market.operator'], scope: 'finance:read' } as const;
const FINANCE = { roles: ['market.finance'], scope: 'finance:read' } as const;
/** Runs are made weekly, and the older ones have been decided on. */
const NEWEST_RUNS = 20;

async function closes(call: Call, user: string): Promise<Found> {
  const items: InboxItem[] = [];
  for (const { period, state, steps, maker, counts } of await listCloses(call)) {
    if (state === 'done') continue;
    const { startedAt: since, waitsFor } = steps[state];
    if (state === 'approve') {
      const common = waiting(`close_to_approve:${period}`, { since }, maker === user);
      items.push({ kind: 'close_to_approve', ...common, facts: { period, invoices: counts.invoices } });
    } else if (waitsFor !== null) {
      const facts = { period, step: state, waitsFor };
      items.push({ kind: 'close_waits', ...waiting(`close_waits:${period}.${state}`, { since }), facts });
    }
  }
  return bounded(items);
}

/** Of the newest month that is closed: of an earlier one nothing is billed anew any more. */
async function reissues(call: Call, user: string): Promise<Found> {
  const newest = (await listCloses(call)).find(({ state }) => state === 'done');
  if (newest === undefined) return bounded([]);
  return among(
    (page) => listReissues(call, newest.period, page),
    ({ of: invoice, company, period, currency, state, by, askedAt: since }) =>
      state === 'planned'
        ? {
            kind: 'reissue_to_approve',
            ...waiting(`reissue_to_approve:${invoice}`, { since }, by === user),
            facts: { invoice, company, period, currency },
          }
        : undefined,
  );
}

async function payoutRuns(call: Call, user: string): Promise<Found> {
  const { items } = await listRuns(call, { limit: NEWEST_RUNS });
  const proposed = items.filter(({ state }) => state === 'proposed');
  return bounded(
    proposed.map(({ run, madeBy, madeAt: since, totals }): InboxItem => {
      const common = waiting(`payout_run_to_approve:${run}`, { since }, madeBy === user);
      const facts = {
        run,
        totals: totals.map(({ currency, payouts, amountMicros }) => ({ currency, payouts, amountMicros })),
      };
      return { kind: 'payout_run_to_approve', ...common, facts };
    }),
  );
}

async function unknown(call: Call): Promise<Found> {
  return bounded(
    (await listUnknown(call)).map(({ id, currency, netCents, createdAt }): InboxItem => {
      const facts = { transaction: id, currency, micros: microsOfCents(netCents) };
      return { kind: 'transaction_unknown', ...waiting(`transaction_unknown:${id}`, { since: iso(createdAt) }), facts };
    }),
  );
}

/** Of the newest reconciliation: an older one has been looked at again since. */
async function books(call: Call): Promise<Found> {
  const { items } = await listReconciliations(call, { limit: 1 });
  const found = items.filter(({ serious }) => serious > 0);
  return bounded(
    found.map(({ id, day, serious, stopsClose, finishedAt: since }): InboxItem => {
      const facts = { reconciliation: id, day, serious, stopsClose };
      return { kind: 'books_differ', ...waiting(`books_differ:${id}`, { since }), facts };
    }),
  );
}

const OPERATOR_SOURCES: readonly Source[] = [
  {
    ...DECIDE,
    read: (call) =>
      among(
        (page) => listContested(call, page),
        (dispute) => {
          const { id, company, provider, currency, clock, answer } = viewOf(dispute, 'market', call.now);
          const times = { deadline: clock?.until ?? null, since: answer?.at ?? null };
          const facts = { dispute: id, company, provider, currency };
          return { kind: 'dispute_to_decide', ...waiting(`dispute_to_decide:${id}`, times), facts };
        },
      ),
  },
  {
    ...OPERATE,
    read: (call) =>
      among(
        (page) => listPending(call.tables, page),
        ({ id, name, kind, createdAt: since }) => {
          if (kind === 'market') return undefined;
          const facts = { organisation: id, name, organisationKind: kind };
          return { kind: 'organisation_to_approve', ...waiting(`organisation_to_approve:${id}`, { since }), facts };
        },
      ),
  },
  {
    ...OPERATE,
    read: (call, { user }) =>
      among(
        (page) => awaitedReleases(call, page),
        ({ queue, round, billingsMicros, startsAt: deadline, proposedAt: since, proposedBy }) => {
          const common = waiting(`awards_to_release:${queue}.${round}`, { deadline, since }, proposedBy === user);
          return { kind: 'awards_to_release', ...common, facts: { queue, round, billingsMicros } };
        },
      ),
  },
  {
    ...OPERATE,
    read: (call) =>
      among(
        async ({ limit, after: from }) => {
          const place = from === undefined ? undefined : FlagPlace.parse(from);
          const { flags: items, after } = await listFlags(call, { state: 'open' }, { limit, after: place });
          return { items, after };
        },
        ({ id, queue, round, screen, raisedAt: since }) => {
          const facts = { flag: id, queue, round, screen };
          return { kind: 'flag_to_review', ...waiting(`flag_to_review:${id}`, { since }), facts };
        },
      ),
  },
];

const FINANCE_SOURCES: readonly Source[] = [
  { ...FINANCE, read: (call, { user }) => closes(call, user) },
  {
    ...FINANCE,
    read: (call, { user }) =>
      among(
        (page) => listAdjustments(call, 'proposed', page),
        ({ id, currency, proposedAt: since, proposedBy }) => {
          const common = waiting(`adjustment_to_approve:${id}`, { since }, proposedBy === user);
          return { kind: 'adjustment_to_approve', ...common, facts: { adjustment: id, currency } };
        },
      ),
  },
  {
    ...FINANCE,
    read: (call, { user }) =>
      among(
        (page) => listEntered(call, page),
        ({ id, order, currency, madeAt: since, madeBy }) => {
          const common = waiting(`cash_order_to_approve:${id}`, { since }, madeBy === user);
          return { kind: 'cash_order_to_approve', ...common, facts: { order: id, orderKind: order.kind, currency } };
        },
      ),
  },
  {
    ...FINANCE,
    read: (call, { user }) =>
      among(
        (page) => listRefunds(call, 'asked', page),
        ({ id, company, currency, micros, askedAt, makers }) => {
          const common = waiting(`refund_to_release:${id}`, { since: iso(askedAt) }, makers.includes(user));
          return { kind: 'refund_to_release', ...common, facts: { refund: id, company, currency, micros } };
        },
      ),
  },
  {
    ...FINANCE,
    read: (call, { user }) =>
      among(
        (page) => listWriteOffs(call, page),
        ({ id, number, company, currency, remainingMicros: micros, dueAt: since, writeOff }) => {
          const common = waiting(`write_off_to_approve:${id}`, { since }, writeOff?.by === user);
          return { kind: 'write_off_to_approve', ...common, facts: { invoice: id, number, company, currency, micros } };
        },
      ),
  },
  { ...FINANCE, read: (call, { user }) => reissues(call, user) },
  {
    ...FINANCE,
    read: (call, { user }) =>
      among(
        (page) => listAccountEnds(call, page),
        ({ company, state, by, askedAt: since }) =>
          state === 'asked'
            ? {
                kind: 'account_end_to_approve',
                ...waiting(`account_end_to_approve:${company}`, { since }, by === user),
                facts: { company },
              }
            : undefined,
      ),
  },
  {
    ...FINANCE,
    read: (call, { user }) =>
      among(
        (page) => listDebts(call, 'proposed', page),
        ({ id, provider, currency, micros, madeAt: since, madeBy }) => {
          const common = waiting(`provider_debt_to_approve:${id}`, { since }, madeBy === user);
          return { kind: 'provider_debt_to_approve', ...common, facts: { debt: id, provider, currency, micros } };
        },
      ),
  },
  { ...FINANCE, read: (call, { user }) => payoutRuns(call, user) },
  {
    ...FINANCE,
    read: (call) =>
      among(
        (page) => listHolds(call, page),
        ({ provider, reason, heldAt: since }) => {
          const common = waiting(`provider_pay_held:${provider}`, { since });
          return { kind: 'provider_pay_held', ...common, facts: { provider, reason } };
        },
      ),
  },
  { ...FINANCE, read: (call) => unknown(call) },
  { ...FINANCE, read: (call) => books(call) },
];

export const MARKET_SOURCES: readonly Source[] = [...OPERATOR_SOURCES, ...FINANCE_SOURCES];
