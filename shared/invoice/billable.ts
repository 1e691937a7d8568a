/**
 * What a company's entries of some months come to: amounts by queue, round and kind, credits by cause, and what earlier
 * invoices left. A fold in any order and in any pages; its size does not grow with the number of charges.
 */
import * as z from 'zod';
import type { EntryView } from '../ledger/ledger.ts';
import { LineKind } from './invoice.ts';

/** What lowers an invoice, in the words of its lines. */
export const CAUSES = {
  sla_credit: 'SLA credits',
  release_credit: 'capacity-release credits',
  true_up: 'its share of the pool',
  dispute: 'disputed charges',
  shortfall_correction: 'corrected shortfall fees',
  adjustment: 'corrections',
  carried: 'credit carried over',
} as const;
export type Cause = keyof typeof CAUSES;

export const Group = z.object({
  kind: LineKind,
  queue: z.string().nullable(),
  round: z.int().nullable(),
  /** Resolutions. */
  quantity: z.int(),
  /** In micro-units, before credits; never negative. */
  micros: z.int(),
});
export type Group = z.infer<typeof Group>;

export type Billable = {
  groups: Map<string, Group>;
  /** Micro-units by cause; positive lowers the invoice. */
  credits: Map<Cause, number>;
  /** What was in 1100 before, and what invoices have moved since; normally less than a cent. */
  carriedMicros: number;
};

export const nothingBillable = (carriedMicros = 0): Billable => ({
  groups: new Map(),
  credits: new Map(),
  carriedMicros,
});

/** The same as it is stored. */
export const Sums = z.object({
  groups: z.array(Group),
  credits: z.array(z.tuple([z.enum(Object.keys(CAUSES) as Cause[]), z.int()])),
  carriedMicros: z.int(),
});
export type Sums = z.infer<typeof Sums>;

/** Groups that are stored with what they belong to: some hundred bytes each. */
const MOST_GROUPS_KEPT = 200;

/** What a fold came to so far, to be gone on from; undefined where it is too much to store. */
export const sumsOf = ({ groups, credits, carriedMicros }: Billable): Sums | undefined =>
  groups.size > MOST_GROUPS_KEPT
    ? undefined
    : { groups: [...groups.values()].map((group) => ({ ...group })), credits: [...credits], carriedMicros };

export const billableOf = ({ groups, credits, carriedMicros }: Sums): Billable => ({
  groups: new Map(groups.map((group) => [groupKey(group.kind, group.queue, group.round), { ...group }])),
  credits: new Map(credits),
  carriedMicros,
});

/** All of it, in micro-units: what the fold has seen of 1100. */
export function totalOf(billable: Billable): number {
  const groups = [...billable.groups.values()].reduce((sum, group) => sum + group.micros, 0);
  const credits = [...billable.credits.values()].reduce((sum, micros) => sum + micros, 0);
  return groups - credits + billable.carriedMicros;
}

/** Adds what an entry moves in its company's 1100. */
export function addEntry(billable: Billable, entry: EntryView, company: string): void {
  const legs = entry.legs.filter((leg) => leg.account === '1100' && leg.of === company);
  const micros = legs.reduce((sum, leg) => sum + leg.micros, 0);
  const cause = causeOf(entry);
  if (entry.kind === 'charge') addGroup(billable, entry, chargeKind(entry), 1, micros);
  else if (micros === 0) return;
  else if (entry.kind === 'shortfall' && micros > 0) addGroup(billable, entry, 'shortfall', 0, micros);
  else if (cause === 'carried') billable.carriedMicros += micros;
  else billable.credits.set(cause, (billable.credits.get(cause) ?? 0) - micros);
}

const chargeKind = ({ facts }: EntryView): LineKind => {
  if (facts.route === 'overflow') return 'overflow';
  return facts.outcome === 'assumed' ? 'assumed' : 'confirmed';
};

/** The group that a charge or shortfall fee belongs to. */
export const groupKey = (kind: LineKind, queue: string | null, round: number | null): string =>
  `${queue ?? ''}#${String(round ?? 0).padStart(6, '0')}#${kind}`;

/** The group of an entry; undefined where it is in none. */
export function groupOf(entry: EntryView): string | undefined {
  if (entry.kind !== 'charge' && entry.kind !== 'shortfall') return undefined;
  const kind = entry.kind === 'charge' ? chargeKind(entry) : 'shortfall';
  return groupKey(kind, String(entry.facts.queue ?? ''), Number(entry.facts.round ?? 0));
}

function addGroup(billable: Billable, entry: EntryView, kind: LineKind, quantity: number, micros: number): void {
  const queue = String(entry.facts.queue ?? '');
  const round = Number(entry.facts.round ?? 0);
  const key = groupKey(kind, queue, round);
  const group = billable.groups.get(key) ?? { kind, queue, round, quantity: 0, micros: 0 };
  group.quantity += quantity;
  group.micros += micros;
  billable.groups.set(key, group);
}

function causeOf({ kind }: EntryView): Cause {
  switch (kind) {
    case 'sla_credit':
    case 'release_credit':
    case 'true_up':
    case 'shortfall_correction':
      return kind;
    case 'dispute_opened':
    case 'dispute_accepted':
    case 'dispute_rejected':
      return 'dispute';
    case 'invoice_final':
    case 'invoice_void':
    case 'credit_note':
      return 'carried';
    default:
      return 'adjustment';
  }
}

/** Entries that move 1100 of months before the one they are posted in, and so count for a plan that is made later. */
export function movesEarlier(entry: EntryView, cutOff: string): boolean {
  const { kind, facts } = entry;
  if (kind === 'invoice_final' || kind === 'invoice_void' || kind === 'credit_note' || kind === 'account_closed')
    return true;
  const micros = entry.legs.reduce((sum, leg) => sum + (leg.account === '1100' ? leg.micros : 0), 0);
  // What comes late and adds is billed with the month that it is posted in.
  return micros < 0 && typeof facts.closedPeriod === 'string' && facts.closedPeriod <= cutOff;
}
