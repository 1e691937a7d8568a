/**
 * One cause behind many requests of a company: proposed by a spike or declared by its people, until it is closed. What is
 * linked to it, what its customers are told, and what it avoided. Pure.
 */
import * as z from 'zod';
import { ExternalId, QueueId } from '../kernel/id.ts';
import { asMicros, Currency } from '../kernel/money.ts';
import { Instant, iso } from '../kernel/time.ts';
import { type Head, RequestId, RequestState } from '../request/request.ts';
import { IncidentId } from './incident-id.ts';
import { Spike } from './spike.ts';

export const IncidentState = z.enum(['proposed', 'declared', 'closed', 'dismissed']).meta({
  id: 'IncidentState',
  description: '`proposed`: more requests than chance brings, and nobody has said why yet',
});
export type IncidentState = z.infer<typeof IncidentState>;

/** The queues of one incident at the most: one cause is seen on several channels. */
export const MOST_QUEUES = 10;
/** Requests that are chosen one by one in one call. */
export const MOST_CHOSEN = 100;

const words = (what: string) => z.string().trim().min(1).max(2_000).meta({ description: what });
const Cause = {
  title: z.string().trim().min(1).max(120).meta({ description: 'The cause in a few words; its customers read it' }),
  words: words('What each linked customer is told, once, in the thread of the request'),
};
export const IncidentInput = z
  .strictObject({
    externalId: ExternalId.meta({ description: 'One’s own id of the incident: sent again, it is the same incident' }),
    queues: z.array(QueueId).min(1).max(MOST_QUEUES).meta({ description: 'Where it is seen; all of one currency' }),
    ...Cause,
    since: Instant.meta({ description: 'Since when it is seen' }),
  })
  .meta({ id: 'IncidentInput' });
export type IncidentInput = z.infer<typeof IncidentInput>;
export const CauseInput = z.strictObject(Cause).meta({ id: 'CauseInput' });
export type CauseInput = z.infer<typeof CauseInput>;
export const ClosingInput = z
  .strictObject({ words: words('What each customer is told at the end: that it works again') })
  .meta({ id: 'IncidentClosingInput' });

export const Selection = z
  .discriminatedUnion('by', [
    z.strictObject({
      by: z.literal('since'),
      since: Instant.meta({ description: 'Requests that were accepted from here on' }),
      search: z.string().trim().max(200).default('').meta({
        description: 'Only where the customer’s first text has all of these words, whatever their case',
      }),
      working: z.boolean().default(false).meta({
        description: 'Also those that somebody works: their turns end, and who had them is told',
      }),
    }),
    z.strictObject({ by: z.literal('chosen'), requests: z.array(RequestId).min(1).max(MOST_CHOSEN) }),
  ])
  .meta({ id: 'IncidentSelection', description: 'Which open requests of the incident’s queues are meant' });
export type Selection = z.infer<typeof Selection>;

/** A walk over requests, a batch at a time: `link` over lists of heads or over chosen ones, `close` over what is linked. */
export const Run = z.object({
  number: z.int(),
  kind: z.enum(['link', 'close']),
  selection: Selection.nullable(),
  lists: z.array(z.object({ queue: z.string(), round: z.int() })),
  /** The list it is in, and the last sort key of it that was passed. */
  list: z.int(),
  after: z.string().nullable(),
  looked: z.int(),
  done: z.int(),
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
});
export type Run = z.infer<typeof Run>;

export const StoredIncident = z.object({
  pk: z.string(),
  sk: z.string(),
  id: IncidentId,
  company: z.string(),
  /** Hash of what was declared, by which a repetition is recognised; null for a proposal. */
  contentHash: z.string().nullable(),
  state: IncidentState,
  queues: z.array(z.string()),
  currency: Currency,
  title: z.string().nullable(),
  words: z.string().nullable(),
  closingWords: z.string().nullable(),
  since: z.number(),
  spike: Spike.nullable(),
  /** Companies of the queue that saw a spike in the same hour, from three on. */
  seenBy: z.int().nullable(),
  /** Who declared, closed or dismissed it last: customers' messages are said to be from there. */
  user: z.string().nullable(),
  declaredAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  linked: z.int(),
  linkedMicros: z.int(),
  cameBack: z.int(),
  cameBackMicros: z.int(),
  run: Run.nullable(),
  /** Grows with every step of a run, so that of two at once one counts. */
  step: z.int(),
});
export type StoredIncident = z.infer<typeof StoredIncident>;

const RunView = z.object({
  kind: z.enum(['link', 'close']),
  looked: z.int().meta({ description: 'Requests looked at so far' }),
  done: z.int().meta({ description: 'Linked and told, or told of the end' }),
  startedAt: Instant,
  finishedAt: Instant.nullable().meta({ description: 'Null while it goes on' }),
});
export const Avoided = z
  .object({
    requests: z.int().meta({ description: 'Linked, and not come back' }),
    micros: z.int(),
    currency: Currency,
    assumption: z.string(),
  })
  .meta({ id: 'IncidentAvoided' });

