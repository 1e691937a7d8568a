/**
 * The market's cash over the small Stripe: whatever it hears of it looks at as it is now, and posts by the product's own
 * decisions; what the first look fixes stays, as the stores keep it.
 */
import { isLost, pairTransactions } from '../../../shared/cash/chargeback.ts';
import {
  countedFacts,
  isReinstating,
  lostEvent,
  type Payment,
  paidEvent,
  reinstatedEvent,
  splitPayment,
  unpaidMicros,
  writtenOffEvent,
} from '../../../shared/cash/payment.ts';
import {
  availableEntry,
  availableEvent,
  type Booking,
  createdEntry,
  createdEvent,
  meaningOf,
} from '../../../shared/cash/transaction.ts';
import { testInvoice } from '../../../shared/invoice/invoice.examples.ts';
import type { Invoice } from '../../../shared/invoice/invoice.ts';
import { decideSync } from '../../../shared/invoice/sync.ts';
import { microsOfCents } from '../../../shared/kernel/money.ts';
import type { NewEntry } from '../../../shared/ledger/ledger.store.ts';
import type { EntryKind, Facts, Leg } from '../../../shared/ledger/ledger.ts';
import { bankArrivedLegs, chargebackLostLegs, paidLegs } from '../../../shared/ledger/postings/cash.ts';
import {
  creditAppliedLegs,
  invoiceFinalLegs,
  reinstatedLegs,
  writtenOffLegs,
} from '../../../shared/ledger/postings/invoice.ts';
import { payoutLegs } from '../../../shared/ledger/postings/payout.ts';
import { MemoryLedger } from './business.ts';
import { type SmallInvoice, SmallStripe, type Told } from './small-stripe.ts';

export const COMPANIES = ['co_aaaa', 'co_bbbb'];
const PROVIDER = 'pr_aaaa';
/** What happens, which of the things that it may happen to, and how much. */
export type Step = readonly [what: number, pick: number, cents: number];
export const KINDS = 13;

const pick = <T>(from: Iterable<T>, at: number): T | undefined => {
  const all = [...from];
  return all[at % Math.max(1, all.length)];
};

export class CashLife {
  readonly stripe = new SmallStripe();
  readonly ledger = new MemoryLedger();
  readonly invoices = new Map<string, Invoice>();
  private readonly booked = new Map<string, Booking>();
  private readonly payments = new Map<string, Payment[]>();
  private readonly withdrawals = new Map<string, { lostAt: number | null; isBack: boolean }>();
  private readonly ways = new Map<string, { arrivedAt: number | null; hasFailed: boolean }>();

  /** Business at Stripe, and what the market itself does there and posts at once. */
  step([what, at, cents]: Step): void {
    const { stripe } = this;
    const open = pick(
      [...stripe.invoices.values()].filter(({ status }) => status === 'open'),
      at,
    );
    const owed = pick(
      [...stripe.invoices.values()].filter((one) => stripe.remaining(one) > 0),
      at,
    );
    const cards = [...stripe.payments.values()].filter((one) => !one.isOutside && !stripe.isChargedBack(one));
    const payment = pick(cards, at);
    const chargeback = pick(stripe.chargebacks.values(), at);
    const payout = pick(stripe.payouts.values(), at);
    if (what === 0) this.bill(COMPANIES[at % COMPANIES.length] ?? '', cents);
    if (what === 1 && open !== undefined) stripe.pay(open, null);
    if (what === 2 && owed !== undefined) stripe.pay(owed, cents);
    if (what === 3 && open !== undefined) this.writeOff(open);
    if (what === 4 && payment !== undefined) stripe.chargeBack(payment);
    if (what === 5 && chargeback !== undefined) stripe.decide(chargeback, at % 2 === 0);
    if (what === 6 && chargeback !== undefined) stripe.decide(chargeback, at % 3 === 0);
    if (what === 7) stripe.payOut(cents);
    if (what === 8 && payout !== undefined) stripe.goOn(payout, at % 2 === 0);
    if (what === 9) stripe.moveAlone((['topup', 'stripe_fee', 'moon_tax'] as const)[at % 3] ?? 'topup', cents);
    if (what === 10) this.pay(cents);
    if (what === 11) stripe.reverse(cents);
    if (what === 12) stripe.pass(1 + (at % 60));
  }

