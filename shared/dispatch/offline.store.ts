/** Going offline: no more claims, what is held handed back, and ready work moved on. Each part can be repeated by itself. */
import type { Call } from '../kernel/call.ts';
import { mapConcurrent } from '../kernel/call.ts';
import type { Item } from '../kernel/table.ts';
import { DAY, monthOf } from '../kernel/time.ts';
import { noteOffline, noteOnline, putRules } from './availability.store.ts';
import type { AvailabilityRule } from './availability.ts';
import { forgetOwnWork } from './lane.store.ts';
import { type Lease, leaseIdOf } from './lease.ts';
import { endTurn } from './turn.store.ts';
import { listLeasesOf } from './turn-list.store.ts';

const PAGE = 100;
const MOST_PAGES = 20;
const WIDTH = 8;
/** Turns that began earlier are not looked for: they end with their lease. */
const LOOK_BACK_MS = 30 * DAY;
const REASON = 'offline';

/** States a provider's hours and capacities, in place of those before. */
export async function putAvailability(call: Call, provider: string, rules: readonly AvailabilityRule[]): Promise<void> {
  await putRules(call, provider, rules);
  forgetOwnWork(call, provider);
}

/**
 * Takes a provider offline, or one agent or key of it: from now on its claims find nothing. What it holds is handed back
 * without any mark, or finished where `keepHeld`. Answers how many turns were handed back, and whether all were found:
 * newest first, 2,000 turns a call; the same call again goes on, and what nobody works ends with its lease.
 */
export async function goOffline(
  call: Call,
  provider: string,
  agent: string | null,
  keepHeld: boolean,
): Promise<{ returned: number; complete: boolean }> {
  await noteOffline(call, provider, agent);
  forgetOwnWork(call, provider);
  return keepHeld ? { returned: 0, complete: true } : handBack(call, provider, agent);
}

/** Takes it back. */
export async function comeOnline(call: Call, provider: string, agent: string | null): Promise<void> {
  await noteOnline(call, provider, agent);
  forgetOwnWork(call, provider);
}

async function handBack(
  call: Call,
  provider: string,
  agent: string | null,
): Promise<{ returned: number; complete: boolean }> {
  const months = [...new Set([monthOf(call.now), monthOf(call.now - LOOK_BACK_MS)])];
  let returned = 0;
  let pages = 0;
  for (const month of months) {
    let after: Item | undefined;
    do {
      if (pages === MOST_PAGES) return { returned, complete: false };
      pages += 1;
      const page = { limit: PAGE, ...(after === undefined ? {} : { after }) };
      const found = await listLeasesOf(call, provider, month, page);
      const held = found.leases.filter((lease) => isHeldBy(lease, agent));
      const ended = await mapConcurrent(held, WIDTH, (lease) =>
        endTurn(call, provider, leaseIdOf(lease), 'returned', REASON),
      );
      returned += ended.filter((turn) => turn.ok).length;
      after = found.after;
    } while (after !== undefined);
  }
  return { returned, complete: true };
}

const isHeldBy = (lease: Lease, agent: string | null): boolean =>
  lease.state === 'held' && (agent === null || lease.user === agent);
