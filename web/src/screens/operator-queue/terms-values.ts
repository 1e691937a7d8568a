/** Terms as an operator types them, and back; and what a draft changes. Pure. */
import { Terms } from '../../../../shared/terms/terms.ts';

export const PERCENTS = [
  'feeBps',
  'assumedRateBps',
  'takeOrPayBps',
  'shortfallRateBps',
  'slaCreditBps',
  'splitBps',
  'auditBps',
  'shareLimitBps',
] as const;
export const NUMBERS = [
  'clearingLeadHours',
  'slaHours',
  'silenceHours',
  'reopenHours',
  'leaseSeconds',
  'lostTurns',
  'disputeDays',
  'disputeAnswerDays',
  'disputeDecisionDays',
] as const;
export const AMOUNTS = ['ceilingMicros', 'failureCostMicros', 'secondPersonAboveMicros'] as const;
type NumberName = (typeof PERCENTS)[number] | (typeof NUMBERS)[number] | (typeof AMOUNTS)[number];

/** Shares in percent, amounts in micro-units, the rest in its own unit; `provisionalHours` as `72, 24`. */
export type TermsValues = Record<NumberName, number | null> &
  Pick<Terms, 'publishSealedFile' | 'roundLength'> & { provisionalHours: string };

const PERCENT_BPS = 100;
const isPercent = (name: string): boolean => (PERCENTS as readonly string[]).includes(name);
const NAMES: readonly NumberName[] = [...PERCENTS, ...NUMBERS, ...AMOUNTS];

export const valuesOf = (terms: Terms): TermsValues => ({
  ...(Object.fromEntries(
    NAMES.map((name) => [name, isPercent(name) ? terms[name] / PERCENT_BPS : terms[name]]),
  ) as Record<NumberName, number>),
  publishSealedFile: terms.publishSealedFile,
  roundLength: terms.roundLength,
  provisionalHours: terms.provisionalHours.join(', '),
});

export const termsBody = (values: TermsValues): unknown => ({
  ...Object.fromEntries(
    NAMES.map((name) => {
      const value = values[name];
      return [name, value !== null && isPercent(name) ? Math.round(value * PERCENT_BPS) : value];
    }),
  ),
  publishSealedFile: values.publishSealedFile,
  roundLength: values.roundLength,
  provisionalHours: values.provisionalHours
    .split(/[,\s]+/)
    .filter((part) => part !== '')
    .map(Number),
});

/** The rules in which two versions differ. */
export const changedRules = (before: Terms, after: Terms): (keyof Terms)[] =>
  (Object.keys(Terms.shape) as (keyof Terms)[]).filter(
    (rule) => JSON.stringify(before[rule]) !== JSON.stringify(after[rule]),
  );