export const IncidentView = z
  .object({
    id: IncidentId,
    state: IncidentState,
    queues: z.array(QueueId),
    title: z.string().nullable(),
    words: z.string().nullable(),
    closingWords: z.string().nullable(),
    since: Instant,
    declaredAt: Instant.nullable(),
    endedAt: Instant.nullable().meta({ description: 'When it was closed or dismissed' }),
    spike: Spike.nullable().meta({ description: 'What proposed it' }),
    seenBy: z.int().nullable().meta({
      description: 'How many companies of this queue saw a spike in the same hour, oneself included; null below three',
    }),
    linked: z.int().meta({ description: 'How often a request was linked' }),
    cameBack: z.int().meta({ description: 'How often one was taken out again, by its customer or by you' }),
    avoided: Avoided,
    run: RunView.nullable().meta({ description: 'The last walk over requests' }),
  })
  .meta({ id: 'Incident' });
export type IncidentView = z.infer<typeof IncidentView>;

export const AVOIDED_ASSUMPTION =
  'Each linked request that did not come back would have been worked and charged once, at the price that it had when it was linked. What a cap held back had none.';

export function viewIncident(incident: StoredIncident): IncidentView {
  const {
    id,
    state,
    queues,
    title,
    words: told,
    closingWords,
    spike,
    seenBy,
    linked,
    cameBack,
    currency,
    run,
  } = incident;
  const at = (ms: number | null): string | null => (ms === null ? null : iso(ms));
  return {
    id,
    state,
    queues,
    title,
    words: told,
    closingWords,
    since: iso(incident.since),
    declaredAt: at(incident.declaredAt),
    endedAt: at(incident.endedAt),
    spike,
    seenBy,
    linked,
    cameBack,
    avoided: {
      requests: linked - cameBack,
      micros: asMicros(incident.linkedMicros - incident.cameBackMicros),
      currency,
      assumption: AVOIDED_ASSUMPTION,
    },
    run:
      run === null
        ? null
        : {
            kind: run.kind,
            looked: run.looked,
            done: run.done,
            startedAt: iso(run.startedAt),
            finishedAt: at(run.finishedAt),
          },
  };
}

/** An incident as the customer of a linked request sees it. */
export const IncidentForCustomer = z
  .object({
    title: z.string(),
    words: z.string(),
    since: Instant,
    closedAt: Instant.nullable().meta({ description: 'Since when it works again' }),
    closingWords: z.string().nullable(),
    comesBackUntil: Instant.nullable().meta({
      description: 'Until when one may say that it is not solved; null where that is over',
    }),
  })
  .meta({ id: 'IncidentForCustomer' });
export type IncidentForCustomer = z.infer<typeof IncidentForCustomer>;

/** An open request that could be linked, with the beginning of what its customer said. */
export const Candidate = z
  .object({
    request: RequestId,
    externalId: z.string(),
    queue: QueueId,
    state: RequestState,
    acceptedAt: Instant,
    deadline: Instant,
    text: z.string().meta({ description: 'The first 200 characters; the look is noted in the access log' }),
  })
  .meta({ id: 'IncidentCandidate' });
export type Candidate = z.infer<typeof Candidate>;
export const Preview = z
  .object({
    looked: z.int(),
    matching: z.int().meta({ description: 'How many of those would be linked' }),
    working: z.int().meta({ description: 'How many of the matching somebody works now' }),
    isWhole: z.boolean().meta({ description: 'False where there are more requests than one preview looks at' }),
    items: z.array(Candidate).meta({ description: 'The first of the matching' }),
  })
  .meta({ id: 'IncidentPreview' });
export type Preview = z.infer<typeof Preview>;

/** A linked request. */
export const LinkedRequest = z
  .object({
    request: RequestId,
    externalId: z.string(),
    queue: QueueId,
    state: RequestState,
    linkedAt: Instant,
    cameBackAt: Instant.nullable(),
    priceMicros: z.int(),
  })
  .meta({ id: 'LinkedRequest' });
export type LinkedRequest = z.infer<typeof LinkedRequest>;

/** What companies of one queue see at once, as the operator is told: how many, never which. */
export const QueueSpike = z
  .object({
    queue: QueueId,
    from: Instant,
    until: Instant.meta({ description: 'The end of the last hour in which it was seen' }),
    companies: z.int().meta({ description: 'The most in one hour; three at least' }),
    requests: z.int().meta({ description: 'What they sent in that hour' }),
  })
  .meta({ id: 'QueueSpike' });
export type QueueSpike = z.infer<typeof QueueSpike>;

/** Whether a selection means a head, by all but its words: open, and untouched where those in work are left out. */
export function isMeant(selection: Selection, head: Pick<Head, 'state' | 'erasedAt'>): boolean {
  if (head.erasedAt !== undefined) return false;
  if (head.state === 'ready' || head.state === 'held_back') return true;
  return head.state === 'leased' && (selection.by === 'chosen' || selection.working);
}

/** Whether a text has all the words that are searched for, whatever their case; nothing searched for is in every text. */
export function hasWords(search: string, text: string): boolean {
  const inText = text.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => inText.includes(word));
}

export const searchOf = (selection: Selection): string => (selection.by === 'since' ? selection.search : '');
