/** What a message becomes under a connector: a request, nothing (and why), or an error that its company sees. */
import type { FieldError } from '../kernel/fields.ts';
import { shortHash } from '../kernel/hash.ts';
import { applyMapping, type Draft, type Mapping, textAt } from '../request/mapping.ts';
import type { ConnectorInput } from './connector.ts';
import { rawMailOf, readMail } from './mail.ts';
import { jsonOf, type Payload } from './payload.ts';
import { zendeskKind, zendeskMapping } from './zendesk.ts';

export type Translated =
  | { what: 'request'; draft: Draft; repliesTo: string[] }
  | { what: 'ignored'; reason: string }
  | { what: 'unfit'; errors: FieldError[] };

/** The most that a request's text and its further fields may have: what is longer is cut, and says so. */
const MOST_TEXT = 8_000;
const MOST_FIELD = 400;

export async function translate(config: ConnectorInput, payload: Payload): Promise<Translated> {
  if (config.kind === 'email') return translateMail(config, payload);
  const record = jsonOf(payload);
  if (typeof record !== 'object' || record === null || Array.isArray(record))
    return unfit('body', 'must be one JSON object');
  if (config.kind === 'zendesk') {
    const kind = zendeskKind(record);
    if (kind.isTicket) return request(config, zendeskMapping(config.mapping), record, 'zendesk:');
    if (kind.ignored !== null) return { what: 'ignored', reason: kind.ignored };
    return unfit('body', "is neither an event of Zendesk nor has it 'ticket.id' as the documented body of a trigger");
  }
  const other = config.only.find(({ path, is }) => !is.includes(textAt(record, path) ?? ''));
  if (other !== undefined)
    return {
      what: 'ignored',
      reason: `${other.path} is “${textAt(record, other.path) ?? ''}”, not ${other.is.join(' or ')}.`,
    };
  return request(config, config.mapping, record, '');
}

const unfit = (field: string, message: string): Translated => ({ what: 'unfit', errors: [{ field, message }] });

function request(config: ConnectorInput, mapping: Mapping, record: object, prefix: string): Translated {
  const draft = applyMapping(mapping, record);
  if (draft.externalId === undefined)
    return unfit('externalId', 'is not in the message: map it to what names the matter in your system');
  return {
    what: 'request',
    draft: finished(config, { ...draft, externalId: `${prefix}${draft.externalId}` }),
    repliesTo: [],
  };
}

async function translateMail(config: ConnectorInput, payload: Payload): Promise<Translated> {
  const raw = rawMailOf(payload);
  if (raw === undefined)
    return unfit(
      'body',
      'has no raw message: post it as message/rfc822, as RawEmail of Postmark or body-mime of Mailgun',
    );
  const mail = await readMail(raw);
  if (mail === undefined) return unfit('body', 'is no e-mail by RFC 5322');
  if (mail.automatic !== null) return { what: 'ignored', reason: mail.automatic };
  if (mail.from === undefined) return unfit('customer', 'is not known: the message has no From');
  const draft = { externalId: await mailRequestId(mail.messageId), customer: mail.from, text: mail.text };
  return { what: 'request', draft: finished(config, draft), repliesTo: mail.repliesTo };
}

/** The externalId of the request that a message makes: its Message-ID, or the hash of one that is too long. */
export const mailRequestId = async (messageId: string): Promise<string> =>
  messageId.length <= 200 ? messageId : `mail-${await shortHash(messageId)}`;

function finished(config: ConnectorInput, draft: Draft): Draft {
  return {
    ...draft,
    ...(draft.queue === undefined && config.queue !== undefined ? { queue: config.queue } : {}),
    ...(draft.text === undefined ? {} : { text: cut(draft.text, MOST_TEXT) }),
    ...(draft.fields === undefined
      ? {}
      : {
          fields: Object.fromEntries(Object.entries(draft.fields).map(([name, text]) => [name, cut(text, MOST_FIELD)])),
        }),
  };
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const note = `… [cut, ${text.length} characters in all]`;
  return `${text.slice(0, most - note.length)}${note}`;
}
