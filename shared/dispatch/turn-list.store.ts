/** A provider's turns by month; and which leases are turns at all. */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { type Item, keyText } from '../kernel/table.ts';
import { headKey } from '../request/request.store.ts';
import { leaseList } from './lease.store.ts';
import { Lease, leaseIdOf } from './lease.ts';

const ListKey = z.object({ pk: z.string(), sk: z.string() });

const Naming = z.object({ lease: z.string().nullable() });

/** Of some held leases those that their heads name: another is what is left of a claim that came to nothing. */
export async function namedByHeads(call: Call, held: readonly Lease[]): Promise<Lease[]> {
  const keys = held.map(({ request }) => headKey(request));
  const heads = await call.tables.getMany('requests', keys, Naming, { consistent: true });
  return held.filter((lease, i) => heads.get(keyText(keys[i]!))?.lease === leaseIdOf(lease));
}

/** A page of a provider's turns of a month, newest first; of held ones only those that their heads name. */
export async function listLeasesOf(
  call: Call,
  provider: string,
  month: string,
  page: { limit: number; after?: Item },
): Promise<{ leases: Lease[]; after: Item | undefined }> {
  const index = { name: 'list', pk: 'lpk', sk: 'lsk' };
  const found = await call.tables.query('requests', ListKey, {
    index,
    pk: leaseList(provider, month),
    limit: page.limit,
    descending: true,
    ...(page.after === undefined ? {} : { after: page.after }),
  });
  const leases = await call.tables.getMany('requests', found.items, Lease, { consistent: true });
  const inOrder = found.items.map((key) => leases.get(keyText(key))).filter((lease) => lease !== undefined);
  const held = inOrder.filter((lease) => lease.state === 'held');
  const named = new Set(await namedByHeads(call, held));
  return {
    leases: inOrder.filter((lease) => lease.state !== 'held' || named.has(lease)),
    after: found.after as Item | undefined,
  };
}
