/** An entry's event without what its kind and its owner say already. Pure. */
import { shortMonthText } from '../../ui/months.ts';

const OWNER = /^(?:co|pr)_[0-9a-z]+\./;
/** An owner, or the kind once more. */
const SAID = /^(?:(?:co|pr)_[0-9a-z]+|[a-z]+(?:_[a-z]+)+)$/;
/** `USD.2026-10.v0`, an invoice of a month. */
const OF_MONTH = /^([A-Z]{3})\.(\d{4}-\d{2})\.v(\d+)$/;

/** `charge#co_7k2m.r1` is `r1`; an invoice is its month: `Oct 2026, USD`. */
export function eventText(event: string, locale?: string): string {
  const [, ...parts] = event.split('#');
  const rest = parts.filter((part) => !SAID.test(part));
  return rest.length === 0 ? event : invoiceText(rest.join(' · '), locale);
}

/** An invoice by its id, such as `co_7k2m.USD.2026-10.v0`, where its number is not at hand; other ids without their owner. */
export function invoiceText(id: string, locale?: string): string {
  const about = id.replace(OWNER, '');
  const ofMonth = OF_MONTH.exec(about);
  if (ofMonth === null) return about;
  const [, currency = '', period = '', version = '0'] = ofMonth;
  return [shortMonthText(period, locale), currency, ...(version === '0' ? [] : [`v${version}`])].join(', ');
}
