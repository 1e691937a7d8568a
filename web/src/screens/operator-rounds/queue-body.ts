/** A queue as it is typed, as it is sent. Pure; money in micro-units. */
import type { QueueInput } from '../../../../shared/queue/queue.ts';
import { DEFAULT_SLA_HOURS, Terms } from '../../../../shared/terms/terms.ts';
import { type TermsValues, termsBody, valuesOf } from '../operator-queue/terms-values.ts';

export type QueueValues = TermsValues & {
  category: string;
  channel: string;
  language: string;
  region: string;
  slaTier: QueueInput['serviceClass']['slaTier'];
  currency: QueueInput['currency'];
  /** A day in the person's zone, or empty for the next period of the calendar. */
  firstRoundStartsAt: string;
};

/** The market's defaults; the prices are for the operator to say. */
const USUAL = Terms.parse({
  slaHours: DEFAULT_SLA_HOURS.standard,
  ceilingMicros: 1,
  failureCostMicros: 0,
  secondPersonAboveMicros: 0,
});

export const INITIAL: QueueValues = {
  ...valuesOf(USUAL),
  ceilingMicros: null,
  failureCostMicros: null,
  secondPersonAboveMicros: null,
  category: '',
  channel: '',
  language: 'en-US',
  region: 'US',
  slaTier: 'standard',
  currency: 'USD',
  firstRoundStartsAt: '',
};

export function queueBody(values: QueueValues): unknown {
  const { category, channel, language, region, slaTier, currency, firstRoundStartsAt } = values;
  return {
    serviceClass: { category, channel, language, region, slaTier },
    currency,
    terms: termsBody(values),
    ...(firstRoundStartsAt === '' ? {} : { firstRoundStartsAt: new Date(firstRoundStartsAt).toISOString() }),
  };
}
