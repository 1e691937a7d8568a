/** Kinds of adjustments, and what one moves. Pure. */
import type { Adjustment } from '../../../../shared/ledger/adjustment.ts';
import { t } from './messages.en.ts';

export const KINDS = [
  'adjustment',
  'reversal',
  'shortfall_correction',
  'own_funds',
  'tax_return',
  'account_closed',
] as const satisfies readonly Adjustment['kind'][];

export const kindText = (kind: Adjustment['kind']): string => t(`kind.${kind}`);

/** The sum of the debits, which is that of the credits. */
export const movedMicros = ({ legs }: Pick<Adjustment, 'legs'>): number =>
  legs.reduce((sum, { micros }) => sum + Math.max(0, micros), 0);
