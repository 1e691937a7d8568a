/**
 * What wakes somebody, as data: the watch stack makes the alarms from it, `RUNBOOK.md` has a part for each, and the failure
 * drills name them.
 */
import type { TableId } from '../shared/kernel/table.ts';
import type { Gauge } from '../shared/operations/gauge.ts';
import { tables } from './topology.ts';

/** What an alarm looks at. */
export type Watched =
  /** The highest measure of one kind, in seconds. */
  | { kind: 'gauge'; gauge: Gauge }
  /** Lines that were logged with one of these names as `alarm`. */
  | { kind: 'logged'; alarms: readonly string[] }
  /** Messages in all dead-letter queues together. */
  | { kind: 'dead-letters' }
  /** Age of the oldest message of any queue, in seconds. */
  | { kind: 'oldest-message' }
  /** Calls to a table and its indexes, read or write, that were turned away. */
  | { kind: 'throttles'; table: TableId }
  /** Functions of which one failed or was turned away. */
  | { kind: 'functions' }
  /** The 99th percentile of the API's answers, in milliseconds. */
  | { kind: 'api-p99' }
  /** Answers of 5xx among all of the API's, in percent. */
  | { kind: 'api-5xx' }
  /** Answers of 5xx among all that the edge gave, in percent. */
  | { kind: 'edge-5xx' };

export type AlarmSpec = {
  /** One sentence: what is wrong when it rings. */
  says: string;
  watched: Watched;
  /** Rings above this, in the unit of what is watched. */
  above: number;
  periodMinutes: 1 | 5 | 60;
  /** So many periods in a row. */
  periods: number;
  /** Rings also when nothing is measured. */
  silenceRings?: true;
};

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const throttles = (table: TableId): AlarmSpec => ({
  says: `The table ${table} or one of its indexes turns calls away.`,
  watched: { kind: 'throttles', table },
  above: 0,
  periodMinutes: 5,
  periods: 2,
});

export const alarms = {
  'dead-letters': {
    says: 'A message failed as often as its queue allows.',
    watched: { kind: 'dead-letters' },
    above: 0,
    periodMinutes: 5,
    periods: 1,
  },
  'old-messages': {
    says: 'A message waits for its consumer for a quarter of an hour.',
    watched: { kind: 'oldest-message' },
    above: 15 * MINUTE,
    periodMinutes: 5,
    periods: 1,
  },
  'late-requests': {
    says: 'A request that nobody resolved is an hour past its deadline, or nobody looks.',
    watched: { kind: 'gauge', gauge: 'LateRequestSeconds' },
    above: HOUR,
    periodMinutes: 5,
    periods: 2,
    silenceRings: true,
  },
  'late-rounds': {
    says: 'A round is not stepped or cleared though it is due, or nobody looks.',
    watched: { kind: 'gauge', gauge: 'LateRoundSeconds' },
    above: 15 * MINUTE,
    periodMinutes: 5,
    periods: 1,
    silenceRings: true,
  },
  'late-finance': {
    says: 'A piece of money’s work is an hour late, or nobody looks.',
    watched: { kind: 'gauge', gauge: 'LateFinanceSeconds' },
    above: HOUR,
    periodMinutes: 5,
    periods: 3,
    silenceRings: true,
  },
  'unsent-to-stripe': {
    says: 'Something meant for Stripe is without its answer for an hour.',
    watched: { kind: 'gauge', gauge: 'UnsentToStripeSeconds' },
    above: HOUR,
    periodMinutes: 5,
    periods: 1,
  },
  'unclosed-month': {
    says: 'A month has been over for ten days and its close is not done.',
    watched: { kind: 'gauge', gauge: 'UnclosedMonthSeconds' },
    above: 10 * DAY,
    periodMinutes: 60,
    periods: 1,
  },
  'reconciliation-break': {
    says: 'Ledger and Stripe do not say the same.',
    watched: { kind: 'logged', alarms: ['reconciliation_break'] },
    above: 0,
    periodMinutes: 5,
    periods: 1,
  },
  'money-surprise': {
    says: 'Stripe did something with money that the market did not ask for, or could not do what it did.',
    watched: {
      kind: 'logged',
      alarms: ['unknown_transaction', 'finalization_failed', 'foreign_credit_note', 'meter_errors'],
    },
    above: 0,
    periodMinutes: 5,
    periods: 1,
  },
  'functions-fail': {
    says: 'A function ends in errors or is turned away by Lambda.',
    watched: { kind: 'functions' },
    above: 0,
    periodMinutes: 5,
    periods: 1,
  },
  'api-slow': {
    says: 'One call in a hundred takes more than two seconds.',
    watched: { kind: 'api-p99' },
    above: 2_000,
    periodMinutes: 5,
    periods: 3,
  },
  'api-fails': {
    says: 'More than one call in a hundred is answered with 5xx.',
    watched: { kind: 'api-5xx' },
    above: 1,
    periodMinutes: 5,
    periods: 2,
  },
  'edge-fails': {
    says: 'More than one answer in twenty that browsers and programs get is 5xx.',
    watched: { kind: 'edge-5xx' },
    above: 5,
    periodMinutes: 5,
    periods: 2,
  },
  ...throttlesOfAll(),
} as const satisfies Record<string, AlarmSpec>;
export type AlarmName = keyof typeof alarms;

function throttlesOfAll(): Record<`throttles-${TableId}`, AlarmSpec> {
  const each = (Object.keys(tables) as TableId[]).map((id) => [`throttles-${id}`, throttles(id)]);
  return Object.fromEntries(each) as Record<`throttles-${TableId}`, AlarmSpec>;
}

/** The deployed name of an alarm. */
export const alarmName = (stage: string, alarm: AlarmName): string => `parley-${stage}-${alarm}`;
