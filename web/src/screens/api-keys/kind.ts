/** Of which kind the organisation is that one acts for. */
import { useMay } from '../../auth/session.ts';
import type { Kind } from './scopes.ts';

export function useKind(): Kind {
  const isProvider = useMay('provider.admin', 'provider.agent', 'provider.finance');
  const isMarket = useMay('market.operator', 'market.finance');
  return isProvider ? 'provider' : isMarket ? 'market' : 'company';
}
