/** One row of a file becomes one arrival, or a reason why it cannot be read. */
import type * as z from 'zod';
import { ok, type Result, refuse } from '../../../shared/kernel/result.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/kernel/time.ts';
import { ServiceClass } from '../../../shared/service-class/service-class.ts';
import { type Arrival, queueOf } from './arrival.ts';
import type { Draw } from './draw.ts';
import type { Mapping, Meaning } from './mapping.ts';

/**
 * A day without a time of day is spread over these hours (UTC). Few of them, since each instant is a step of the market
 * clock with sweeps of its own, and nothing more is known than the day.
 */
export const HOURS_OF_DAY = [9, 16] as const;

export type RowRefusal = 'row_unreadable';
const unreadable = (detail: string) => refuse('row_unreadable', detail);

export type RowContext = {
  mapping: Mapping;
  file: string;
  line: number;
  classes: Map<string, ServiceClass>;
  draw: Draw;
};

/** Reads one record (column → text). The reason of a refusal is one short sentence for people. */
export function readRow(record: Record<string, string>, context: RowContext): Result<Arrival, RowRefusal> {
  const value = (meaning: Meaning): string => {
    const source = context.mapping[meaning];
    if (source === undefined) return '';
    return ('constant' in source ? source.constant : (record[source.column] ?? '')).trim();
  };
  const company = value('company');
  if (company === '') return unreadable('the company is empty');
  if (company.length > 120) return unreadable('the company is longer than 120 characters');
  const id = value('id') === '' ? `${context.file}:${context.line}` : value('id');
  if (id.length > 200) return unreadable('the id is longer than 200 characters');
  const created = readTime(value('created'), (day) => spreadOver(day, context.draw, id));
  if (created === null) return unreadable(`"${value('created')}" is not a time`);
  const comesBack = readYes(value('disputed'));
  if (comesBack === null) return unreadable(`disputed is "${value('disputed')}", neither yes nor no`);
  const serviceClass = ServiceClass.safeParse({
    category: value('category'),
    channel: value('channel') || 'Web',
    language: value('language') || 'en-US',
    region: value('region') || 'US',
    slaTier: 'standard',
  });
  if (!serviceClass.success) return unreadable(firstIssue(serviceClass.error));
  const queue = queueOf(context.classes, serviceClass.data);
  const customer = (value('customer') || `customer of ${id}`).slice(0, 200);
  const text = (value('text') || serviceClass.data.category).slice(0, 8_000);
  return ok({
    at: created,
    company,
    queue,
    externalId: id,
    customer,
    text,
    fields: fieldsOf(record, context),
    comesBack,
  });
}

function fieldsOf(record: Record<string, string>, context: RowContext): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const name of context.mapping.fields ?? []) {
    const value = (record[name] ?? '').trim();
    if (value !== '') fields[name.slice(0, 60)] = value.slice(0, 400);
  }
  return fields;
}

const firstIssue = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return issue === undefined ? 'the service class does not fit' : `${issue.path.join('.')}: ${issue.message}`;
};

const spreadOver = (day: number, draw: Draw, id: string): number =>
  day + (HOURS_OF_DAY[draw.whole(0, HOURS_OF_DAY.length - 1, 'time of day', id)] ?? 8) * HOUR;

/**
 * `2024-01-31`, `2024/01/31` and `01/31/2024` (month first, as the US bureau writes) are days; `2024-01-31T09:30:00Z`,
 * `2024-01-31 09:30` and the like are instants, in UTC where no offset stands. Null for anything else.
 */
export function readTime(text: string, spreadDay: (day: number) => number): number | null {
  const day = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(text);
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  const parts =
    day !== null ? [day[1], day[2], day[3]] : american !== null ? [american[3], american[1], american[2]] : null;
  if (parts !== null) {
    const midnight = calendarDay(Number(parts[0]), Number(parts[1]), Number(parts[2]));
    return midnight === null ? null : spreadDay(midnight);
  }
  const instant = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  if (instant === null) return null;
  const ms = Date.parse(`${instant[1]}T${instant[2]}${instant[3] ?? ':00'}${instant[4] ?? 'Z'}`);
  return Number.isNaN(ms) || ms < 0 ? null : Math.floor(ms / MINUTE) * MINUTE;
}

function calendarDay(year: number, month: number, date: number): number | null {
  const ms = Date.UTC(year, month - 1, date);
  const back = new Date(ms);
  const isReal = back.getUTCFullYear() === year && back.getUTCMonth() === month - 1 && back.getUTCDate() === date;
  return isReal && ms >= DAY ? ms : null;
}

function readYes(text: string): boolean | null {
  if (['', '0', 'no', 'false', 'n', 'n/a'].includes(text.toLowerCase())) return false;
  return ['1', 'yes', 'true', 'y'].includes(text.toLowerCase()) ? true : null;
}
