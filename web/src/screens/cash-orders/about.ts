/** What an order of cash is about, and its amount. Pure. */
import type { CashOrder } from '../../../../shared/cash/order.ts';

/** In micro-units; null where its transaction says it. */
export const amountOf = ({ order }: Pick<CashOrder, 'order'>): number | null =>
  order.kind === 'explanation' ? null : order.amountMicros;

export function aboutOf({ order }: Pick<CashOrder, 'order'>): string {
  switch (order.kind) {
    case 'outside_payment':
      return order.invoice;
    case 'bank_payout':
      return order.note;
    case 'explanation':
      return `${order.transaction} → ${order.account}`;
  }
}

/** An instant from a field for local date and time; empty where it is none, which the schema then refuses. */
export function instantOf(local: string): string {
  const ms = Date.parse(local);
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString();
}

/** An instant as such a field shows it, in the zone of the browser. */
export function localOf(ms: number): string {
  const at = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
