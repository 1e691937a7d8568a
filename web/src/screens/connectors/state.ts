/** Where a connector stands, in a word. */
import type { ConnectorView } from '../../../../shared/connector/connector.ts';
import { t } from './messages.en.ts';

export const CONNECTOR_STATES = {
  on: { text: t('on'), tone: 'good' },
  off: { text: t('off'), tone: 'neutral' },
} as const;

export const connectorState = ({ config }: Pick<ConnectorView, 'config'>): keyof typeof CONNECTOR_STATES =>
  config.isOn ? 'on' : 'off';
