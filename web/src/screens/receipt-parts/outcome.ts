/** What a provider says came of a turn, in words. */
import { t } from './messages.en.ts';

const OUTCOMES: Readonly<Record<string, string>> = {
  solved: t('outcome.solved'),
  answered: t('outcome.answered'),
  refunded: t('outcome.refunded'),
  forwarded: t('outcome.forwarded'),
  no_action_needed: t('outcome.no_action_needed'),
};

export const outcomeText = (code: string): string => OUTCOMES[code] ?? code;
