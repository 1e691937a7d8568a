/**
 * The ready mapping for Zendesk, for both kinds of its webhooks: subscribed events
 * (https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events) and triggers, whose body the company
 * writes itself; `TRIGGER_BODY` is the one to paste.
 */
import { type Mapping, textAt } from '../request/mapping.ts';

const CREATED = 'zen:event-type:ticket.created';

/** The JSON body of a trigger or automation; Zendesk fills the placeholders. */
export const TRIGGER_BODY = {
  ticket: {
    id: '{{ticket.id}}',
    subject: '{{ticket.title}}',
    description: '{{ticket.description}}',
    priority: '{{ticket.priority}}',
    channel: '{{ticket.via}}',
    tags: '{{ticket.tags}}',
    requester: { id: '{{ticket.requester.id}}', email: '{{ticket.requester.email}}' },
  },
};

const either = (name: string) => ({ from: [`ticket.${name}`, `detail.${name}`], take: 'first' as const });

const READY: Mapping = {
  externalId: either('id'),
  customer: {
    from: ['ticket.requester.email', 'ticket.requester.id', 'detail.requester_id'],
    take: 'first',
  },
  text: {
    from: ['ticket.subject', 'ticket.description', 'detail.subject', 'detail.description'],
    take: 'all',
  },
  fields: {
    ticket: either('id'),
    priority: either('priority'),
    channel: { from: ['ticket.channel', 'detail.via.channel'], take: 'first' },
    tags: either('tags'),
    type: either('type'),
  },
};

/** The mapping with what the company set otherwise. */
export const zendeskMapping = (own: Mapping): Mapping => ({
  ...READY,
  ...own,
  fields: { ...READY.fields, ...own.fields },
});

/** What kind of message this is: a new ticket, one that makes no request (and why), or nothing that Zendesk sends. */
export function zendeskKind(record: unknown): { isTicket: true } | { isTicket: false; ignored: string | null } {
  const type = textAt(record, 'type');
  if (type?.startsWith('zen:event-type:'))
    return type === CREATED
      ? { isTicket: true }
      : { isTicket: false, ignored: `${type} makes no request; only ${CREATED} does.` };
  if (textAt(record, 'ticket.id') !== undefined) return { isTicket: true };
  return { isTicket: false, ignored: null };
}
