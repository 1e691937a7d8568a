/**
 * What is said about a request by its customer, the company and those who work it: items of their own, only ever added.
 * A `message` is for everybody, a `note` for the company and providers alone.
 */
import * as z from 'zod';
import { LeaseId } from '../dispatch/lease.ts';
import { type Member, PROGRAM_PREFIX } from '../identity/identity.ts';
import { canonicalJson, sha256Hex } from '../kernel/hash.ts';
import { ExternalId, OrganisationId } from '../kernel/id.ts';
import { Instant, iso } from '../kernel/time.ts';
import { AttachmentFacts, AttachmentId, AttachmentView, MOST_ATTACHMENTS } from './attachment.ts';

export const MessageKind = z
  .enum(['message', 'note'])
  .meta({ id: 'MessageKind', description: 'A note is internal: the customer never sees it' });
export type MessageKind = z.infer<typeof MessageKind>;

/** `agent` is a person of a provider, `program` a provider's program, `company` whoever acts for the company. */
export const Author = z.enum(['customer', 'company', 'agent', 'program']).meta({ id: 'Author' });
export type Author = z.infer<typeof Author>;

/** Who writes or looks: `tenant` is null for a customer, `user` a person's or a key's id. */
export type Who = { author: Author; tenant: string | null; user: string | null };

export const CUSTOMER: Who = { author: 'customer', tenant: null, user: null };
export const companyWho = (actor: Member): Who => ({ author: 'company', tenant: actor.tenant, user: actor.user });
export const providerWho = (actor: Pick<Member, 'tenant' | 'user'>): Who => ({
  author: actor.user.startsWith(PROGRAM_PREFIX) ? 'program' : 'agent',
  tenant: actor.tenant,
  user: actor.user,
});

const text = z.string().max(8_000).default('');
const attachments = z.array(AttachmentId).max(MOST_ATTACHMENTS).default([]);
const externalId = ExternalId.meta({
  description: 'One’s own id of the message: sent again, it is the same message',
});
const saysSomething = (input: { text: string; attachments: string[] }): boolean =>
  input.text.trim() !== '' || input.attachments.length > 0;
const SAYS_NOTHING = { path: ['text'], message: 'must not be empty where nothing is attached' };

export const CustomerMessageInput = z
  .strictObject({ externalId, text, attachments })
  .refine(saysSomething, SAYS_NOTHING)
  .meta({ id: 'CustomerMessageInput' });
export const MessageInput = z
  .strictObject({ externalId, kind: MessageKind.default('message'), text, attachments })
  .refine(saysSomething, SAYS_NOTHING)
  .meta({ id: 'MessageInput' });
export type MessageInput = z.infer<typeof MessageInput>;

/** A message as its item. What is erased loses text and names of files; `contentHash` still proves what it was. */
export const Message = z.object({
  pk: z.string(),
  sk: z.string(),
  id: z.string(),
  kind: MessageKind,
  author: Author,
  tenant: OrganisationId.nullable(),
  user: z.string().nullable(),
  text: z.string(),
  attachments: z.array(AttachmentFacts),
  /** The turn it was written in. */
  lease: z.string().nullable(),
  at: z.number(),
  /** SHA-256 over canonical JSON of text and attachments. */
  contentHash: z.string(),
  erasedAt: z.number().nullable(),
});
export type Message = z.infer<typeof Message>;

/** SHA-256 in hex over what a message says: its text, and name, type, size and SHA-256 of each file. */
export async function messageHash(message: Pick<Message, 'text' | 'attachments'>): Promise<string> {
  return sha256Hex(canonicalJson({ text: message.text, attachments: message.attachments }));
}

/**
 * The hash of a thread for receipts: a chain of SHA-256 in hex. It begins with 64 zeros; each link hashes the link before
 * it and canonical JSON of the message's id, kind, author, tenant, time and content hash, in the order given (the order of
 * the thread). Erasing texts leaves it as it was.
 */
export async function threadHash(
  messages: readonly Pick<Message, 'id' | 'kind' | 'author' | 'tenant' | 'at' | 'contentHash'>[],
): Promise<string> {
  let hash = '0'.repeat(64);
  for (const { id, kind, author, tenant, at, contentHash } of messages)
    hash = await sha256Hex(`${hash}${canonicalJson({ id, kind, author, tenant, at, contentHash })}`);
  return hash;
}

export const MessageView = z
  .object({
    id: z.string(),
    kind: MessageKind,
    author: Author,
    organisation: OrganisationId.nullable().meta({
      description: 'Whose; the company sees all, a provider its own, a customer none',
    }),
    user: z.string().nullable().meta({ description: 'The person or key; within one’s own organisation only' }),
    text: z.string(),
    attachments: z.array(AttachmentView),
    lease: LeaseId.nullable().meta({ description: 'The turn it was written in; shown to its provider' }),
    at: Instant,
    isErased: z.boolean(),
  })
  .meta({ id: 'MessageView' });
export type MessageView = z.infer<typeof MessageView>;

/** Who reads, and for a provider how texts are shown (see `shown.ts`). */
export type Reader =
  | { as: 'customer' }
  | { as: 'company'; tenant: string }
  | { as: 'provider'; tenant: string; show: (text: string) => string; showsAttachments: boolean };

/** Whether a reader may see a message at all: notes are not for customers. */
export const maySee = (reader: Reader, message: Pick<Message, 'kind'>): boolean =>
  reader.as !== 'customer' || message.kind === 'message';

/** A message as its reader sees it. */
export function messageView(message: Message, reader: Reader): MessageView {
  const isOwn = reader.as !== 'customer' && message.tenant === reader.tenant;
  const show = reader.as === 'provider' ? reader.show : (plain: string) => plain;
  const files = reader.as === 'provider' && !reader.showsAttachments && !isOwn ? [] : message.attachments;
  return {
    id: message.id,
    kind: message.kind,
    author: message.author,
    organisation: isOwn || reader.as === 'company' ? message.tenant : null,
    user: isOwn ? message.user : null,
    text: show(message.text),
    attachments: files.map(({ id, name, type, sizeBytes }) => ({ id, name: show(name), type, sizeBytes })),
    lease: isOwn && reader.as === 'provider' ? message.lease : null,
    at: iso(message.at),
    isErased: message.erasedAt !== null,
  };
}
