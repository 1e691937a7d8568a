/**
 * A small model of Stripe in memory: invoices and what is paid of them, customers' credit, and everything that moves a balance.
 * It says what has changed and no more; whoever hears of it looks at the object as it is then.
 */
import type { Transaction } from '../../../shared/cash/transaction.ts';
import { HOUR } from '../../../shared/kernel/time.ts';

export type Told = { about: 'invoice' | 'payment' | 'transaction' | 'chargeback' | 'payout'; id: string };
export type SmallInvoice = {
  id: string;
  company: string;
  totalCents: number;
  /** Customer credit that was set off when it became final. */
  appliedCents: number;
  paidCents: number;
  overpaidCents: number;
  status: 'open' | 'paid' | 'uncollectible' | 'void';
  paidAt: number | null;
};
type Payment = {
  id: string;
  invoice: string;
  cents: number;
  at: number;
  isOutside: boolean;
  transaction: string | null;
};
type Chargeback = { id: string; invoice: string; status: 'needs_response' | 'won' | 'lost'; transactions: string[] };
type Payout = {
  id: string;
  cents: number;
  status: 'in_transit' | 'paid' | 'failed';
  arrivedAt: number | null;
  sent: string;
  back: string | null;
};

/** Card payments are available after two days, chargebacks and what Stripe gives back at once. */
const CARD_HOURS = 48;
const CHARGEBACK_FEE = 15_00;

export class SmallStripe {
  now = Date.UTC(2026, 1, 3);
  readonly invoices = new Map<string, SmallInvoice>();
  readonly credit = new Map<string, number>();
  readonly payments = new Map<string, Payment>();
  readonly chargebacks = new Map<string, Chargeback>();
  readonly payouts = new Map<string, Payout>();
  private readonly stored = new Map<string, Transaction>();
  private told: Told[] = [];
  private serial = 0;

  /** What has changed since it was last asked. */
  news(): Told[] {
    return this.told.splice(0);
  }

  /** Everything there is, as a nightly listing shows it. */
  all(): Told[] {
    const of = (about: Told['about'], ids: Iterable<string>): Told[] => [...ids].map((id) => ({ about, id }));
    return [
      ...of('invoice', this.invoices.keys()),
      ...of('payment', this.payments.keys()),
      ...of('transaction', this.stored.keys()),
      ...of('chargeback', this.chargebacks.keys()),
      ...of('payout', this.payouts.keys()),
    ];
  }

  transaction(id: string): Transaction {
    const found = this.stored.get(id);
    if (found === undefined) throw new Error(`no transaction ${id}`);
    return { ...found, isAvailable: found.availableAt <= this.now };
  }

  /** Cents that are pending and available. */
  balance(): { pending: number; available: number } {
    const sum = { pending: 0, available: 0 };
    for (const { netCents, availableAt } of this.stored.values())
      sum[availableAt <= this.now ? 'available' : 'pending'] += netCents;
    return sum;
  }

  remaining({ totalCents, appliedCents, paidCents, status }: SmallInvoice): number {
    return status === 'void' ? 0 : Math.max(0, totalCents - appliedCents - paidCents);
  }

  private name(what: string): string {
    this.serial += 1;
    return `${what}_${String(this.serial).padStart(6, '0')}`;
  }

  private tell(about: Told['about'], id: string): void {
    this.told.push({ about, id });
  }

  /** Moves the balance; `hours` until it is available. */
  private move(type: string, cents: number, feeCents: number, hours = 0, source: Transaction['source'] = null): string {
    const id = this.name('txn');
    const [amountCents, netCents] = [cents, cents - feeCents];
    const times = { createdAt: this.now, availableAt: this.now + hours * HOUR };
    this.stored.set(id, {
      id,
      type,
      currency: 'USD',
      amountCents,
      feeCents,
      netCents,
      isAvailable: false,
      ...times,
      source,
    });
    this.tell('transaction', id);
    return id;
  }

  pass(hours: number): void {
    const before = this.now;
    this.now += hours * HOUR;
    for (const { id, availableAt } of this.stored.values())
      if (availableAt > before && availableAt <= this.now) this.tell('transaction', id);
  }

