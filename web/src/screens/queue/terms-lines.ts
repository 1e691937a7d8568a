/** The terms of a queue in words, each with its value, and what a version changed. */
import type { Terms } from '../../../../shared/terms/terms.ts';
import { countText, moneyText, percentText } from '../../ui/format.ts';
import { t } from './messages.en.ts';

type Unit = 'share' | 'hours' | 'days' | 'workdays' | 'seconds' | 'price' | 'count' | 'text';

/** In the order in which somebody reads them who is about to join. */
const UNITS: { readonly [K in keyof Terms]: Unit } = {
  roundLength: 'text',
  clearingLeadHours: 'hours',
  provisionalHours: 'text',
  slaHours: 'hours',
  ceilingMicros: 'price',
  feeBps: 'share',
  takeOrPayBps: 'share',
  shortfallRateBps: 'share',
  assumedRateBps: 'share',
  silenceHours: 'hours',
  reopenHours: 'hours',
  slaCreditBps: 'share',
  splitBps: 'share',
  auditBps: 'share',
  shareLimitBps: 'share',
  leaseSeconds: 'seconds',
  lostTurns: 'count',
  failureCostMicros: 'price',
  secondPersonAboveMicros: 'price',
  disputeDays: 'days',
  disputeAnswerDays: 'workdays',
  disputeDecisionDays: 'days',
  publishSealedFile: 'text',
};

export type TermLine = { key: string; name: string; value: string; before: string | null };

/** All terms of a version; `before` is the value of another version where that differs. */
export function termLines(terms: Terms, previous: Terms | null, currency: string): TermLine[] {
  return (Object.keys(UNITS) as (keyof Terms)[]).map((key) => {
    const unit = UNITS[key];
    const value = valueText(terms[key], unit, currency);
    const old = previous === null ? value : valueText(previous[key], unit, currency);
    return { key, name: t(`terms.${key}`), value, before: old === value ? null : old };
  });
}

function valueText(value: Terms[keyof Terms], unit: Unit, currency: string): string {
  if (typeof value === 'boolean') return t(value ? 'terms.yes' : 'terms.no');
  if (Array.isArray(value))
    return value.length === 0 ? t('terms.none') : value.map((hours) => t('terms.unit.short', { hours })).join(', ');
  if (typeof value === 'string') return t(`terms.length.${value}`);
  const count = Number(value);
  if (unit === 'share') return percentText(count);
  if (unit === 'price') return moneyText(count, currency);
  if (unit === 'count' || unit === 'text') return countText(count);
  return t(`terms.unit.${unit}`, { count });
}