  private post(event: string, kind: EntryKind, legs: Leg[], occurredAt: number, facts: Facts = {}): void {
    const owner = (prefix: string) => legs.map(({ of }) => of ?? '').find((of) => of.startsWith(prefix)) ?? null;
    const [company, provider] = [owner('co_'), owner('pr_')];
    const entry: NewEntry = { event, kind, legs, occurredAt, currency: 'USD', company, provider, facts };
    if (this.ledger.post(entry) === 'refused') throw new Error(`${event} was posted with other content`);
  }

  private bill(company: string, cents: number): void {
    const id = `${company}.USD.2026-01.v${this.stripe.invoices.size}`;
    const { appliedCents, totalCents } = this.stripe.finalise(id, company, cents);
    const [micros, appliedMicros] = [microsOfCents(totalCents), microsOfCents(appliedCents)];
    const of = { company, invoice: id };
    this.post(`invoice-final#${id}`, 'invoice_final', invoiceFinalLegs(of, micros, 0), this.stripe.now);
    if (appliedMicros > 0)
      this.post(`credit-applied#${id}`, 'credit_applied', creditAppliedLegs(of, appliedMicros), this.stripe.now);
    const remainingMicros = micros - appliedMicros;
    const amounts = {
      subtotalMicros: micros,
      totalMicros: micros,
      creditAppliedMicros: appliedMicros,
      remainingMicros,
    };
    const state = remainingMicros === 0 ? 'paid' : 'open';
    this.invoices.set(id, testInvoice({ id, company, state, ...amounts }));
  }

  /** Two people give up what is unpaid, by the payments that the market knows of. */
  private writeOff({ id, company }: SmallInvoice): void {
    const [ours, theirs] = [this.invoices.get(id), this.stripe.invoices.get(id)];
    if (ours === undefined || theirs === undefined) throw new Error(`no invoice ${id}`);
    const payments = this.payments.get(id) ?? [];
    const legs = writtenOffLegs({ company, invoice: id }, unpaidMicros(ours, payments));
    this.stripe.writeOff(theirs);
    this.post(writtenOffEvent(id), 'written_off', legs, this.stripe.now, countedFacts(payments.map((one) => one.id)));
  }

  private pay(cents: number): void {
    const micros = microsOfCents(cents);
    this.post(`payout#${this.ledger.entries.size}`, 'payout', payoutLegs(PROVIDER, micros), this.stripe.now);
    this.stripe.transfer(cents);
  }

  /** Works one thing that Stripe told of. */
  hear({ about, id }: Told): void {
    if (about === 'invoice') this.invoice(id);
    if (about === 'payment') this.payment(id);
    if (about === 'transaction') this.transaction(id);
    if (about === 'chargeback') this.chargeback(id);
    if (about === 'payout') this.payout(id);
  }

  private invoice(id: string): void {
    const [ours, theirs] = [this.invoices.get(id), this.stripe.invoices.get(id)];
    if (ours === undefined || theirs === undefined) throw new Error(`no invoice ${id}`);
    const synced = decideSync(ours, {
      status: theirs.status,
      number: id,
      paidCents: theirs.paidCents,
      remainingCents: this.stripe.remaining(theirs),
      creditedCents: 0,
      finalizedAt: this.stripe.now,
      dueAt: null,
      paidAt: theirs.paidAt,
      voidedAt: null,
    });
    this.invoices.set(id, { ...ours, ...synced?.set });
  }

  private payment(id: string): void {
    const paid = this.stripe.payments.get(id);
    const theirs = this.stripe.invoices.get(paid?.invoice ?? '');
    if (paid === undefined || theirs === undefined) throw new Error(`no payment ${id}`);
    const { invoice, at: paidAt, isOutside } = paid;
    const { company } = theirs;
    const earlier = this.payments.get(invoice) ?? [];
    const known = earlier.find((one) => one.id === id);
    const parts = splitPayment(microsOfCents(paid.cents), microsOfCents(theirs.overpaidCents), earlier);
    const through = isOutside ? ('1010' as const) : ('1390' as const);
    const common = { id, invoice, company, currency: 'USD' as const, through, paidAt, paidBy: null, availableAt: null };
    const payment: Payment = known ?? { ...common, ...parts };
    if (known === undefined) this.payments.set(invoice, [...earlier, payment]);
    const of = { company, invoice };
    if (isReinstating(payment, this.ledger.entries.get(writtenOffEvent(invoice))))
      this.post(reinstatedEvent(id), 'reinstated', reinstatedLegs(of, payment.invoiceMicros), paidAt);
    this.post(paidEvent(id), 'paid', paidLegs(through, invoice, company, payment), paidAt);
    if (paid.transaction !== null) this.transaction(paid.transaction);
  }

