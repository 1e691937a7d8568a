/** How a payout run is called: the market's own by their Monday, others by what somebody sees of them. Pure. */
import { dayText } from '../../ui/format.ts';
import { t } from './messages.en.ts';

const WEEKLY = /^week-(\d{4}-\d{2}-\d{2})$/;

export function runText(run: string, locale?: string): string {
  const day = WEEKLY.exec(run)?.[1];
  if (day !== undefined) return t('run.week', { day: dayText(day, locale) });
  return t('run.extra', { name: run.replace(/^run-/, '').slice(0, 8) });
}
