/** A forecast in one sentence, with amounts as the person writes them. */
import type { Forecast } from '../../../../shared/finance-report/forecast.ts';
import { moneyText } from '../../ui/format.ts';
import { t } from './forecast.messages.en.ts';
import { monthText } from './months.ts';

export function forecastSentence(of: Forecast, what: 'charged' | 'earned'): string {
  const money = (micros: number) => moneyText(micros, of.currency);
  return t(`sentence.${what}`, {
    month: monthText(of.period),
    soFar: money(of.soFarMicros),
    expected: money(of.expectedMicros),
    from: money(of.fromMicros),
    to: money(of.toMicros),
  });
}
