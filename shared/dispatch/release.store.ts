/** What becomes of a head whose turn has ended without a resolution. Called by the turn's end, and by the sweep where that died. */
import { readProviderAwards } from '../award/award.store.ts';
import type { Call } from '../kernel/call.ts';
import { readHead } from '../request/request.store.ts';
import type { Head } from '../request/request.ts';
import { addMessageOf } from '../thread/thread.store.ts';
import { providerWho } from '../thread/thread.ts';
import { makeReady, mayStay } from './lane-change.store.ts';
import { type Lease, leaseIdOf } from './lease.ts';
import { readPlan, termsOfRound } from './plan.store.ts';

/**
 * Frees the head that names this ended lease: a lost turn goes to its lane again (from automation, or after as many as
 * the terms say, to another lane); one handed back waits there again, or changes lanes where its provider is offline;
 * declined and escalated ones change lanes. No lane that is withdrawn or offline gets it again. Where the head names another lease, nothing
 * is done. `at` is when it was due.
 */
export async function releaseHead(call: Call, lease: Lease, at: number): Promise<void> {
  const id = leaseIdOf(lease);
  const head = await readHead(call, lease.request, { consistent: true });
  if (head === undefined || head.lease !== id || head.state !== 'leased') return;
  await keepReason(call, lease);
  const { terms, version } = await termsOfRound(call, head.queue, head.round);
  const plan = await readPlan(call, head.company, head.queue, head.round, version);
  const kind = (await readProviderAwards(call.tables, head.queue, head.round)).find(
    (provider) => provider.provider === lease.provider,
  )?.kind;
  const set = afterTurn(head, lease, kind === 'automation');
  const isLostOnce = lease.state === 'lost' && kind !== 'automation' && (set.lostTurns ?? 0) < terms.lostTurns;
  const staysFirst =
    (isLostOnce || lease.state === 'returned') && (await mayStay(call, plan, head.queue, lease.provider));
  await makeReady(call, head, plan, {
    when: [
      ['=', 'lease', id],
      ['=', 'state', 'leased'],
    ],
    set,
    writes: [],
    staysFirst,
    event: lease.state,
    actor: lease.provider,
    at,
    otherwise: 'nobody',
  });
}

/** What the provider said when it handed the request on is a note of the thread, for the next who works it. */
async function keepReason(call: Call, lease: Lease): Promise<void> {
  const [event, at, by] = lease.history.at(-1) ?? ['', 0, ''];
  if (by !== lease.provider || lease.reason === null || (event !== 'declined' && event !== 'escalated')) return;
  const id = leaseIdOf(lease);
  const who = providerWho({ tenant: lease.provider, user: lease.user ?? '' });
  const draft = { key: `${event} ${id}`, kind: 'note', text: lease.reason, lease: id } as const;
  await addMessageOf(call, lease.request, { ...who, user: lease.user }, draft, at);
}

/** What a turn's end leaves on the head: who is not asked again, and whether only a person may work it now. */
function afterTurn(head: Head, lease: Lease, wasAutomation: boolean): Partial<Head> {
  const isLost = lease.state === 'lost';
  return {
    lostTurns: head.lostTurns + (isLost ? 1 : 0),
    personOnly: head.personOnly || (wasAutomation && (isLost || lease.state === 'escalated')),
    notOffered:
      isLost || lease.state === 'returned' || head.notOffered.includes(lease.provider)
        ? head.notOffered
        : [...head.notOffered, lease.provider],
    leases: [...head.leases, leaseIdOf(lease)].slice(-5),
  };
}
