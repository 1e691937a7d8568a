/** An e-mail as a request: who writes, what about, what it answers, and whether a person wrote it at all. */
import PostalMime, { type Email } from 'postal-mime';
import { shortHash } from '../kernel/hash.ts';
import { formOf, jsonOf, type Payload, typeOf } from './payload.ts';
import { htmlToText, ownWords } from './words.ts';

export type Mail = {
  /** The writer's address, in lower case; undefined where there is none. */
  from: string | undefined;
  /** Without brackets. Follows from the bytes where the mail says none. */
  messageId: string;
  /** The messages it answers, the nearest first. */
  repliesTo: string[];
  /** Subject, and what the writer wrote. */
  text: string;
  /** Why no person wrote this; null where one did. */
  automatic: string | null;
};

/**
 * The raw message in a payload: the body itself (SES through a function, a pipe of Postfix), `RawEmail` in Postmark's JSON,
 * or `body-mime` in Mailgun's form. Undefined where there is none.
 */
export function rawMailOf(payload: Payload): Uint8Array<ArrayBuffer> | undefined {
  const type = typeOf(payload);
  const form = formOf(payload);
  if (form !== undefined) return bytesOf(form.get('body-mime'));
  if (type === 'application/json')
    return bytesOf((jsonOf(payload) as { RawEmail?: unknown } | null | undefined)?.RawEmail);
  return payload.bytes.length === 0 ? undefined : payload.bytes;
}

const bytesOf = (text: unknown): Uint8Array<ArrayBuffer> | undefined =>
  typeof text === 'string' && text !== '' ? new TextEncoder().encode(text) : undefined;

/** Reads a raw message (RFC 5322, MIME); undefined where it is none. */
export async function readMail(raw: Uint8Array<ArrayBuffer>): Promise<Mail | undefined> {
  const email = await PostalMime.parse(raw, { maxNestingDepth: 50, attachmentEncoding: 'arraybuffer' }).catch(
    () => undefined,
  );
  if (email === undefined || email.headers.length === 0) return undefined;
  const subject = (email.subject ?? '').trim();
  const body = ownWords(email.text?.trim() ? email.text : htmlToText(email.html ?? ''));
  return {
    from: addressOf(email),
    messageId: idsIn(email.messageId)[0] ?? `mail-${await shortHash(new TextDecoder('windows-1252').decode(raw))}`,
    repliesTo: [...new Set([...idsIn(email.inReplyTo), ...idsIn(email.references).reverse()])],
    text: [subject, body].filter((part) => part !== '').join('\n\n'),
    automatic: automatic(email),
  };
}

function addressOf({ from }: Email): string | undefined {
  const mailbox = from?.group === undefined ? from : from.group[0];
  return mailbox?.address?.trim().toLowerCase() || undefined;
}

/** Ids of messages in a header, without their brackets. */
const idsIn = (header: string | undefined): string[] =>
  [...(header ?? '').matchAll(/<([^<>\s]{1,200})>/g)].map(([, id = '']) => id);

/**
 * Answers of machines and reports of mail servers: RFC 3834 (Auto-Submitted), RFC 3464 (reports), a null return path
 * (RFC 5321), and what came before these.
 */
function automatic(email: Email): string | null {
  const header = (name: string): string | undefined =>
    email.headers
      .find(({ key }) => key === name)
      ?.value.trim()
      .toLowerCase();
  const submitted = header('auto-submitted');
  if (submitted !== undefined && !/^no\b/.test(submitted)) return `Auto-Submitted: ${submitted}`;
  const precedence = header('precedence');
  if (precedence !== undefined && /^(?:bulk|junk|list|auto_reply)$/.test(precedence))
    return `Precedence: ${precedence}`;
  if (header('return-path') === '<>') return 'It has an empty return path: a mail server reports.';
  if (/^multipart\/report\b/.test(header('content-type') ?? '')) return 'It is the report of a mail server.';
  const sign = ['x-autoreply', 'x-autorespond', 'x-auto-reply'].find((name) => header(name) !== undefined);
  if (sign !== undefined) return `It is an automatic reply (${sign}).`;
  const local = addressOf(email)?.split('@')[0];
  return local === 'mailer-daemon' || local === 'postmaster' ? `${local} writes no requests.` : null;
}
