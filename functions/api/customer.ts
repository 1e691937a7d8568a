/** A customer's calls, through the signed link of one request. */

import { customerRoutes } from '../../shared/api/routes/customer.ts';
import { customerDataRoutes } from '../../shared/api/routes/customer-data.ts';
import { readRating } from '../../shared/customer/rating.store.ts';
import { readWaitRange } from '../../shared/dispatch/wait.store.ts';
import type { Customer } from '../../shared/identity/identity.ts';
import { forCustomer } from '../../shared/incident/for-customer.store.ts';
import { type ComeBackRefusal, comeBack, isOfIncident } from '../../shared/incident/link.store.ts';
import { type Result, refuse } from '../../shared/kernel/result.ts';
import { iso } from '../../shared/kernel/time.ts';
import { readBranding } from '../../shared/organisation/branding.store.ts';
import { readOwnHead, readWords, viewRequest } from '../../shared/request/request.store.ts';
import type { Head, RequestState } from '../../shared/request/request.ts';
import { personPlease as askForPerson, confirm, reopen } from '../../shared/resolution/resolution.store.ts';
import { windowsOf } from '../../shared/terms/terms.ts';
import { api } from '../middleware/api.ts';
import type { Context, Handler } from '../middleware/context.ts';
import * as customerData from './customer-data.ts';

const NO_REQUEST = refuse('not_found', 'There is no such request.');

/** What the customer may see: the company, what was said, where it stands. Not who is paid what. */
async function show(context: Context<Customer>) {
  const head = await readOwnHead(context, context.actor.tenant, context.actor.request);
  if (head === undefined) return NO_REQUEST;
  const [view, words, branding, rating, incident] = await Promise.all([
    viewRequest(context, head),
    readWords(context, head),
    readBranding(context, context.actor.tenant),
    readRating(context, head),
    forCustomer(context, head),
  ]);
  const isJudged = ['resolved', 'confirmed', 'assumed'].includes(view.state);
  return {
    status: 200 as const,
    body: {
      company: branding.name,
      colour: branding.colour,
      category: head.category,
      text: words?.text ?? '',
      state: view.state,
      acceptedAt: iso(head.acceptedAt),
      deadline: iso(head.deadline),
      outcome: view.outcome?.summary ?? null,
      incident,
      judgeUntil:
        isJudged && view.resolvedAt !== null
          ? iso(Date.parse(view.resolvedAt) + windowsOf(head.windowClass).reopenMs)
          : null,
      wait: view.state === 'queued' ? await readWaitRange(context, head.queue) : null,
      rating,
      canRate: isJudged && head.erasedAt === undefined,
      erased: head.erasedAt !== undefined,
    },
  };
}

/** Decides about the link's request; the answer is where it then stands. */
async function act<Code extends 'not_resolved' | 'window_passed' | 'request_closed' | 'data_erased'>(
  context: Context<Customer>,
  decide: (head: Head) => Promise<Result<RequestState, Code>>,
) {
  const head = await readOwnHead(context, context.actor.tenant, context.actor.request);
  if (head === undefined) return NO_REQUEST;
  const decided = await decide(head);
  return decided.ok ? { status: 200 as const, body: { state: decided.value } } : decided;
}

const getLink: Handler<'getLink'> = async (context) => show(context);
const solved: Handler<'solved'> = async (context) => act(context, (head) => confirm(context, head, 'customer'));
// What is linked to an incident comes back as a request of its own.
const notSolved: Handler<'notSolved'> = async (context) =>
  act(context, (head) =>
    isOfIncident(head) ? comeBack(context, head, 'customer') : reopen(context, head, 'customer'),
  );
const personPlease: Handler<'personPlease'> = async (context) =>
  act(context, async (head) =>
    head.state === 'linked' && isOfIncident(head)
      ? closedOf(await comeBack(context, head, 'customer', { personOnly: true }))
      : askForPerson(context, head),
  );

/** A request that can no longer come back is closed to whoever asks for a person. */
const closedOf = <T>(back: Result<T, ComeBackRefusal>) =>
  back.ok || back.code !== 'not_resolved'
    ? (back as Result<T, Exclude<ComeBackRefusal, 'not_resolved'>>)
    : refuse('request_closed', back.detail);

export const handler = api('customer', [...customerDataRoutes, ...customerRoutes], {
  getLink,
  solved,
  notSolved,
  personPlease,
  ...customerData,
});
