/** One's sandbox: whether it is open, and opening it. */
import { readQueueItem } from '../../shared/queue/queue.store.ts';
import { openSandbox as open, SANDBOX_ROUND } from '../../shared/sandbox/sandbox.store.ts';
import { sandboxOf, shadowOf } from '../../shared/sandbox/sandbox.ts';
import type { Handler } from '../middleware/context.ts';

function viewOf(owner: string, isOpen: boolean) {
  const { company, provider, queue } = sandboxOf(owner);
  const organisation = shadowOf(owner);
  return {
    organisation,
    counterpart: organisation === company ? provider : company,
    queue,
    round: SANDBOX_ROUND,
    isOpen,
  };
}

export const getSandbox: Handler<'getSandbox'> = async ({ tables, actor }) => {
  const { queue } = sandboxOf(actor.tenant);
  const isOpen = (await readQueueItem(tables, queue)) !== undefined;
  return { status: 200, body: viewOf(actor.tenant, isOpen) };
};

export const openSandbox: Handler<'openSandbox'> = async (context) => {
  await open(context, context.actor.tenant);
  return { status: 200, body: viewOf(context.actor.tenant, true) };
};
