/** Single values as people read them: money, counts, shares, times. Null shows as a dash. */
import { useNow } from '../app/market-time.ts';
import { t } from '../messages/en.ts';
import {
  absoluteText,
  countText,
  dateText,
  durationText,
  isFinerThanCents,
  moneyText,
  percentText,
  relativeText,
  zoneText,
} from './format.ts';

const NONE = <span className="number none">{t('value.none')}</span>;

/** Where there is nothing to show. */
export const None = () => NONE;

/** An amount of micro-units. `exact` shows every digit: for prices per resolution. */
export function Money({ micros, currency, exact }: { micros: number | null; currency: string; exact?: boolean }) {
  if (micros === null) return NONE;
  const title = exact !== true && isFinerThanCents(micros) ? moneyText(micros, currency, { exact: true }) : undefined;
  return (
    <span className="number" title={title}>
      {moneyText(micros, currency, { exact: exact === true })}
    </span>
  );
}

export function Count({ value }: { value: number | null }) {
  return value === null ? NONE : <span className="number">{countText(value)}</span>;
}

/** A share in ten-thousandths. */
export function Percent({ bps }: { bps: number | null }) {
  return bps === null ? NONE : <span className="number">{percentText(bps)}</span>;
}

/** How much less one pays together than alone. */
export function Saving({ micros, aloneMicros }: { micros: number | null; aloneMicros: number | null }) {
  if (micros === null || aloneMicros === null || aloneMicros <= 0) return NONE;
  const bps = Math.floor(((aloneMicros - micros) / aloneMicros) * 10_000);
  return <span className={bps > 0 ? 'number good' : 'number'}>{percentText(bps)}</span>;
}

/** An instant as seen from the market's now; its date and the person's zone on hover and for readers. */
export function When({ iso, show = 'relative' }: { iso: string | null; show?: 'relative' | 'date' | 'absolute' }) {
  const now = useNow();
  if (iso === null) return NONE;
  const ms = Date.parse(iso);
  const absolute = absoluteText(ms);
  const text = show === 'relative' ? relativeText(ms, now) : show === 'date' ? dateText(ms) : absolute;
  return (
    <time dateTime={iso} title={t('when.title', { absolute, zone: zoneText() })} className="number">
      {text}
    </time>
  );
}

/** How long there is until an instant. What is over says so by being nothing. */
export function TimeLeft({ iso }: { iso: string | null }) {
  const now = useNow();
  if (iso === null) return NONE;
  return (
    <time dateTime={iso} title={absoluteText(Date.parse(iso))} className="number">
      {durationText(Date.parse(iso) - now)}
    </time>
  );
}