  /** An invoice becomes final: credit is set off at once. */
  finalise(id: string, company: string, totalCents: number): SmallInvoice {
    const credit = this.credit.get(company) ?? 0;
    const appliedCents = Math.min(credit, totalCents);
    this.credit.set(company, credit - appliedCents);
    const status = appliedCents === totalCents ? 'paid' : 'open';
    const paidAt = status === 'paid' ? this.now : null;
    const invoice: SmallInvoice = {
      id,
      company,
      totalCents,
      appliedCents,
      paidCents: 0,
      overpaidCents: 0,
      status,
      paidAt,
    };
    this.invoices.set(id, invoice);
    this.tell('invoice', id);
    return invoice;
  }

  /** By card all of it; outside any amount, and what is over becomes credit. */
  pay(invoice: SmallInvoice, outsideCents: number | null): void {
    const cents = outsideCents ?? this.remaining(invoice);
    if (cents === 0) return;
    const id = this.name('inpay');
    const feeCents = Math.ceil(cents * 0.029) + 30;
    const source = { id: this.name('ch'), object: 'charge' };
    const transaction = outsideCents === null ? this.move('charge', cents, feeCents, CARD_HOURS, source) : null;
    const overCents = Math.max(0, cents - this.remaining(invoice));
    this.credit.set(invoice.company, (this.credit.get(invoice.company) ?? 0) + overCents);
    invoice.paidCents += cents - overCents;
    invoice.overpaidCents += overCents;
    if (this.remaining(invoice) === 0) Object.assign(invoice, { status: 'paid', paidAt: this.now });
    this.payments.set(id, {
      id,
      invoice: invoice.id,
      cents,
      at: this.now,
      isOutside: outsideCents !== null,
      transaction,
    });
    this.tell('payment', id);
    this.tell('invoice', invoice.id);
  }

  writeOff(invoice: SmallInvoice): void {
    invoice.status = 'uncollectible';
    this.tell('invoice', invoice.id);
  }

  chargeBack(payment: Payment): void {
    const id = this.name('dp');
    const source = { id, object: 'dispute' };
    const transactions = [this.move('adjustment', -payment.cents, CHARGEBACK_FEE, 0, source)];
    this.chargebacks.set(id, { id, invoice: payment.invoice, status: 'needs_response', transactions });
    this.tell('chargeback', id);
  }

  /** A bank decides; what was lost can be won on appeal, its fee back. */
  decide(chargeback: Chargeback, isWon: boolean): void {
    const { id, status, transactions } = chargeback;
    if (status === 'won' || (status === 'lost' && !isWon)) return;
    chargeback.status = isWon ? 'won' : 'lost';
    const cents = 0 - this.transaction(transactions[0] ?? '').amountCents;
    const feeCents = status === 'lost' ? -CHARGEBACK_FEE : 0;
    if (isWon) transactions.push(this.move('adjustment', cents, feeCents, 0, { id, object: 'dispute' }));
    this.tell('chargeback', id);
  }

  payOut(cents: number): void {
    const id = this.name('po');
    const sent = this.move('payout', -cents, 0, 0, { id, object: 'payout' });
    this.payouts.set(id, { id, cents, status: 'in_transit', arrivedAt: null, sent, back: null });
    this.tell('payout', id);
  }

  /** It arrives; or it fails, on its way or after that. */
  goOn(payout: Payout, isFailing: boolean): void {
    if (payout.status === 'failed' || (payout.status === 'paid' && !isFailing)) return;
    if (isFailing) {
      payout.back = this.move('payout_failure', payout.cents, 0, 0, { id: payout.id, object: 'payout' });
      payout.status = 'failed';
    } else Object.assign(payout, { status: 'paid', arrivedAt: this.now });
    this.tell('payout', payout.id);
  }

  /** What has no object of its own to look at. */
  moveAlone(type: 'topup' | 'stripe_fee' | 'moon_tax', cents: number): void {
    this.move(type, type === 'topup' ? cents : -cents, 0, type === 'topup' ? CARD_HOURS : 0);
  }

  /** A transfer to a provider, and a part of one that comes back. */
  transfer(cents: number): void {
    this.move('transfer', -cents, 0, 0, { id: this.name('tr'), object: 'transfer' });
  }
  reverse(cents: number): void {
    this.move('transfer_refund', cents, 0, 0, { id: this.name('trr'), object: 'transfer_reversal' });
  }

  /** Whether a payment was charged back already. */
  isChargedBack = (payment: Payment): boolean =>
    [...this.chargebacks.values()].some(({ invoice }) => invoice === payment.invoice);
}
