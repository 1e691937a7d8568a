/** Attaching files to a thread and fetching them: for the company, whoever holds the turn, and the customer. */
import { requestOfLease } from '../../shared/dispatch/lease.store.ts';
import { type Lease, turnRefusal } from '../../shared/dispatch/lease.ts';
import { readOwnLease } from '../../shared/dispatch/turn.store.ts';
import { type Result, refuse } from '../../shared/kernel/result.ts';
import { showsOf } from '../../shared/playbook/playbook.store.ts';
import { readOwnHead } from '../../shared/request/request.store.ts';
import { noteAccess } from '../../shared/thread/access.store.ts';
import {
  askUpload as ask,
  type CompleteRefusal,
  CUSTOMER_OWNER,
  completeAttachment as complete,
  linkTo,
} from '../../shared/thread/attachment.store.ts';
import type { Attachment, AttachmentFacts, AttachmentInput } from '../../shared/thread/attachment.ts';
import { companyWho, providerWho, type Who } from '../../shared/thread/thread.ts';
import type { Context, Handler } from '../middleware/context.ts';
import { limitCustomer } from './customer-limit.ts';

const NO_REQUEST = refuse('not_found', 'There is no such request.');

const filesOf = ({ runtime, machineNow }: Context) => ({ files: runtime.files, machineNow });

async function asked(context: Context, request: string, owner: string, input: AttachmentInput) {
  return { status: 201 as const, body: await ask(context, filesOf(context), request, owner, input) };
}

async function completed(context: Context, request: string, owner: string, id: string) {
  const done: Result<AttachmentFacts, CompleteRefusal> = await complete(
    context,
    context.runtime.files,
    request,
    owner,
    id,
  );
  if (!done.ok) return done;
  const { sha256: _sha256, ...view } = done.value;
  return { status: 200 as const, body: view };
}

/** A link to a file that a message refers to, or that is one's own; `also` narrows it down, `who` looks. */
async function fetched(
  context: Context,
  request: string,
  owner: string,
  id: string,
  also: (file: Attachment) => boolean,
  who?: Who,
) {
  const mayFetch = (file: Attachment) => file.owner === owner || (file.kind !== null && also(file));
  const link = await linkTo(context, filesOf(context), request, id, mayFetch);
  if (!link.ok) return link;
  if (who !== undefined) await noteAccess(context, request, who, 'attachment', id);
  return { status: 200 as const, body: link.value };
}

export const askUpload: Handler<'askUpload'> = async (context, { params, body }) => {
  const { tenant } = context.actor;
  if ((await readOwnHead(context, tenant, params.request)) === undefined) return NO_REQUEST;
  return asked(context, params.request, tenant, body);
};

export const completeAttachment: Handler<'completeAttachment'> = async (context, { params }) => {
  const { tenant } = context.actor;
  if ((await readOwnHead(context, tenant, params.request)) === undefined) return NO_REQUEST;
  return completed(context, params.request, tenant, params.attachment);
};

export const getAttachment: Handler<'getAttachment'> = async (context, { params }) => {
  const { actor } = context;
  if ((await readOwnHead(context, actor.tenant, params.request)) === undefined) return NO_REQUEST;
  return fetched(context, params.request, actor.tenant, params.attachment, () => true, companyWho(actor));
};

/** The provider's turn, which must be held. */
async function heldTurn(
  context: Context,
  provider: string,
  id: string,
): Promise<Result<Lease, 'not_found' | 'lease_ended' | 'lease_expired'>> {
  const lease = await readOwnLease(context, provider, id);
  if (lease === undefined) return refuse('not_found', 'There is no such turn of yours.');
  const refusal = turnRefusal(lease, context.now);
  if (refusal === null) return { ok: true, value: lease };
  return refuse(refusal, 'The turn is over: its files are for whoever works the request now.');
}

export const askTurnUpload: Handler<'askTurnUpload'> = async (context, { params, body }) => {
  const { tenant } = context.actor;
  const turn = await heldTurn(context, tenant, params.lease);
  return turn.ok ? asked(context, turn.value.request, tenant, body) : turn;
};

export const completeTurnAttachment: Handler<'completeTurnAttachment'> = async (context, { params }) => {
  const { tenant } = context.actor;
  if ((await readOwnLease(context, tenant, params.lease)) === undefined)
    return refuse('not_found', 'There is no such turn of yours.');
  return completed(context, requestOfLease(params.lease), tenant, params.attachment);
};

export const getTurnAttachment: Handler<'getTurnAttachment'> = async (context, { params }) => {
  const { actor } = context;
  const turn = await heldTurn(context, actor.tenant, params.lease);
  if (!turn.ok) return turn;
  const { request } = turn.value;
  const shows = await showsOf(context, turn.value);
  return fetched(context, request, actor.tenant, params.attachment, () => shows.attachments, providerWho(actor));
};

export const askCustomerUpload: Handler<'askCustomerUpload'> = async (context, { body }) => {
  const { tenant, request } = context.actor;
  const allowed = await limitCustomer(context);
  if (!allowed.ok) return allowed;
  if ((await readOwnHead(context, tenant, request)) === undefined) return NO_REQUEST;
  return asked(context, request, CUSTOMER_OWNER, body);
};

export const completeCustomerAttachment: Handler<'completeCustomerAttachment'> = async (context, { params }) =>
  completed(context, context.actor.request, CUSTOMER_OWNER, params.attachment);

export const getCustomerAttachment: Handler<'getCustomerAttachment'> = async (context, { params }) =>
  fetched(context, context.actor.request, CUSTOMER_OWNER, params.attachment, (file) => file.kind === 'message');
