/** Wall-clock time of IANA zones from the platform's own data, so that no bundle carries a library for it. */
import { DAY, SECOND } from '../kernel/time.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    const part = 'numeric' as const;
    const parts = { year: part, month: part, day: part, hour: part, minute: part, second: part };
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, calendar: 'iso8601', hourCycle: 'h23', ...parts });
    formats.set(zone, format);
  }
  return format;
}

/** Whether a zone is named as in the IANA data, such as Europe/Berlin, and the platform knows it. */
export function isZone(zone: string): boolean {
  if (!/^(?:UTC|[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+)$/.test(zone)) return false;
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** By how much a zone's clocks are ahead of UTC at an instant, in milliseconds. */
function offsetAt(zone: string, at: number): number {
  const found: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) found[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / SECOND) * SECOND;
}

/** The zone's date at an instant, as that date's midnight in UTC. */
export const dateIn = (zone: string, at: number): number => Math.floor((at + offsetAt(zone, at)) / DAY) * DAY;

/**
 * The instant at which the zone's clocks show a wall-clock time, given as if it were UTC: of two the first. One that a
 * change of the clocks leaves out is as long after the change as it would have been without.
 */
export function instantIn(zone: string, wall: number): number {
  const before = offsetAt(zone, wall - DAY);
  const after = offsetAt(zone, wall + DAY);
  for (const offset of [before, after]) if (offsetAt(zone, wall - offset) === offset) return wall - offset;
  return wall - before;
}
