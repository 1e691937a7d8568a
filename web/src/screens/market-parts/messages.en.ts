import { texts } from '../../messages/texts.ts';

export const t = texts({
  'round.open': 'Open',
  'round.clearing': 'Clearing',
  'round.active': 'Running',
  'round.settling': 'Settling',
  'round.closed': 'Closed',
});
