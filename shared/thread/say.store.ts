/** Saying something to a thread, and telling whom it concerns: the company and the provider that holds the request, never the author. */
import { readLease } from '../dispatch/lease.store.ts';
import type { Call } from '../kernel/call.ts';
import { ok, type Result } from '../kernel/result.ts';
import type { Head } from '../request/request.ts';
import type { Announcement } from '../webhook/event.ts';
import { announce } from '../webhook/webhook.store.ts';
import { CUSTOMER_OWNER, takeAttachments } from './attachment.store.ts';
import { addMessage, type Draft } from './thread.store.ts';
import type { Message, MessageInput, Who } from './thread.ts';

/** The request that is talked about. `lease` is the turn that its head names; left out where only the company is to be told. */
export type About = { request: string; company: string; queue: string; lease: string | null };
export const aboutHead = (head: Head): About => ({
  request: head.id,
  company: head.company,
  queue: head.queue,
  lease: head.state === 'leased' ? head.lease : null,
});

export type SayRefusal = 'message_conflict' | 'attachment_not_ready';

/** Adds a message with what it attaches, once for its author's `externalId`, and tells of it. */
export async function say(
  call: Call,
  about: About,
  who: Who,
  input: MessageInput,
  lease: string | null = null,
): Promise<Result<Message, SayRefusal>> {
  const owner = who.tenant ?? CUSTOMER_OWNER;
  const attached = await takeAttachments(call, about.request, owner, input.kind, input.attachments);
  if (!attached.ok) return attached;
  const { externalId: key, kind, text } = input;
  return tell(call, about, who, { key, kind, text, attachments: attached.value, lease });
}

/** Adds a message and tells of it. Saying it again tells it once, so a repetition also tells what a crash left untold. */
export async function tell(
  call: Call,
  about: About,
  who: Who,
  draft: Draft,
): Promise<Result<Message, 'message_conflict'>> {
  const said = await addMessage(call, about.request, who, draft);
  if (!said.ok) return said;
  await announce(call, ...(await eventsOf(call, about, said.value)));
  return ok(said.value);
}

async function eventsOf(call: Call, about: About, message: Message): Promise<Announcement[]> {
  const common = { type: 'message.created', subject: about.request, at: message.at, effect: message.id } as const;
  const data = { request: about.request, queue: about.queue, message: message.id, from: message.author };
  const events: Announcement[] = [];
  if (message.author !== 'company') events.push({ ...common, tenant: about.company, data });
  if (about.lease === null) return events;
  const holder = await readLease(call, about.lease);
  if (holder?.state === 'held' && holder.provider !== message.tenant)
    events.push({ ...common, tenant: holder.provider, data: { ...data, lease: about.lease } });
  return events;
}
