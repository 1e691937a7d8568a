/** Numbers, money and times as the person's own language and zone write them. */
import { dateFormat, numberFormat, relativeFormat } from './formatters.ts';

const MICRO_DIGITS = 6;
const MICROS_PER_CENT = 10_000;

/** Micro-units as a decimal number in text, exact: `-1500000` is `-1.500000`. */
function decimalText(micros: number): `${number}` {
  const digits = Math.abs(micros)
    .toString()
    .padStart(MICRO_DIGITS + 1, '0');
  const text = `${digits.slice(0, -MICRO_DIGITS)}.${digits.slice(-MICRO_DIGITS)}`;
  return `${micros < 0 ? '-' : ''}${text}` as `${number}`;
}

/** Money in a currency. `exact` shows every digit there is; else two, as invoices do. */
export function moneyText(
  micros: number,
  currency: string,
  options: { exact?: boolean; locale?: string } = {},
): string {
  const most = options.exact === true ? MICRO_DIGITS : 2;
  // What rounds to nothing has no sign.
  const style = { style: 'currency', currency, signDisplay: 'negative' } as const;
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: most };
  return numberFormat(options.locale, { ...style, ...digits }).format(decimalText(micros));
}

/** Money beside the axis of a picture, from units of the currency: `$1.05K`, `$4.50`. */
export const axisMoney =
  (currency: string, locale?: string) =>
  (units: number): string => {
    const digits = {
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
      trailingZeroDisplay: 'stripIfInteger',
    } as const;
    const style = { style: 'currency', currency, notation: 'compact', ...digits } as const;
    return numberFormat(locale, style).format(units);
  };

/** Whether two digits after the point do not show all of an amount. */
export const isFinerThanCents = (micros: number): boolean => micros % MICROS_PER_CENT !== 0;

export const countText = (value: number, locale?: string): string => numberFormat(locale).format(value);

/** What stands before the decimals of a number, and between its thousands, where somebody writes one. */
export function separators(locale?: string): { decimal: string; group: string } {
  const parts = numberFormat(locale, { useGrouping: true }).formatToParts(-1_234_567.8);
  const of = (type: string, usual: string) => parts.find((part) => part.type === type)?.value ?? usual;
  return { decimal: of('decimal', '.'), group: of('group', ',') };
}

/** A large number in short: `1.2M`. */
export const shortCountText = (value: number, locale?: string): string =>
  numberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value);

/** A share, from ten-thousandths: 1250 is 12.5 %. */
export const percentText = (bps: number, locale?: string): string =>
  numberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(bps / 10_000);

type Options = { locale?: string; zone?: string };

export const absoluteText = (ms: number, { locale, zone }: Options = {}): string =>
  dateFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(ms);

export const dateText = (ms: number, { locale, zone }: Options = {}): string =>
  dateFormat(locale, { dateStyle: 'medium', timeZone: zone }).format(ms);

/** A UTC day of the books, `2026-01-31`, as people read it, whatever their zone. */
export const dayText = (day: string, locale?: string): string =>
  dateText(Date.parse(day), { zone: 'UTC', ...(locale === undefined ? {} : { locale }) });

export const zoneText = (): string => dateFormat().resolvedOptions().timeZone;

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** An instant as seen from another: `in 3 days`, `2 hours ago`, rounded toward now. */
export function relativeText(ms: number, now: number, locale?: string): string {
  const away = ms - now;
  const format = relativeFormat(locale);
  for (const [unit, length] of UNITS)
    if (Math.abs(away) >= length) return format.format(Math.trunc(away / length), unit);
  return format.format(0, 'minute');
}

/** A length of time, in its two largest units: `2 d 3 h`. */
export function durationText(ms: number, locale?: string): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  const parts: [number, string][] = [
    [Math.floor(minutes / 1_440), 'day'],
    [Math.floor((minutes % 1_440) / 60), 'hour'],
    [minutes % 60, 'minute'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  const shown = first < 0 ? [[0, 'minute'] as [number, string]] : parts.slice(first, first + 2);
  return shown
    .filter(([value], n) => n === 0 || value > 0)
    .map(([value, unit]) => numberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow' }).format(value))
    .join(' ');
}

/** A short length of time as a clock shows it, `4:32`; from an hour on in its two largest units. */
export function clockText(ms: number, locale?: string): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  if (seconds >= 3_600) return durationText(ms, locale);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
