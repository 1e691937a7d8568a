/** Which month can be closed next. Pure. */
import { monthBefore } from '../../ui/months.ts';

const monthAfter = (period: string): string => {
  const [year, month] = period.split('-').map(Number) as [number, number];
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
};

/** The month after the newest close, where that is done and the month over; where none was ever closed, the last one. Null else. */
export function nextToClose(newest: { period: string; state: string } | undefined, thisMonth: string): string | null {
  if (newest === undefined) return monthBefore(thisMonth);
  if (newest.state !== 'done') return null;
  const next = monthAfter(newest.period);
  return next < thisMonth ? next : null;
}
