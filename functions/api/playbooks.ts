/** A company's playbook: put, read, previewed, and shown to whoever holds a turn. */
import { refuse } from '../../shared/kernel/result.ts';
import { putPlaybook as put, readPlaybook, readVersion } from '../../shared/playbook/playbook.store.ts';
import { agentPlaybook } from '../../shared/playbook/playbook.ts';
import { readQueueItem } from '../../shared/queue/queue.store.ts';
import { readOwnHead, readWords } from '../../shared/request/request.store.ts';
import { noteAccess } from '../../shared/thread/access.store.ts';
import { shownWords } from '../../shared/thread/shown.ts';
import { companyWho, providerWho } from '../../shared/thread/thread.ts';
import { readTurn } from '../../shared/thread/turn-thread.store.ts';
import type { Handler } from '../middleware/context.ts';

const NO_PLAYBOOK = refuse('not_found', 'There is no playbook for this queue, or no such version.');

export const putPlaybook: Handler<'putPlaybook'> = async (context, { params, body }) => {
  if ((await readQueueItem(context.tables, params.queue)) === undefined)
    return refuse('not_found', 'There is no such queue.');
  const written = await put(context, context.actor.tenant, params.queue, body);
  return written.ok ? { status: 200, body: written.value } : written;
};

export const getPlaybook: Handler<'getPlaybook'> = async (context, { params, query }) => {
  const { tenant } = context.actor;
  const found =
    query.version === undefined
      ? await readPlaybook(context, tenant, params.queue)
      : await readVersion(context, tenant, params.queue, query.version);
  return found === undefined ? NO_PLAYBOOK : { status: 200, body: found };
};

export const previewPlaybook: Handler<'previewPlaybook'> = async (context, { params, query }) => {
  const { actor } = context;
  const playbook = await readPlaybook(context, actor.tenant, params.queue);
  if (playbook === undefined) return NO_PLAYBOOK;
  const shown = { playbook: agentPlaybook(playbook), request: null };
  if (query.request === undefined) return { status: 200, body: shown };
  const head = await readOwnHead(context, actor.tenant, query.request);
  if (head === undefined || head.queue !== params.queue)
    return refuse('not_found', 'There is no such request of yours in this queue.', { extra: { field: 'request' } });
  await noteAccess(context, head.id, companyWho(actor), 'words');
  const words = await readWords(context, head);
  const request = { category: head.category, ...shownWords(playbook.shows, words) };
  return { status: 200, body: { ...shown, request } };
};

export const getTurnPlaybook: Handler<'getTurnPlaybook'> = async (context, { params }) => {
  const { actor } = context;
  const turn = await readTurn(context, actor.tenant, params.lease);
  if (!turn.ok) return turn;
  const { lease } = turn.value;
  const playbook =
    lease.playbook === null ? undefined : await readVersion(context, lease.company, lease.queue, lease.playbook);
  if (playbook === undefined) return refuse('not_found', 'The company has no playbook for this turn’s queue.');
  await noteAccess(context, lease.request, providerWho(actor), 'playbook');
  return { status: 200, body: agentPlaybook(playbook) };
};
