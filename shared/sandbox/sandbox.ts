/**
 * A world of its own for trying things out: a shadow of the organisation, a simulated counterpart and one queue between
 * them. Which world an id belongs to is told by the id itself, so nothing can cross by mistake.
 */

/** `o` is in no generated id, so no organisation is taken for a shadow. */
const SHADOW = /^(?:co|pr)_sandbox[cp]([0-9a-z]+)$/;
const SANDBOX_QUEUE = /^sandbox-[cp]-[0-9a-z]+$/;

/** Whether an organisation is part of a sandbox. */
export const isSandbox = (tenant: string): boolean => SHADOW.test(tenant);
/** Whether a queue is a sandbox's. */
export const isSandboxQueue = (queue: string): boolean => SANDBOX_QUEUE.test(queue);

export type Sandbox = { company: string; provider: string; queue: string; owner: string };

/** The sandbox of an organisation: its shadow, the counterpart that is simulated, and their queue. */
export function sandboxOf(owner: string): Sandbox {
  const [prefix = '', id = ''] = owner.split('_');
  const side = prefix === 'co' ? 'c' : 'p';
  if (prefix === 'mk' || id.length > 12) throw new Error(`${owner} can have no sandbox`);
  return {
    owner,
    company: `co_sandbox${side}${id}`,
    provider: `pr_sandbox${side}${id}`,
    queue: `sandbox-${side}-${id}`,
  };
}

/** The sandbox that a shadow belongs to; undefined for an organisation that is none. */
export function sandboxIn(tenant: string): Sandbox | undefined {
  const match = /^(?:co|pr)_sandbox([cp])([0-9a-z]+)$/.exec(tenant);
  return match === null ? undefined : sandboxOf(`${match[1] === 'c' ? 'co' : 'pr'}_${match[2]}`);
}

/** Whether an organisation may send to a queue: a shadow only to its sandbox's, everybody else only to real ones. */
export const sameWorld = (tenant: string, queue: string): boolean =>
  isSandbox(tenant) ? sandboxIn(tenant)?.queue === queue : !isSandboxQueue(queue);
