/** A random sample of resolutions on which the customer stayed silent goes to audit: `Y#<queue>#<month>` / `<lease>`. */

import { type Lease, leaseIdOf } from '../dispatch/lease.ts';
import { termsOfRound } from '../dispatch/plan.store.ts';
import type { Call } from '../kernel/call.ts';
import { spread } from '../kernel/hash.ts';
import { BPS } from '../kernel/money.ts';
import { ABSENT } from '../kernel/table.ts';
import { monthOf } from '../kernel/time.ts';

/** Draws by the lease's random token, so that nobody can choose what is audited, and drawing again draws the same. */
export async function drawForAudit(call: Call, lease: Lease): Promise<void> {
  if (lease.state !== 'resolved') return;
  const { terms } = await termsOfRound(call, lease.queue, lease.round);
  if (spread(lease.sk) % BPS >= terms.auditBps) return;
  const month = monthOf(lease.resolvedAt ?? call.now);
  await call.tables.put(
    'requests',
    { pk: `Y#${lease.queue}#${month}`, sk: leaseIdOf(lease), provider: lease.provider, result: null },
    ABSENT,
  );
}
