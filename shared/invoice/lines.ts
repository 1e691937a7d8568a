/**
 * The lines of an invoice, in whole cents: what a company's entries come to, less its credits, each cent once. Integer
 * arithmetic throughout: Σ lines is ⌊what is owed⌋ in whole cents, and no line is further than a cent from its exact amount.
 */
import { type Currency, centsOf, formatMicros, MICROS_PER_CENT, microsOfCents, wholeCents } from '../kernel/money.ts';
import { type Billable, CAUSES, type Cause, type Group, groupKey, totalOf } from './billable.ts';
import type { LineKind } from './invoice.ts';

/** Stripe takes 250; a reader far fewer. */
export const MOST_LINES = 200;

export type DraftLine = {
  kind: LineKind;
  queue: string | null;
  round: number | null;
  quantity: number;
  /** Whole cents, in micro-units; never negative. */
  micros: number;
  description: string;
};
export type Drafted = {
  lines: DraftLine[];
  /** Every queue, round and kind, where `lines` had to put them together; else empty. */
  details: DraftLine[];
  totalMicros: number;
};

type Part = Group & { key: string; leftMicros: number; lowered: [Cause, number][]; note: string | null };

/** What a reader calls a queue. */
export type NameOf = (queue: string) => string;
const itsId: NameOf = (queue) => queue;

/** Drafts the lines of what is owed. Where that is less than a cent there are none. */
export function draftLines(billable: Billable, currency: Currency, nameOf: NameOf = itsId): Drafted {
  const totalMicros = wholeCents(totalOf(billable));
  if (totalMicros <= 0) return { lines: [], details: [], totalMicros: 0 };
  const parts = partsOf(billable);
  lower(parts, creditsOf(billable));
  const cents = toCents(
    parts.map(({ key, leftMicros }) => ({ key, micros: leftMicros })),
    centsOf(totalMicros),
  );
  const details = parts
    .filter((part) => part.quantity > 0 || (cents.get(part.key) ?? 0) > 0)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((part): DraftLine => {
      const { kind, queue, round, quantity } = part;
      const micros = microsOfCents(cents.get(part.key) ?? 0);
      return { kind, queue, round, quantity, micros, description: describe(part, currency, nameOf) };
    });
  if (details.length <= MOST_LINES) return { lines: details, details: [], totalMicros };
  return { lines: byQueue(details, currency, nameOf), details, totalMicros };
}

/** All that adds to the invoice: groups, corrections upwards, and what was carried over where that is a cent or more. */
function partsOf(billable: Billable): Part[] {
  const parts = [...billable.groups].map(([key, group]) => partOf(key, group, null));
  for (const [cause, micros] of billable.credits)
    if (micros < 0) parts.push(extra('adjustment', `Corrections: ${CAUSES[cause]} taken back`, 0 - micros, cause));
  if (billable.carriedMicros >= MICROS_PER_CENT)
    parts.push(extra('carried', 'Carried over from earlier months', billable.carriedMicros, 'carried'));
  return parts;
}

const partOf = (key: string, group: Group, note: string | null): Part => ({
  ...group,
  key,
  leftMicros: group.micros,
  lowered: [],
  note,
});
const extra = (kind: LineKind, note: string, micros: number, cause: Cause): Part =>
  partOf(`~${groupKey(kind, null, null)}#${cause}`, { kind, queue: null, round: null, quantity: 0, micros }, note);

