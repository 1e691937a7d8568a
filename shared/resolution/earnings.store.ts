/** Reads what a provider's turns of a month have earned: leases, their heads, and the charges that are posted. */
import { listLeasesOf } from '../dispatch/lease.store.ts';
import { isResolved, type Lease, leaseIdOf } from '../dispatch/lease.ts';
import { termsOfRound } from '../dispatch/plan.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { keyText } from '../kernel/table.ts';
import { chargeOf } from '../ledger/balance.ts';
import { readCharges } from '../ledger/ledger.store.ts';
import { readQueueItem } from '../queue/queue.store.ts';
import { headKey } from '../request/request.store.ts';
import { Head } from '../request/request.ts';
import { type Earned, type Earnings, earningsOf } from './earnings.ts';
import { rateTurn } from './settle.store.ts';

/** So many of a month's turns are looked at, the newest first. */
const MOST_TURNS = 1_000;
const PAGE = 100;
const WIDTH = 8;

/** What a provider's turns that were claimed in a month have earned so far. */
export async function readEarnings(call: Call, provider: string, month: string): Promise<Earnings> {
  const { leases, whole } = await turnsOf(call, provider, month);
  const standing = leases.filter(isResolved);
  const [charges, heads] = await Promise.all([
    readCharges(
      call,
      standing.map(({ request }) => request),
    ),
    call.tables.getMany(
      'requests',
      standing.map(({ request }) => headKey(request)),
      Head,
    ),
  ]);
  const earned = await mapConcurrent(standing, WIDTH, async (lease): Promise<Earned | undefined> => {
    const head = heads.get(keyText(headKey(lease.request)));
    const queue = await readQueueItem(call.tables, lease.queue);
    if (head === undefined || queue === undefined) return undefined;
    const { currency } = queue;
    const charge = charges.get(lease.request);
    const posted = charge === undefined ? undefined : chargeOf(charge, 'provider');
    if (posted?.lease === leaseIdOf(lease)) return { currency, stage: 'posted', micros: posted.micros };
    const stage = lease.state === 'confirmed' ? 'confirmed' : 'pending';
    const { terms } = await termsOfRound(call, head.queue, head.round);
    const { bidMicros } = await rateTurn(call, head, lease, terms, stage === 'confirmed' ? 'confirmed' : 'assumed');
    return { currency, stage, micros: bidMicros };
  });
  return earningsOf(
    month,
    earned.filter((one) => one !== undefined),
    whole,
  );
}

async function turnsOf(call: Call, provider: string, month: string): Promise<{ leases: Lease[]; whole: boolean }> {
  const leases: Lease[] = [];
  let after: Awaited<ReturnType<typeof listLeasesOf>>['after'];
  do {
    const page = await listLeasesOf(call, provider, month, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    leases.push(...page.leases);
    after = page.after;
  } while (after !== undefined && leases.length < MOST_TURNS);
  return { leases, whole: after === undefined };
}
