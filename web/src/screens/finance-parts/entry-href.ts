/** Where an entry of the ledger comes from: the page of what it is about. Pure. */
import type { Facts } from '../../../../shared/ledger/ledger.ts';

export type Viewer = 'company' | 'provider' | 'market';

/** The address of what an entry is about, for who looks; null where nothing more is known of it there. */
export function hrefOfEntry({ event, facts }: { event: string; facts: Facts }, viewer: Viewer): string | null {
  const fact = (name: string): string | null => (typeof facts[name] === 'string' ? (facts[name] as string) : null);
  const [kind, id] = event.split('#');
  if (kind?.startsWith('dispute-') && id !== undefined)
    return viewer === 'market' ? `/contested/${id}` : `/disputes/${id}`;
  const invoice = kind === 'invoice-final' || kind === 'invoice-void' ? (id ?? null) : fact('invoice');
  if (invoice !== null && viewer !== 'provider') return `/invoices/${invoice}`;
  if (viewer === 'company') return fact('request') === null ? null : `/charges/${fact('request')}`;
  if (viewer === 'provider') {
    if (kind === 'payout' && id !== undefined) return `/payouts/${id}`;
    return fact('lease') === null ? null : `/earned/${fact('lease')}`;
  }
  return null;
}
