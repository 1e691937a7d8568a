/** The terms of a queue in words, each with its value, and what a version changed. */
import type { Terms } from '../../../../shared/terms/terms.ts';
import { countText, moneyText, percentText } from '../../ui/format.ts';

type Unit = 'share' | 'hours' | 'days' | 'workdays' | 'seconds' | 'price' | 'count' | 'text';
type Line = { name: string; unit: Unit };

/** In the order in which somebody reads them who is about to join. */
const LINES: { readonly [K in keyof Terms]: Line } = {
  roundLength: { name: 'Length of a round', unit: 'text' },
  clearingLeadHours: { name: 'The hard close comes before the round by', unit: 'hours' },
  provisionalHours: { name: 'Provisional clearings before the hard close', unit: 'text' },
  slaHours: { name: 'To be resolved within', unit: 'hours' },
  ceilingMicros: { name: 'Highest price, all-in', unit: 'price' },
  feeBps: { name: 'The market’s fee, of the bid price', unit: 'share' },
  takeOrPayBps: { name: 'Of the award, paid for at least', unit: 'share' },
  shortfallRateBps: { name: 'Paid for what is missing below that, of the pool price', unit: 'share' },
  assumedRateBps: { name: 'An assumed resolution is paid, of a confirmed one', unit: 'share' },
  silenceHours: { name: 'Silence counts as solved after', unit: 'hours' },
  reopenHours: { name: 'A customer may reopen for', unit: 'hours' },
  slaCreditBps: { name: 'Credit for a late resolution, of its price', unit: 'share' },
  splitBps: { name: 'Share of programs that handed on to a person', unit: 'share' },
  auditBps: { name: 'Assumed resolutions drawn for audit', unit: 'share' },
  shareLimitBps: { name: 'No provider gets more of the demand than', unit: 'share' },
  leaseSeconds: { name: 'A turn without a sign of life ends after', unit: 'seconds' },
  lostTurns: { name: 'Lost turns until another lane is tried', unit: 'count' },
  failureCostMicros: { name: 'What a failure costs who states nothing', unit: 'price' },
  secondPersonAboveMicros: { name: 'A second person releases awards above', unit: 'price' },
  disputeDays: { name: 'A charge can be disputed for', unit: 'days' },
  disputeAnswerDays: { name: 'A provider answers a dispute within', unit: 'workdays' },
  disputeDecisionDays: { name: 'The market decides within', unit: 'days' },
  publishSealedFile: { name: 'All inputs and results of a round are published', unit: 'text' },
};

export type TermLine = { key: string; name: string; value: string; before: string | null };

/** All terms of a version; `before` is the value of another version where that differs. */
export function termLines(terms: Terms, previous: Terms | null, currency: string): TermLine[] {
  return (Object.keys(LINES) as (keyof Terms)[]).map((key) => {
    const { name, unit } = LINES[key];
    const value = valueText(terms[key], unit, currency);
    const old = previous === null ? value : valueText(previous[key], unit, currency);
    return { key, name, value, before: old === value ? null : old };
  });
}

function valueText(value: Terms[keyof Terms], unit: Unit, currency: string): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((hours) => `${hours} h`).join(', ');
  if (typeof value === 'string') return `a ${value}`;
  const count = Number(value);
  const NAMED = { hours: 'hour', days: 'day', workdays: 'working day', seconds: 'second' } as const;
  if (unit === 'share') return percentText(count);
  if (unit === 'price') return moneyText(count, currency);
  if (unit === 'count' || unit === 'text') return countText(count);
  return `${countText(count)} ${NAMED[unit]}${count === 1 ? '' : 's'}`;
}
