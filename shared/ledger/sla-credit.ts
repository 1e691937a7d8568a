/** An SLA credit as its parties see it, with the reason. */
import * as z from 'zod';
import { QueueId } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import type { EntryView, Leg } from './ledger.ts';

export const SlaCredit = z
  .object({
    event: z.string(),
    request: z.string(),
    queue: QueueId,
    round: z.int(),
    currency: Currency,
    micros: z.int().meta({ description: 'Companies: what is credited. Providers: what they bear of it' }),
    reason: z.string(),
    deadline: Instant.nullable().meta({ description: 'Of the first resolution' }),
    resolvedAt: Instant.nullable(),
    occurredAt: Instant,
    period: z.string(),
    creditNote: z.string().nullable().meta({ description: 'That gave it back, where the charge was invoiced' }),
  })
  .meta({ id: 'SlaCredit' });
export type SlaCredit = z.infer<typeof SlaCredit>;

/** Who bears an SLA credit, from its legs: the provider at fault, and the market. */
export function slaParts(legs: readonly Leg[]): { providerMicros: number; marketMicros: number } {
  const of = (account: '2100' | '4190'): number =>
    legs.reduce((sum, leg) => sum + (leg.account === account ? leg.micros : 0), 0);
  return { providerMicros: of('2100'), marketMicros: of('4190') };
}

const text = (value: string | number | null | undefined): string | null =>
  value === undefined || value === null ? null : String(value);

/** What an entry says of an SLA credit to one side; undefined where it is none of that side's. */
export function slaCreditOf(entry: EntryView, viewer: 'company' | 'provider'): SlaCredit | undefined {
  if (!entry.event.startsWith('sla#')) return undefined;
  const { facts } = entry;
  const debited = entry.legs.filter(({ account }) => account === '2100' || account === '4190');
  const own = viewer === 'provider' ? debited.filter(({ account }) => account === '2100') : debited;
  return {
    event: entry.event,
    request: String(facts.request ?? ''),
    queue: String(facts.queue ?? ''),
    round: Number(facts.round ?? 0),
    currency: entry.currency,
    micros: own.reduce((sum, { micros }) => sum + micros, 0),
    reason: text(facts.reason) ?? 'resolved after its deadline',
    deadline: text(facts.deadline),
    resolvedAt: text(facts.resolvedAt),
    occurredAt: entry.occurredAt,
    period: entry.period,
    creditNote: viewer === 'company' ? text(facts.creditNote) : null,
  };
}
