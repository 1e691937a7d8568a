/** Counts the rows of a file of tickets by what they are about and how they came. Nothing of a ticket is kept but that. */
import { type DayOrder, dayOf } from './dates.ts';
import { type Mapping, MEANINGS, type Meaning, type Source } from './mapping.ts';

export type Group = { category: string; channel: string; language: string; region: string; tickets: number };
export type Counts = {
  rows: number;
  counted: number;
  withoutDate: number;
  withoutCategory: number;
  /** Rows of other companies, in a file of many. */
  others: number;
  /** The first and the last day, from 1970-01-01; null without any. */
  firstDay: number | null;
  lastDay: number | null;
  /** The largest first. */
  groups: Group[];
};
export type Only = { column: string; value: string } | null;

/** More kinds than anybody tells apart: what comes after them is counted as one. */
const MOST_GROUPS = 2_000;
export const OTHER = 'Other';
const LONGEST = { category: 80, channel: 40, language: 35, region: 2 } as const;

export class TicketCounter {
  private readonly places: Readonly<Record<Meaning, (row: readonly string[]) => string>>;
  private readonly groups = new Map<string, Group>();
  private readonly order: DayOrder;
  private readonly isMine: (row: readonly string[]) => boolean;
  private readonly counts = { rows: 0, counted: 0, withoutDate: 0, withoutCategory: 0, others: 0 };
  private firstDay: number | null = null;
  private lastDay: number | null = null;

  constructor(header: readonly string[], mapping: Mapping, only: Only, order: DayOrder) {
    const read = (source: Source) => {
      if ('constant' in source) return () => source.constant;
      const place = header.indexOf(source.column);
      return (row: readonly string[]) => row[place]?.trim() ?? '';
    };
    this.places = Object.fromEntries(
      MEANINGS.map((meaning) => [meaning, read(mapping[meaning])]),
    ) as typeof this.places;
    const place = only === null ? -1 : header.indexOf(only.column);
    this.isMine = (row) => only === null || row[place] === only.value;
    this.order = order;
  }

  add(row: readonly string[]): void {
    const { counts } = this;
    counts.rows += 1;
    if (!this.isMine(row)) {
      counts.others += 1;
      return;
    }
    const day = dayOf(this.places.created(row), this.order);
    const category = this.places.category(row).slice(0, LONGEST.category);
    if (day === null) counts.withoutDate += 1;
    else if (category === '') counts.withoutCategory += 1;
    else {
      counts.counted += 1;
      if (this.firstDay === null || day < this.firstDay) this.firstDay = day;
      if (this.lastDay === null || day > this.lastDay) this.lastDay = day;
      this.put(category, row);
    }
  }

  private put(category: string, row: readonly string[]): void {
    const channel = this.places.channel(row).slice(0, LONGEST.channel) || 'Web';
    const language = this.places.language(row).slice(0, LONGEST.language);
    const region = this.places.region(row).slice(0, LONGEST.region).toUpperCase();
    const key = JSON.stringify([category, channel, language, region]);
    const known = this.groups.get(key);
    if (known !== undefined) known.tickets += 1;
    else if (this.groups.size < MOST_GROUPS || category === OTHER)
      this.groups.set(key, { category, channel, language, region, tickets: 1 });
    else this.put(OTHER, row);
  }

  result(): Counts {
    const groups = [...this.groups.values()].sort((a, b) => b.tickets - a.tickets || (keyOf(a) < keyOf(b) ? -1 : 1));
    return { ...this.counts, firstDay: this.firstDay, lastDay: this.lastDay, groups };
  }
}

const keyOf = ({ category, channel, language, region }: Group): string =>
  [category, channel, language, region].join('\n');
