/**
 * What writes numbers and times for people, each made once: making one takes a browser many times as long as writing with
 * it, and a long list writes thousands.
 */
const kept = new Map<string, unknown>();

function once<Formatter>(key: string, make: () => Formatter): Formatter {
  const found = kept.get(key) as Formatter | undefined;
  if (found !== undefined) return found;
  const made = make();
  kept.set(key, made);
  return made;
}

export const numberFormat = (locale?: string, options?: Intl.NumberFormatOptions): Intl.NumberFormat =>
  once(`number ${locale} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options));

/** For whoever travels with the page open: another offset is another zone, and so another formatter. */
export const dateFormat = (locale?: string, options?: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  once(
    `date ${new Date().getTimezoneOffset()} ${locale} ${JSON.stringify(options)}`,
    () => new Intl.DateTimeFormat(locale, options),
  );

export const relativeFormat = (locale?: string): Intl.RelativeTimeFormat =>
  once(`relative ${locale}`, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