/** What lowers it, in order of cause; what was carried over counts where it is below nothing. */
function creditsOf(billable: Billable): [Cause, number][] {
  const credits = [...billable.credits].filter(([, micros]) => micros > 0);
  if (billable.carriedMicros < 0) credits.push(['carried', 0 - billable.carriedMicros]);
  return credits.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Takes each credit from the largest lines first, by their amounts before any credit; ties by key. */
function lower(parts: readonly Part[], credits: readonly [Cause, number][]): void {
  const largestFirst = [...parts].sort((a, b) => b.micros - a.micros || (a.key < b.key ? -1 : 1));
  for (const [cause, micros] of credits) {
    let left = micros;
    for (const part of largestFirst) {
      const taken = Math.min(left, part.leftMicros);
      if (taken === 0) continue;
      part.leftMicros -= taken;
      part.lowered.push([cause, taken]);
      left -= taken;
    }
  }
}

/**
 * Amounts in micro-units as whole cents that sum to `total`: each is floored, and the cents that are left go to the largest
 * remainders, ties by key.
 */
export function toCents(amounts: readonly { key: string; micros: number }[], total: number): Map<string, number> {
  const parts = amounts.map(({ key, micros }) => {
    const cents = Math.floor(micros / MICROS_PER_CENT);
    return { key, cents, rest: micros - cents * MICROS_PER_CENT };
  });
  let left = total - parts.reduce((sum, part) => sum + part.cents, 0);
  if (left < 0 || left > parts.length) throw new RangeError(`${left} cents are left over of ${parts.length} amounts`);
  for (const part of [...parts].sort((a, b) => b.rest - a.rest || (a.key < b.key ? -1 : 1))) {
    if (left === 0) break;
    part.cents += 1;
    left -= 1;
  }
  return new Map(parts.map(({ key, cents }) => [key, cents]));
}

const SYMBOLS: Readonly<Record<Currency, string>> = { USD: '$', EUR: '€', GBP: '£' };
/** An amount for people: `$0.873512`. */
export const amountText = (micros: number, currency: Currency): string =>
  `${micros < 0 ? '-' : ''}${SYMBOLS[currency]}${formatMicros(Math.abs(micros))}`;
/** Thousands with commas, the same on every machine. */
export const countText = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');

const KIND_TEXT: Readonly<Record<LineKind, string>> = {
  confirmed: 'resolutions',
  assumed: 'assumed resolutions',
  overflow: 'overflow resolutions',
  shortfall: 'Shortfall fee',
  carried: 'Carried over',
  adjustment: 'Corrections',
  queue: 'resolutions',
};

const resolvedText = (quantity: number, kind: LineKind): string =>
  `${countText(quantity)} ${quantity === 1 ? KIND_TEXT[kind].replace(/s$/, '') : KIND_TEXT[kind]}`;

const averageText = ({ quantity, kind, micros }: Part, currency: Currency): string =>
  `${resolvedText(quantity, kind)}, average ${amountText(Math.floor(micros / quantity), currency)}`;

function describe(part: Part, currency: Currency, nameOf: NameOf): string {
  const where = part.queue === null ? '' : `${nameOf(part.queue)}, round ${part.round}: `;
  const what = part.note ?? (part.quantity === 0 ? KIND_TEXT[part.kind] : averageText(part, currency));
  const less = part.lowered.map(([cause, micros]) => `${amountText(micros, currency)} ${CAUSES[cause]}`);
  return `${where}${what}${less.length === 0 ? '' : `; less ${less.join(', ')}`}`;
}

/** One line for each queue, the smallest queues together in one where there are too many; what has no queue stays. */
function byQueue(details: readonly DraftLine[], currency: Currency, nameOf: NameOf): DraftLine[] {
  const own = details.filter((line) => line.queue === null);
  const queues = new Map<string, DraftLine[]>();
  for (const line of details)
    if (line.queue !== null) queues.set(line.queue, [...(queues.get(line.queue) ?? []), line]);
  const together = [...queues].map(([queue, lines]) => summed(queue, lines, `${nameOf(queue)}: `, currency));
  const most = MOST_LINES - own.length;
  if (together.length <= most) return [...together, ...own];
  const largest = [...together].sort((a, b) => b.micros - a.micros || ((a.queue ?? '') < (b.queue ?? '') ? -1 : 1));
  const rest = largest.slice(most - 1);
  return [
    ...largest.slice(0, most - 1),
    summed(null, rest, `${countText(rest.length)} further queues: `, currency),
    ...own,
  ];
}

function summed(queue: string | null, lines: readonly DraftLine[], where: string, currency: Currency): DraftLine {
  const quantity = lines.reduce((sum, line) => sum + line.quantity, 0);
  const micros = lines.reduce((sum, line) => sum + line.micros, 0);
  const average = quantity === 0 ? '' : `, average ${amountText(Math.floor(micros / quantity), currency)}`;
  const description = `${where}${resolvedText(quantity, 'queue')}${average}; by round and kind in the detail`;
  return { kind: 'queue', queue, round: null, quantity, micros, description };
}
