/**
 * A company's playbook for one queue: how its requests are to be answered, and what of them a provider may see. Versions
 * are kept; a turn is worked by the version that stood when it was claimed.
 */
import * as z from 'zod';
import { QueueId } from '../kernel/id.ts';
import { Instant } from '../kernel/time.ts';

const text = (most: number) => z.string().trim().min(1).max(most);
const MOST_BYTES = 64 * 1024;

export const Shows = z
  .strictObject({
    fields: z
      .union([z.literal('all'), z.array(text(60)).max(30)])
      .default('all')
      .meta({ description: 'Names of the requests’ fields that providers see, or all' }),
    personalData: z.boolean().default(false).meta({
      description: 'Whether e-mail addresses, phone numbers, cards, accounts and names are shown as they are',
    }),
    attachments: z.boolean().default(true).meta({ description: 'Whether providers see what others attached' }),
  })
  .meta({ id: 'PlaybookShows', description: 'What providers see of a request' });
export type Shows = z.infer<typeof Shows>;
/** Without a playbook all fields are shown, with personal data replaced. */
export const DEFAULT_SHOWS: Shows = { fields: 'all', personalData: false, attachments: true };

const Contents = z.strictObject({
  sections: z
    .array(z.strictObject({ title: text(120), markdown: text(16_000) }))
    .max(30)
    .default([])
    .meta({ description: 'How to answer, as Markdown' }),
  actions: z
    .array(z.strictObject({ name: text(80), rule: text(400) }))
    .max(50)
    .default([])
    .meta({ description: 'What an agent may do for a customer, and within which bounds' }),
  snippets: z
    .array(z.strictObject({ name: text(80), text: text(2_000) }))
    .max(100)
    .default([])
    .meta({ description: 'Texts to answer with' }),
  escalations: z
    .array(z.strictObject({ when: text(400), to: text(400) }))
    .max(30)
    .default([])
    .meta({ description: 'When a request is to be handed on' }),
  links: z
    .array(z.strictObject({ title: text(120), url: z.url({ protocol: /^https$/ }).max(500) }))
    .max(50)
    .default([])
    .meta({ description: 'Further reading; https only' }),
  shows: Shows.default(DEFAULT_SHOWS),
});

export const PlaybookInput = Contents.extend({
  replaces: z.int().min(0).optional().meta({
    description: 'The version this one was written from, 0 for none: refused where another stands meanwhile',
  }),
})
  .refine((input) => new TextEncoder().encode(JSON.stringify(input)).length <= MOST_BYTES, {
    message: 'must have at most 64 KB altogether',
  })
  .meta({ id: 'PlaybookInput' });
export type PlaybookInput = z.infer<typeof PlaybookInput>;
export type PlaybookContents = z.infer<typeof Contents>;

/** As the company sees it. */
export const Playbook = z
  .object({ queue: QueueId, version: z.int().min(1), changedAt: Instant, ...Contents.shape })
  .meta({ id: 'Playbook' });
export type Playbook = z.infer<typeof Playbook>;

/** As whoever works a request sees it. */
export const AgentPlaybook = Playbook.omit({ changedAt: true }).meta({ id: 'AgentPlaybook' });
export type AgentPlaybook = z.infer<typeof AgentPlaybook>;
export const agentPlaybook = ({ changedAt: _changedAt, ...rest }: Playbook): AgentPlaybook => rest;
