/** Triage as the API shows it, and the one decision: whether a category is taken or asked for. */
import * as z from 'zod';
import { QueueId } from '../kernel/id.ts';
import { Instant } from '../kernel/time.ts';
import { RequestId } from '../request/request.ts';
import { Category } from '../service-class/service-class.ts';
import type { Judgement } from './judge.ts';

/** How many corrections of a company are remembered: the newest. */
export const MOST_CORRECTIONS = 256;
/** How many may come in one call. */
export const MOST_AT_ONCE = 25;
/** How many suggestions are shown. */
const MOST_SUGGESTED = 5;

const Text = z.string().min(1).max(8_000).meta({ description: 'What the customer said' });

export const TriageInput = z
  .strictObject({
    text: Text,
    queues: z.array(QueueId).min(1).max(100).optional().meta({
      description: 'The queues to choose between; those of your commitments and awards where left out',
    }),
  })
  .meta({ id: 'TriageInput' });
export type TriageInput = z.infer<typeof TriageInput>;

const Confidence = z.number().min(0).max(1);
export const Suggestion = z
  .object({
    category: z.string(),
    confidence: Confidence,
    queues: z.array(QueueId).meta({ description: 'Your queues of this category; more than one: say which' }),
  })
  .meta({ id: 'Suggestion' });
export type Suggestion = z.infer<typeof Suggestion>;

export const TriageView = z
  .object({
    suggestions: z.array(Suggestion).meta({ description: 'From the likeliest on, five at the most' }),
    other: Confidence.meta({ description: 'The probability that it is none of your categories' }),
    threshold: Confidence.meta({ description: 'From this confidence on a request without a queue is taken unasked' }),
    queue: QueueId.nullable().meta({ description: 'Where such a request would go; null where it would be asked for' }),
  })
  .meta({ id: 'TriageView' });
export type TriageView = z.infer<typeof TriageView>;

export const CorrectionInput = z
  .union([
    z.strictObject({ text: Text, category: Category }),
    z.strictObject({
      request: RequestId.meta({ description: 'One of your requests: its text is meant' }),
      category: Category,
    }),
  ])
  .meta({ id: 'CorrectionInput', description: 'A text, and the category it belongs to' });
export type CorrectionInput = z.infer<typeof CorrectionInput>;

export const CorrectionsInput = z
  .strictObject({ corrections: z.array(CorrectionInput).min(1).max(MOST_AT_ONCE) })
  .meta({ id: 'CorrectionsInput' });

export const CorrectionsView = z
  .object({
    remembered: z.int().min(0).max(MOST_CORRECTIONS),
    categories: z.array(z.object({ category: z.string(), texts: z.int() })),
    lastAt: Instant.nullable(),
  })
  .meta({ id: 'CorrectionsView' });
export type CorrectionsView = z.infer<typeof CorrectionsView>;

/** A company's queues by category; what triage chooses between. */
export type Choices = ReadonlyMap<string, readonly string[]>;

/**
 * What a judgement means for a request: its queue is taken where the likeliest category is at or above the threshold,
 * likelier than `other`, and has one queue. Otherwise it is asked for.
 */
export function triaged(judgement: Judgement, choices: Choices, threshold: number): TriageView {
  const suggestions = judgement.ranked.slice(0, MOST_SUGGESTED).map(({ category, confidence }) => ({
    category,
    confidence: rounded(confidence),
    queues: [...(choices.get(category) ?? [])],
  }));
  const [first] = judgement.ranked;
  const queues = first === undefined ? [] : (choices.get(first.category) ?? []);
  const isSure = first !== undefined && first.confidence >= threshold && first.confidence > judgement.other;
  return {
    suggestions,
    other: rounded(judgement.other),
    threshold,
    queue: isSure && queues.length === 1 ? (queues[0] ?? null) : null,
  };
}

/** Four digits are enough for a person and the same on every machine. */
const rounded = (share: number): number => Math.round(share * 10_000) / 10_000;
