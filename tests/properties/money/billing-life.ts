/**
 * A company's months in memory: charges, credits, disputes, payments, voids and closes in any order, posted by the product's
 * own decisions, while what was charged and billed is counted apart from them.
 */
import fc from 'fast-check';
import { acceptedParts, heldParts } from '../../../shared/dispute/entries.ts';
import { fractionOf, portionOf } from '../../../shared/dispute/share.ts';
import { divide, lineKindOf, type PlacedLine, takeFromLines } from '../../../shared/invoice/credit-note.ts';
import { addEarlier, addLater, beginFold, type Draft, earlierOf, endFold } from '../../../shared/invoice/draft.ts';
import { invoiceIdOf } from '../../../shared/invoice/invoice.ts';
import type { Plan } from '../../../shared/invoice/plan.ts';
import { mulDivFloor } from '../../../shared/kernel/money.ts';
import { MINUTE, monthOf } from '../../../shared/kernel/time.ts';
import { reversed } from '../../../shared/ledger/entry.ts';
import type { NewEntry } from '../../../shared/ledger/ledger.store.ts';
import type { EntryView, Leg } from '../../../shared/ledger/ledger.ts';
import { monthAfter } from '../../../shared/ledger/period.ts';
import { paidLegs } from '../../../shared/ledger/postings/cash.ts';
import { chargeLegs, type Rated, rate } from '../../../shared/ledger/postings/charge.ts';
import {
  type CreditNoteAmounts,
  creditNoteLegs,
  NO_CREDIT_NOTE,
  slaCreditNoteLegs,
} from '../../../shared/ledger/postings/credit-note.ts';
import type { SlaTakenBack } from '../../../shared/ledger/postings/dispute.ts';
import { creditAppliedLegs, invoiceFinalLegs, invoiceVoidLegs } from '../../../shared/ledger/postings/invoice.ts';
import { shortfallLegs, trueUpLegs } from '../../../shared/ledger/postings/round.ts';
import { MemoryLedger } from './business.ts';

const CENT = 10_000;
const COMPANY = 'co_aaaa';
const FINISHER = 'pr_aaaa';
const QUEUES = ['cards', 'loans'];
const FIRST = '2026-01';
const START = Date.UTC(2026, 0, 1);

