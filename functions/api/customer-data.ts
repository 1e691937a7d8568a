/** What a customer may do with a link beside judging: rate, take along and erase what is held, get a fresh link. */
import * as z from 'zod';
import { erase, listErasures as erasuresOf } from '../../shared/customer/erase.store.ts';
import { exportHeld } from '../../shared/customer/export.store.ts';
import { readLink } from '../../shared/customer/link.ts';
import { renewByMail } from '../../shared/customer/mail.store.ts';
import { rate } from '../../shared/customer/rating.store.ts';
import { refuse } from '../../shared/kernel/result.ts';
import { iso, MINUTE } from '../../shared/kernel/time.ts';
import { putBranding as put, readBranding } from '../../shared/organisation/branding.store.ts';
import { readOwnHead } from '../../shared/request/request.store.ts';
import { listAccess } from '../../shared/thread/access.store.ts';
import { accessForCustomer } from '../../shared/thread/access.ts';
import { hurryMail } from '../errands.ts';
import type { Handler } from '../middleware/context.ts';
import { cursorOf, pageKeyOf } from '../middleware/cursor.ts';
import { type Bucket, takeToken } from '../middleware/rate-limit.ts';

const NO_REQUEST = refuse('not_found', 'There is no such request.');
const WordsKey = z.object({ pk: z.string(), sk: z.string() });

export const rateRequest: Handler<'rateRequest'> = async (context, { body }) => {
  const head = await readOwnHead(context, context.actor.tenant, context.actor.request);
  if (head === undefined) return NO_REQUEST;
  if (head.erasedAt !== undefined) return refuse('data_erased', 'What you said was erased; nothing more is kept.');
  const rated = await rate(context, head, body);
  return rated.ok ? { status: 200, body: rated.value } : rated;
};

export const exportData: Handler<'exportData'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, WordsKey);
  if (!after.ok) return after;
  const head = await readOwnHead(context, context.actor.tenant, context.actor.request);
  if (head === undefined) return NO_REQUEST;
  const branding = await readBranding(context, context.actor.tenant);
  const company = { id: context.actor.tenant, name: branding.name };
  const page = await exportHeld(context, head, company, {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  const body = {
    company: branding.name,
    at: iso(context.now),
    items: page.held,
    next: await cursorOf(context, page.after),
  };
  return { status: 200, body };
};

export const listSeen: Handler<'listSeen'> = async (context) => {
  const head = await readOwnHead(context, context.actor.tenant, context.actor.request);
  if (head === undefined) return NO_REQUEST;
  const [accesses, branding] = await Promise.all([
    listAccess(context, head),
    readBranding(context, context.actor.tenant),
  ]);
  const items = accessForCustomer(accesses, { id: context.actor.tenant, name: branding.name });
  return { status: 200, body: { items } };
};

export const eraseData: Handler<'eraseData'> = async (context) => {
  const head = await readOwnHead(context, context.actor.tenant, context.actor.request);
  return head === undefined ? NO_REQUEST : { status: 200, body: await erase(context, context.runtime.files, head) };
};

/** Five fresh links at once from one address, then one more a minute. */
const RENEWALS: Bucket = { name: 'link-renewals', size: 5, refillMs: MINUTE };

/** The same answer whatever the token is worth, so that it tells nobody anything. */
export const renewLink: Handler<'renewLink'> = async (context, { body }) => {
  const { tables, machineNow, runtime, sourceAddress: address } = context;
  const taken = await takeToken(RENEWALS, { tables, address, signingKey: runtime.signingKey, machineNow });
  if (!taken.ok) return taken;
  const link = await readLink(runtime.signingKey, body.token);
  if (link !== undefined && runtime.mail.isConfigured)
    await hurryMail(runtime, context, await renewByMail(context, link.request));
  return { status: 202, body: { sent: 'if_an_address_is_known' } };
};

export const getBranding: Handler<'getBranding'> = async (context) => ({
  status: 200,
  body: await readBranding(context, context.actor.tenant),
});

export const putBranding: Handler<'putBranding'> = async (context, { body }) => {
  if (body.mailWhenResolved && !context.runtime.mail.isConfigured)
    return refuse(
      'mail_not_configured',
      'This market sends no mail: leave mailWhenResolved out and send the link yourself (POST /v1/requests/{request}/link).',
    );
  await put(context, context.actor.tenant, body);
  return { status: 200, body };
};

export const listErasures: Handler<'listErasures'> = async (context, { query }) => {
  const after = await pageKeyOf(context, query.cursor, z.object({ pk: z.string(), sk: z.string() }).loose());
  if (!after.ok) return after;
  const page = await erasuresOf(context, context.actor.tenant, {
    limit: query.limit,
    ...(after.value === undefined ? {} : { after: after.value }),
  });
  return { status: 200, body: { items: page.erasures, next: await cursorOf(context, page.after) } };
};
