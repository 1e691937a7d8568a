/**
 * A world of its own for trying things out: a shadow of the organisation, a simulated counterpart and one queue between
 * them. Which world an id belongs to is told by the id itself, so nothing can cross by mistake.
 */
import * as z from 'zod';
import { Terms } from '../terms/terms.ts';

/** `o` is in no generated id, so no organisation is taken for a shadow. */
const SHADOW = /^(?:co|pr)_sandbox([cp])([0-9a-z]+)$/;
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

/** The shadow that acts for an organisation in its sandbox. */
export const shadowOf = (owner: string): string => {
  const { company, provider } = sandboxOf(owner);
  return owner.startsWith('co_') ? company : provider;
};

/** The sandbox that a shadow belongs to; undefined for an organisation that is none. */
export function sandboxIn(tenant: string): Sandbox | undefined {
  const [, side, id] = SHADOW.exec(tenant) ?? [];
  return side === undefined ? undefined : sandboxOf(`${side === 'c' ? 'co' : 'pr'}_${id}`);
}

/** Whether an organisation may send to a queue: a shadow only to its sandbox's, everybody else only to real ones. */
export const sameWorld = (tenant: string, queue: string): boolean =>
  isSandbox(tenant) ? sandboxIn(tenant)?.queue === queue : !isSandboxQueue(queue);

/** What a sandbox key may do: work and requests, and being told of them. Nothing of money, members or rounds. */
const SANDBOX_SCOPE = /^(?:requests|work|webhooks):/;
export const sandboxMay = (scope: string): boolean => SANDBOX_SCOPE.test(scope);

/** A resolution's price in a sandbox, which nobody pays. */
export const SANDBOX_PRICE_MICROS = 1_000_000;
/** The terms of every sandbox: those of a new queue. */
export const SANDBOX_TERMS: Terms = Terms.parse({
  slaHours: 48,
  ceilingMicros: 10 * SANDBOX_PRICE_MICROS,
  failureCostMicros: 0,
  secondPersonAboveMicros: 1_000_000_000_000,
});

export type SandboxCustomer = { text: string; says: 'solved' | 'not solved at first' | 'nothing' };
/** Who writes to a provider's sandbox, in turn: the same request always has the same customer. */
const CUSTOMERS: readonly SandboxCustomer[] = [
  { text: 'My last payment is shown twice. (This customer will say that it is solved.)', says: 'solved' },
  {
    text: 'The refund has not arrived. (This customer will first say that it is not solved, then that it is.)',
    says: 'not solved at first',
  },
  { text: 'How do I change my address? (This customer will say nothing.)', says: 'nothing' },
];

/** The customer of a made-up request, from the number at the end of its external id. */
export function customerOf(externalId: string): SandboxCustomer {
  const number = Number(externalId.slice(externalId.lastIndexOf('-') + 1));
  return CUSTOMERS[number % CUSTOMERS.length] ?? { text: '', says: 'nothing' };
}

/** What an organisation practises in. */
export const SandboxView = z
  .object({
    organisation: z.string().meta({
      description: 'For which its people act there: they send it as Parley-Organisation. Its keys do so by themselves',
    }),
    counterpart: z.string().meta({ description: 'Who stands opposite: simulated' }),
    queue: z.string().meta({ description: 'The one queue there is; its one round never ends' }),
    round: z.int(),
    isOpen: z.boolean().meta({ description: 'False until somebody opens it, or makes a sandbox key' }),
  })
  .meta({ id: 'Sandbox' });

/** The shadow whose owner's people may act for it: of two in a world, the one that tries things out. */
export function ownerOfShadow(tenant: string): string | undefined {
  const owner = sandboxIn(tenant)?.owner;
  return owner !== undefined && shadowOf(owner) === tenant ? owner : undefined;
}
