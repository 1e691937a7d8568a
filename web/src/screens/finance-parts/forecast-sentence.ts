/** A forecast in a sentence, in the person's own writing of money and months. Pure. */
import type { Forecast } from '../../../../shared/finance-report/forecast.ts';
import { moneyText } from '../../ui/format.ts';
import { monthText } from '../../ui/months.ts';
import { t } from './forecast.messages.en.ts';

export function forecastSentence(of: Forecast, what: 'charged' | 'earned', locale?: string): string {
  const money = (micros: number) => moneyText(micros, of.currency, locale === undefined ? {} : { locale });
  const [from, to] = [money(of.fromMicros), money(of.toMicros)];
  return t(`sentence.${what}`, {
    month: monthText(of.period, locale),
    soFar: money(of.soFarMicros),
    expected: money(of.expectedMicros),
    range: from === to ? '' : t('sentence.range', { from, to }),
  });
}
