/** Where an endpoint stands, in a word. */
import type { Webhook } from '../../../../shared/webhook/webhook.ts';
import { t } from './messages.en.ts';

export const WEBHOOK_STATES = {
  on: { text: t('on'), tone: 'good' },
  trouble: { text: t('trouble'), tone: 'warning' },
  owner: { text: t('owner'), tone: 'neutral' },
  failing: { text: t('failing'), tone: 'bad' },
  gone: { text: t('gone'), tone: 'bad' },
} as const;

export const webhookState = ({ disabledBecause, failingSince }: Webhook): keyof typeof WEBHOOK_STATES =>
  disabledBecause ?? (failingSince === null ? 'on' : 'trouble');
