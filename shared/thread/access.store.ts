/** The access log: `a#<hour>#<actor>#<what>` in a request's thread, and the turns, each of which saw the words. */
import { leaseKeyOf } from '../dispatch/lease.store.ts';
import { Lease } from '../dispatch/lease.ts';
import { cachePerOwner } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import { canonicalJson, shortHash } from '../kernel/hash.ts';
import { timeKey } from '../kernel/id.ts';
import { ABSENT } from '../kernel/table.ts';
import { HOUR } from '../kernel/time.ts';
import type { Head } from '../request/request.ts';
import { Access, type Looked } from './access.ts';
import { threadPartition } from './thread.store.ts';
import { providerWho, type Who } from './thread.ts';

const PREFIX = 'a#';
const noted = cachePerOwner<true>(50_000);

/**
 * Notes that somebody looked, once for each actor, thing and hour of the market clock. To be awaited before anything is
 * shown: what cannot be noted is not shown. Customers looking at their own are not noted.
 */
export async function noteAccess(
  call: Call,
  request: string,
  who: Who,
  what: Looked,
  attachment: string | null = null,
): Promise<void> {
  if (who.tenant === null) return;
  const actor = await shortHash(canonicalJson([who.tenant, who.user]));
  const hour = timeKey(Math.floor(call.now / HOUR) * HOUR);
  const key = {
    pk: threadPartition(request),
    sk: `${PREFIX}${hour}#${actor}#${what}${attachment === null ? '' : `#${attachment}`}`,
  };
  const known = noted(call.tables.owner);
  const name = `${key.pk}|${key.sk}`;
  if (known.has(name)) return;
  const access: Access = {
    who: who.author,
    tenant: who.tenant,
    user: who.user,
    what,
    attachment,
    at: call.now,
  };
  await call.tables.put('requests', { ...key, ...access }, ABSENT);
  known.set(name, true);
}

/**
 * Every look at a request, oldest first: what was noted, and each turn, since a claim shows the words. Which person or key
 * claimed is told of the last turns that the head still names; of older ones the provider alone.
 */
export async function listAccess(call: Call, head: Head): Promise<Access[]> {
  const kept = [...head.leases, head.lease, head.firstResolved].filter((id) => id !== null);
  const [looks, leases] = await Promise.all([
    call.tables.queryAll('requests', Access, { pk: threadPartition(head.id), prefix: PREFIX, consistent: true }),
    call.tables.getMany('requests', [...new Set(kept)].map(leaseKeyOf), Lease),
  ]);
  const turns = head.history.filter(([event]) => event === 'leased');
  const claims = turns.map(([, at, provider]): Access => {
    const turn = [...leases.values()].find((lease) => lease.claimedAt === at && lease.provider === provider);
    const { author } = providerWho({ tenant: provider, user: turn?.user ?? '' });
    return { who: author, tenant: provider, user: turn?.user ?? null, what: 'words', attachment: null, at };
  });
  return [...looks, ...claims].sort((a, b) => a.at - b.at || (a.tenant < b.tenant ? -1 : 1));
}