  private transaction(id: string): void {
    const { source } = this.stripe.transaction(id);
    const party = source?.object === 'transfer' || source?.object === 'transfer_reversal' ? PROVIDER : null;
    if (source?.object === 'dispute') this.chargeback(source.id);
    else if (source?.object === 'payout') this.payout(source.id);
    else this.book(id, { party });
  }

  private book(id: string, more: Partial<Booking>): void {
    const transaction = this.stripe.transaction(id);
    const at = transaction.isAvailable ? ('1310' as const) : ('1300' as const);
    const fresh: Booking = { meaning: meaningOf(transaction), at, party: null, from: null, ...more };
    const booking = this.booked.get(id) ?? fresh;
    this.booked.set(id, booking);
    const { kind, legs } = createdEntry(transaction, booking);
    this.post(createdEvent(id), kind, legs, transaction.createdAt);
    if (booking.at === '1300' && transaction.isAvailable)
      this.post(availableEvent(id), 'balance_available', availableEntry(transaction), transaction.availableAt);
  }

  private chargeback(id: string): void {
    const found = this.stripe.chargebacks.get(id);
    if (found === undefined) throw new Error(`no chargeback ${id}`);
    const { pairs } = pairTransactions(found.transactions.map((one) => this.stripe.transaction(one)));
    for (const { withdrawn, reinstated } of pairs) {
      const kept = this.withdrawals.get(withdrawn.id) ?? { lostAt: null, isBack: false };
      this.withdrawals.set(withdrawn.id, kept);
      this.book(withdrawn.id, {});
      if (reinstated !== null) kept.isBack = true;
      else if (isLost(found.status) && kept.lostAt === null) kept.lostAt = this.stripe.now;
      const micros = microsOfCents(0 - withdrawn.amountCents);
      if (kept.lostAt !== null)
        this.post(lostEvent(withdrawn.id), 'chargeback_lost', chargebackLostLegs(micros), kept.lostAt);
      if (reinstated !== null) this.book(reinstated.id, { from: kept.lostAt === null ? '1400' : '5300' });
    }
  }

  private payout(id: string): void {
    const found = this.stripe.payouts.get(id);
    if (found === undefined) throw new Error(`no payout ${id}`);
    const way = this.ways.get(id) ?? { arrivedAt: null, hasFailed: false };
    this.ways.set(id, way);
    if (found.status === 'failed') way.hasFailed = true;
    if (found.status === 'paid' && way.arrivedAt === null && !way.hasFailed) way.arrivedAt = found.arrivedAt;
    this.book(found.sent, {});
    if (way.arrivedAt !== null)
      this.post(`bank-arrived#${id}`, 'bank_arrived', bankArrivedLegs(microsOfCents(found.cents)), way.arrivedAt);
    if (found.back !== null) this.book(found.back, { from: way.arrivedAt === null ? '1020' : '1010' });
  }

  /** Lives some steps, hearing of what each changed through `faults`; at the end all is available, and listed once more. */
  static live(steps: readonly Step[], faults: (told: Told[]) => Told[] = (told) => told): CashLife {
    const life = new CashLife();
    for (const step of steps) {
      life.step(step);
      for (const told of faults(life.stripe.news())) life.hear(told);
    }
    life.stripe.pass(96);
    for (const told of life.stripe.all()) life.hear(told);
    return life;
  }

  /** What each owner has in each account, debit positive; what is nothing is left out. */
  balances(): Map<string, number> {
    const sums = new Map<string, number>();
    for (const { account, of, micros } of this.ledger.all().flatMap(({ legs }) => legs)) {
      const key = `${account} ${of ?? ''}`.trim();
      sums.set(key, (sums.get(key) ?? 0) + micros);
    }
    return new Map([...sums].filter(([, micros]) => micros !== 0).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
