/** Counts the calls of whoever was just known, in this process's memory as far as can be; see `shared/call-limit`. */
import { takeCalls } from '../../shared/call-limit/call-limit.store.ts';
import {
  type Allowance,
  BLOCK_KEPT_MS,
  blockOf,
  type CallLimit,
  type CallLimits,
  noAllowance,
  spend,
} from '../../shared/call-limit/call-limit.ts';
import type { Actor } from '../../shared/identity/identity.ts';
import { ok, type Result, refuse } from '../../shared/kernel/result.ts';
import { noConsumption } from '../../shared/kernel/table.ts';
import { SECOND } from '../../shared/kernel/time.ts';
import { kindOf } from '../../shared/organisation/organisation.store.ts';
import { isSandbox } from '../../shared/sandbox/sandbox.ts';
import type { Runtime } from '../runtime.ts';

type Known = { allowance: Allowance; asking: Promise<void> | undefined };
/** Organisations that a process remembers; the one that called longest ago is forgotten first. */
const MOST_KNOWN = 10_000;
const memory = new WeakMap<object, Map<string, Known>>();

/** Counts a call. Refused: `rate_limited`, with when there will be more. Calls that nobody signed in for are counted elsewhere. */
export async function countCall(
  runtime: Runtime,
  actor: Actor,
  machineNow: number,
): Promise<Result<null, 'rate_limited'>> {
  const counted = runtime.callLimits === undefined ? undefined : countedOf(actor, runtime.callLimits);
  if (counted === undefined) return ok(null);
  const known = knownOf(runtime, counted.name);
  for (;;) {
    const { allowance } = known;
    const outcome = spend(allowance, machineNow);
    if (outcome.is === 'spent') return ok(null);
    if (outcome.is === 'refused') return tooMany(outcome.waitMs);
    // Calls that come at the same time wait for one block.
    known.asking ??= takeBlock(runtime, counted, allowance, machineNow).finally(() => {
      known.asking = undefined;
    });
    await known.asking;
  }
}

type CountedCaller = { name: string; limit: CallLimit };

function countedOf(actor: Actor, limits: CallLimits): CountedCaller | undefined {
  if (actor.kind === 'person') return { name: `person:${actor.user}`, limit: limits.person };
  if (actor.kind !== 'member') return undefined;
  const kind = isSandbox(actor.tenant) ? 'sandbox' : kindOf(actor.tenant);
  return { name: actor.tenant, limit: actor.calls ?? limits[kind] };
}

function knownOf(runtime: Runtime, name: string): Known {
  const { owner } = runtime.tables;
  const all = memory.get(owner) ?? new Map<string, Known>();
  memory.set(owner, all);
  const known = all.get(name) ?? { allowance: noAllowance(), asking: undefined };
  all.delete(name);
  all.set(name, known);
  const oldest = all.keys().next();
  if (all.size > MOST_KNOWN && !oldest.done) all.delete(oldest.value);
  return known;
}

/** Where the table does not answer, the block is given all the same: nobody is refused for a fault of ours. */
async function takeBlock(
  runtime: Runtime,
  { name, limit }: CountedCaller,
  allowance: Allowance,
  machineNow: number,
): Promise<void> {
  const calls = blockOf(limit);
  const tables = runtime.tables.metered(noConsumption());
  const taken = await takeCalls(tables, name, limit, calls, machineNow).catch((error: unknown) => {
    runtime.log('warn', 'calls could not be counted', { counted: name, error: String(error) });
    return { ok: true as const };
  });
  runtime.recordConsumption('count-calls', tables.consumed);
  if (taken.ok) Object.assign(allowance, { left: calls, leftUntil: machineNow + BLOCK_KEPT_MS });
  else allowance.refusedUntil = machineNow + taken.waitMs;
}

function tooMany(waitMs: number) {
  const seconds = Math.max(1, Math.ceil(waitMs / SECOND));
  return refuse('rate_limited', `Your organisation has made too many calls: ask again in ${seconds} s.`, {
    retryable: true,
    extra: { retryAfterSeconds: seconds },
  });
}