const micros = fc.integer({ min: 0, max: 20_000_000 });
const pick = fc.nat({ max: 1_000 });
const Action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('charge' as const),
      priceMicros: micros,
      bidMicros: micros,
      queue: fc.constantFrom(...QUEUES),
      round: fc.integer({ min: 1, max: 2 }),
      outcome: fc.constantFrom('confirmed' as const, 'assumed' as const),
      route: fc.constantFrom('slot' as const, 'overflow' as const),
      isShared: fc.boolean(),
      /** It was due in the month before. */
      isLate: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('sla' as const),
      pick,
      bps: fc.integer({ min: 1, max: 5_000 }),
      isLate: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('true up' as const), micros: fc.integer({ min: 1, max: 3_000_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('shortfall' as const), micros: fc.integer({ min: 1, max: 9_000_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('adjust' as const),
      micros: fc.integer({ min: -5_000_000, max: 5_000_000 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('dispute' as const), pick }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      pick,
      bps: fc.option(fc.integer({ min: 1, max: 10_000 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pay' as const), pick, bps: fc.integer({ min: 1, max: 10_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('void' as const), pick }) },
);
type Action = typeof Action extends fc.Arbitrary<infer T> ? T : never;
type Of<D extends Action['do']> = Extract<Action, { do: D }>;

export const Months = fc.record({
  taxBps: fc.constantFrom(0, 1_900),
  /** What happens in each month, and what after it before its plan is made. */
  months: fc.array(
    fc.record({ during: fc.array(Action, { maxLength: 14 }), between: fc.array(Action, { maxLength: 5 }) }),
    { minLength: 1, maxLength: 4 },
  ),
});
export type Months = typeof Months extends fc.Arbitrary<infer T> ? T : never;

type Charge = {
  request: string;
  period: string;
  rated: Rated;
  queue: string;
  round: number;
  outcome: 'confirmed' | 'assumed';
  route: 'slot' | 'overflow';
  split: { provider: string; micros: number }[];
  sla: SlaTakenBack | null;
  dispute: 'none' | 'over' | { invoice: string | null };
};
type Bill = {
  id: string;
  plan: Plan;
  lines: PlacedLine[];
  subtotalMicros: number;
  taxMicros: number;
  appliedMicros: number;
  remainingMicros: number;
  isPaid: boolean;
  isCredited: boolean;
  state: 'open' | 'void';
};

export class BillingLife {
  readonly ledger = new MemoryLedger();
  readonly plans: Plan[] = [];
  readonly bills: Bill[] = [];
  readonly charges: Charge[] = [];
  /** What each month was planned as, and what of it and of earlier ones stands unbilled once it is invoiced. */
  readonly closed: { draft: Draft; readAgain: Draft; leftMicros: number }[] = [];
  /** Counted apart: what was charged less what was given back; what was billed, less voids and credit notes; the credit. */
  ratedMicros = 0n;
  billedMicros = 0n;
  creditMicros = 0;
  /** What moved 1100, by the month that it is about. */
  private readonly unbilled: { of: string; micros: number }[] = [];
  private readonly taxBps: number;
  private month = FIRST;
  private serial = 0;

  constructor(taxBps: number) {
    this.taxBps = taxBps;
  }

  static live({ taxBps, months }: Months): BillingLife {
    const life = new BillingLife(taxBps);
    for (const { during, between } of months) {
      for (const action of during) life.act(action);
      life.close(between);
    }
    return life;
  }

  /** All that is disputed is decided, and months pass in which nothing happens, until nothing may be carried over any more. */
  end(): void {
    for (let at = 0; this.open.length > 0; at += 1) this.act({ do: 'end', pick: at, bps: at % 2 === 0 ? null : 5_000 });
    for (let months = 0; months < 4; months += 1) this.close([]);
  }

  get open(): Charge[] {
    return this.charges.filter(({ dispute }) => typeof dispute === 'object');
  }

  /** What stands in an account, debit positive. */
  balance(...accounts: string[]): number {
    return this.ledger
      .all()
      .flatMap(({ legs }) => legs)
      .reduce((sum, leg) => sum + (accounts.includes(leg.account) ? leg.micros : 0), 0);
  }

  private act(action: Action): void {
    if (action.do === 'charge') this.charge(action);
    else if (action.do === 'sla') this.creditLate(action);
    else if (action.do === 'dispute') this.dispute(action);
    else if (action.do === 'end') this.endDispute(action);
    else if (action.do === 'pay') this.pay(action);
    else if (action.do === 'void') this.voidBill(action);
    else this.correct(action);
  }

  /** What is about no charge: a fee, a share of the pool, a correction of either sign. */
  private correct(action: Of<'true up' | 'shortfall' | 'adjust'>): void {
    const { micros: amount } = action;
    const adjusted: Leg[] = [
      { account: '1100', of: COMPANY, micros: amount },
      { account: '4100', of: null, micros: -amount },
    ];
    if (amount === 0) return;
    const to = { account: '4200' as const, of: null };
    const facts = { queue: 'cards', round: 1 };
    if (action.do === 'true up') this.post('true_up', this.name('true-up'), trueUpLegs('cards', 1, COMPANY, amount));
    if (action.do === 'shortfall')
      this.post('shortfall', this.name('shortfall'), shortfallLegs(COMPANY, to, amount), { facts });
    if (action.do === 'adjust') this.post('adjustment', this.name('adjustment'), adjusted);
    this.ratedMicros += BigInt(action.do === 'true up' ? -amount : amount);
  }

  private name(what: string): string {
    return `${what}#${this.serial}`;
  }

  private get now(): number {
    this.serial += 1;
    const months = (Number(this.month.slice(0, 4)) - 2026) * 12 + Number(this.month.slice(5)) - 1;
    return Date.UTC(2026, months, 2) + this.serial * MINUTE;
  }

  /** `of` is the month that it is about, where that is not the one that it is posted in. */
  private post(
    kind: EntryView['kind'],
    event: string,
    legs: Leg[],
    { facts = {}, occurredAt = this.now, of }: { facts?: EntryView['facts']; occurredAt?: number; of?: string } = {},
  ): string {
    const common = { occurredAt, currency: 'USD', company: COMPANY, provider: FINISHER } as const;
    const entry: NewEntry = { ...common, event, kind, legs, facts };
    if (this.ledger.post(entry) !== 'posted') throw new Error(`${event} was not posted`);
    const { period = '' } = this.ledger.entries.get(event) ?? {};
    const micros = legs.reduce((sum, leg) => sum + (leg.account === '1100' ? leg.micros : 0), 0);
    this.unbilled.push({ of: of ?? period, micros });
    return period;
  }

  private unbilledThrough(period: string): number {
    return this.unbilled.reduce((sum, { of, micros }) => sum + (of <= period ? micros : 0), 0);
  }

  /** An instant of the month before, where there is one: what comes late. */
  private lateOr(isLate: boolean): number {
    const now = this.now;
    const before = now - 32 * 24 * 60 * MINUTE;
    return isLate && before >= START ? before : now;
  }

  private charge(action: Of<'charge'>): void {
    const { queue, round, outcome, route } = action;
    const rated = rate({ ...action, offeredBidMicros: action.bidMicros, feeBps: 500, assumedRateBps: 6_000 });
    const request = `rq_${this.serial}`;
    const occurredAt = this.lateOr(action.isLate);
    const shared = action.isShared ? Math.floor(rated.bidMicros / 7) : 0;
    const parties = { company: COMPANY, provider: FINISHER, queue, round, isRoundClosed: false };
    const facts = { request, queue, round, outcome, route };
    const legs = chargeLegs(rated, parties, shared);
    const period = this.post('charge', `charge#${request}`, legs, { facts, occurredAt });
    const split = shared > 0 ? [{ provider: 'pr_bbbb', micros: shared }] : [];
    this.charges.push({ request, period, rated, queue, round, outcome, route, split, sla: null, dispute: 'none' });
    this.ratedMicros += BigInt(rated.priceMicros);
  }

  /** The invoice that bills a charge, as `invoiceFor` finds it. */
  private billOf({ period }: Charge): Bill | null {
    const plan = this.plans.find((one) => one.invoice !== null && one.since <= period && period <= one.period);
    return this.bills.find(({ id }) => id === plan?.invoice) ?? null;
  }

  private creditLate({ pick: at, bps, isLate }: Of<'sla'>): void {
    const free = this.charges.filter(({ dispute, sla }) => dispute === 'none' && sla === null);
    const charge = free[at % Math.max(1, free.length)];
    if (charge === undefined) return;
    const credit = mulDivFloor(charge.rated.priceMicros, bps, 10_000);
    const providerMicros = Math.min(credit, mulDivFloor(charge.rated.bidMicros, bps, 10_000));
    charge.sla = { providerMicros, marketMicros: credit - providerMicros };
    const bill = this.billOf(charge);
    const note = bill === null ? NO_CREDIT_NOTE : this.note(bill, charge, credit);
    const of = { company: COMPANY, invoice: bill?.id ?? '' };
    const legs = slaCreditNoteLegs({ provider: FINISHER, ...charge.sla }, note, of);
    const occurredAt = this.lateOr(isLate);
    const about = { facts: { request: charge.request }, occurredAt };
    // One that comes after its month closed lowers that month's bill; else the month's that it is posted in.
    const late = { ...about, of: monthOf(occurredAt) };
    if (bill === null) this.post('sla_credit', `sla#${charge.request}`, legs, late);
    else this.post('credit_note', `sla#${charge.request}`, legs, { ...about, of: charge.period });
    this.ratedMicros -= BigInt(credit);
  }

  /** A credit note over a bill, as Stripe makes it: its tax is the bill's share, and what was paid becomes credit. */
  private note(bill: Bill, charge: Charge, givenBackMicros: number): CreditNoteAmounts {
    const of = { queue: charge.queue, round: charge.round, kind: lineKindOf(charge) };
    const { lines, netMicros } = takeFromLines(bill.lines, of, givenBackMicros);
    const taxMicros = Math.floor((netMicros / CENT) * (this.taxBps / 10_000)) * CENT;
    const unpaidMicros = Math.min(bill.remainingMicros, netMicros + taxMicros);
    const amounts = divide({ netMicros, taxMicros, unpaidMicros }, { lostMicros: 0, refundableMicros: 0 });
    for (const { line, micros: taken } of lines) {
      const found = bill.lines.find((one) => one.line === line);
      if (found !== undefined) found.creditedMicros += taken;
    }
    bill.remainingMicros -= unpaidMicros;
    bill.isCredited ||= lines.length > 0;
    this.creditMicros += amounts.creditMicros;
    this.billedMicros -= BigInt(netMicros);
    return amounts;
  }

  private disputed(charge: Charge) {
    return { ...charge.rated, company: COMPANY, provider: FINISHER, split: charge.split };
  }

  private dispute({ pick: at }: Of<'dispute'>): void {
    const free = this.charges.filter(({ dispute }) => dispute === 'none');
    const charge = free[at % Math.max(1, free.length)];
    if (charge === undefined) return;
    const invoice = this.billOf(charge)?.id ?? null;
    charge.dispute = { invoice };
    const of = { facts: { request: charge.request }, of: charge.period };
    for (const { provider, legs } of heldParts(this.disputed(charge), invoice !== null))
      if (legs.length > 0) this.post('dispute_opened', `opened#${charge.request}#${provider}`, legs, of);
  }

  private endDispute({ pick: at, bps }: Of<'end'>): void {
    const charge = this.open[at % Math.max(1, this.open.length)];
    if (charge === undefined || typeof charge.dispute !== 'object') return;
    const { request } = charge;
    const bill = this.bills.find(({ id }) => typeof charge.dispute === 'object' && id === charge.dispute.invoice);
    charge.dispute = 'over';
    const disputed = this.disputed(charge);
    const of = { facts: { request }, of: charge.period };
    if (bps === null) {
      for (const { provider, legs } of heldParts(disputed, bill !== undefined))
        if (legs.length > 0) this.post('dispute_rejected', `ended#${request}#${provider}`, reversed(legs), of);
      return;
    }
    const { part, whole } = fractionOf({ bps }, charge.rated.priceMicros);
    const sla = {
      providerMicros: mulDivFloor(charge.sla?.providerMicros ?? 0, part, whole),
      marketMicros: mulDivFloor(charge.sla?.marketMicros ?? 0, part, whole),
    };
    const back = portionOf(disputed, { bps }).priceMicros - sla.providerMicros - sla.marketMicros;
    const company =
      bill === undefined
        ? null
        : creditNoteLegs(this.note(bill, charge, back), back, { company: COMPANY, invoice: bill.id });
    const pool = { account: '2410' as const, of: charge.queue };
    for (const { provider, legs } of acceptedParts(disputed, { bps }, sla, pool, company))
      if (legs.length > 0) {
        const kind = company !== null && provider === FINISHER ? 'credit_note' : 'dispute_accepted';
        this.post(kind, `ended#${request}#${provider}`, legs, of);
      }
    this.ratedMicros -= BigInt(back);
  }

  private pay({ pick: at, bps }: Of<'pay'>): void {
    const unpaid = this.bills.filter(({ remainingMicros }) => remainingMicros > 0);
    const bill = unpaid[at % Math.max(1, unpaid.length)];
    if (bill === undefined) return;
    const invoiceMicros = Math.ceil(((bill.remainingMicros / CENT) * bps) / 10_000) * CENT;
    this.post('paid', `paid#${this.serial}`, paidLegs('1390', bill.id, COMPANY, { invoiceMicros, overpaidMicros: 0 }));
    bill.remainingMicros -= invoiceMicros;
    bill.isPaid = true;
  }

  /** Only where nothing was paid or credited and no charge of it is disputed. */
  private voidBill({ pick: at }: Of<'void'>): void {
    const disputed = new Set(this.open.map(({ dispute }) => (typeof dispute === 'object' ? dispute.invoice : null)));
    const free = this.bills.filter(
      ({ id, state, isPaid, isCredited }) => state === 'open' && !isPaid && !isCredited && !disputed.has(id),
    );
    const bill = free[at % Math.max(1, free.length)];
    if (bill === undefined || bill.remainingMicros === 0) return;
    const of = { company: COMPANY, invoice: bill.id };
    const legs = invoiceVoidLegs(of, bill.subtotalMicros, bill.taxMicros, bill.appliedMicros);
    this.post('invoice_void', `invoice-void#${bill.id}`, legs, { of: bill.plan.period });
    this.creditMicros += bill.appliedMicros;
    this.billedMicros -= BigInt(bill.subtotalMicros);
    Object.assign(bill, { state: 'void', remainingMicros: 0 });
    Object.assign(bill.plan, { invoice: null, reason: 'void' });
  }

  /** Closes the month: the ledger first; what happens before its plan is posted into the next one. */
  private close(between: readonly Action[]): void {
    const period = this.month;
    this.ledger.close(period);
    this.month = monthAfter(period);
    for (const action of between) this.act(action);
    const before = this.plans.at(-1);
    const draft = this.draft(period, before);
    const readAgain = this.draft(period, before === undefined ? before : { ...before, sums: undefined });
    const { since, baseMicros, balanceMicros, belowFloorMonths, volumes, reason, drafted } = draft;
    const id = invoiceIdOf(COMPANY, 'USD', period, 0);
    const plan: Plan = {
      company: COMPANY,
      currency: 'USD',
      period,
      invoice: reason === null ? id : null,
      reason,
      balanceMicros,
      invoicedMicros: drafted.totalMicros,
      since,
      baseMicros,
      belowFloorMonths,
      volumes,
      sums: reason === 'below_floor' || reason === 'credit_balance' ? draft.sums : undefined,
    };
    this.plans.push(plan);
    if (reason === null) this.bill(id, plan, draft);
    this.closed.push({ draft, readAgain, leftMicros: this.unbilledThrough(period) });
  }

  private draft(period: string, before: Plan | undefined): Draft {
    const fold = beginFold({ company: COMPANY, currency: 'USD', period }, before, FIRST);
    for (const entry of this.ledger.all()) if (entry.period <= period) addEarlier(fold, entry, entry.period);
    const earlier = earlierOf(fold);
    const charged = (entry: EntryView): string | undefined =>
      this.charges.find(({ request }) => request === entry.facts.request)?.period;
    for (const entry of this.ledger.all()) if (entry.period > period) addLater(fold, entry, charged(entry));
    return endFold(fold, earlier);
  }

  private bill(id: string, plan: Plan, { drafted }: Draft): void {
    const subtotalMicros = drafted.totalMicros;
    const taxMicros = Math.round((subtotalMicros / CENT) * (this.taxBps / 10_000)) * CENT;
    const of = { company: COMPANY, invoice: id };
    const appliedMicros = Math.min(this.creditMicros, subtotalMicros + taxMicros);
    const legs = invoiceFinalLegs(of, subtotalMicros, taxMicros);
    this.post('invoice_final', `invoice-final#${id}`, legs, { of: plan.period });
    if (appliedMicros > 0) this.post('credit_applied', `credit-applied#${id}`, creditAppliedLegs(of, appliedMicros));
    this.creditMicros -= appliedMicros;
    this.billedMicros += BigInt(subtotalMicros);
    const lines = drafted.lines.map((line, at) => ({
      ...line,
      line: at + 1,
      creditedMicros: 0,
      stripeLine: `il_${at + 1}`,
    }));
    const remainingMicros = subtotalMicros + taxMicros - appliedMicros;
    this.bills.push({
      id,
      plan,
      lines,
      subtotalMicros,
      taxMicros,
      appliedMicros,
      remainingMicros,
      isPaid: false,
      isCredited: false,
      state: 'open',
    });
  }
}
