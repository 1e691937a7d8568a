/** A shortfall fee that was wrong and is invoiced: given back by a credit note, over the engine and the stand-in for Stripe. */
import { beforeEach, describe, expect, it } from 'vitest';
import { changeInvoice, readInvoice } from '../../shared/invoice/invoice.store.ts';
import { advanceCorrection, sweepCorrections } from '../../shared/invoice/shortfall-correction.store.ts';
import { dropInvoice } from '../../shared/invoice/void.store.ts';
import { DAY } from '../../shared/kernel/time.ts';
import { approve, propose, readAdjustment } from '../../shared/ledger/adjustment.store.ts';
import { post } from '../../shared/ledger/ledger.store.ts';
import { shortfallLegs } from '../../shared/ledger/postings/round.ts';
import { TestBilling } from '../support/billing.ts';
import { untilCrash } from '../support/crash.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { allEntriesOf } from '../support/entries.ts';
import { must } from '../support/round.ts';
import { startTestStripe, type TestStripe } from '../support/stripe.ts';

const JANUARY = '2026-01';
let engine: TestTables;
let stripe: TestStripe;
let billing: TestBilling;
let acme: string;
let fee: string;

beforeEach(async () => {
  engine = await startTestTables();
  stripe = await startTestStripe({ clock: { now: () => billing?.now ?? 0 }, seed: 'shortfall' });
  billing = new TestBilling(engine.tables, stripe.stripe, Date.parse('2026-01-12T09:00:00Z'));
  acme = await billing.company('acme');
  await billing.charge(acme, { micros: 50_000_000 });
  fee = `round#mortgage-web#1#shortfall#${acme}#pool`;
  await post(billing.call(), {
    event: fee,
    kind: 'shortfall',
    occurredAt: billing.now,
    currency: 'USD',
    company: acme,
    provider: null,
    // 12.345678 of the company’s to the round’s pool.
    legs: shortfallLegs(acme, { account: '2400', of: 'mortgage-web#1' }, 12_345_678),
    facts: { queue: 'mortgage-web', round: 1, company: acme },
  });
  return async () => {
    await stripe.stop();
    await engine.stop();
  };
});

/** What an account stands at, debit positive. */
async function balance(account: string, of: string | null): Promise<number> {
  const legs = (await allEntriesOf(engine.tables)).flatMap((entry) => entry.legs);
  return legs.reduce((sum, leg) => sum + (leg.account === account && leg.of === of ? leg.micros : 0), 0);
}

async function approved(): Promise<string> {
  const reason = 'The provider had withdrawn before.';
  const input = { kind: 'shortfall_correction' as const, adjusts: fee, reason };
  const { id } = must(await propose(billing.call(), 'maker', `propose at ${billing.now}`, input));
  expect(await approve(billing.call(), 'maker', id)).toMatchObject({ code: 'second_person_needed' });
  must(await approve(billing.call(), 'checker', id));
  return id;
}

const invoiceId = () => `${acme}.USD.${JANUARY}.v0`;
const stateOf = async (id: string) => (await readAdjustment(billing.call(), id))?.state;

describe('the correction of an invoiced shortfall fee', () => {
  it('lowers what is unpaid by a credit note on its own line, takes the fee from where it went, and ends posted', async () => {
    await billing.close(JANUARY);
    billing.now += DAY;
    const id = await approved();
    expect(await stateOf(id)).toBe('approved');
    await sweepCorrections(billing.call());
    expect(await stateOf(id)).toBe('posted');
    // The invoice was of 62.34; the fee’s line of 12.34 or 12.35 gives back whole cents, the rest stays in 1100.
    const invoice = await readInvoice(billing.call(), invoiceId());
    expect(invoice).toMatchObject({
      subtotalMicros: 62_340_000,
      remainingMicros: 50_000_000,
      creditedMicros: 12_340_000,
    });
    expect(await balance('1200', invoiceId())).toBe(50_000_000);
    expect(await balance('1100', acme)).toBe(0);
    expect(await balance('2400', 'mortgage-web#1')).toBe(-12_345_678);
    expect(await balance('2410', 'mortgage-web')).toBe(12_345_678);
    const notes = await stripe.stripe.creditNotes.list({ invoice: invoice?.stripeInvoice ?? '' });
    expect(notes.data.map(({ subtotal, memo }) => [subtotal, memo])).toEqual([
      [1_234, 'Shortfall fee of mortgage-web, round 1: corrected'],
    ]);
    must(await approve(billing.call(), 'checker', id));
    await sweepCorrections(billing.call());
    expect(await balance('1200', invoiceId())).toBe(50_000_000);
  });

  it('is made once, though two people propose the same', async () => {
    await billing.close(JANUARY);
    const input = { kind: 'shortfall_correction' as const, adjusts: fee, reason: 'It was proposed twice.' };
    const second = must(await propose(billing.call(), 'another', 'second', input));
    const id = await approved();
    expect(await approve(billing.call(), 'checker', second.id)).toMatchObject({ code: 'already_reversed' });
    await sweepCorrections(billing.call());
    expect(await stateOf(id)).toBe('posted');
    expect(await approve(billing.call(), 'checker', second.id)).toMatchObject({ code: 'already_reversed' });
  });

  it('waits for its invoice to be final, and is posted without a credit note where that is dropped', async () => {
    await billing.plan(JANUARY);
    const id = await approved();
    await sweepCorrections(billing.call());
    expect(await stateOf(id)).toBe('approved');
    must(await dropInvoice(billing.call(), invoiceId()));
    billing.now += DAY;
    await sweepCorrections(billing.call());
    expect(await stateOf(id)).toBe('posted');
    expect(await balance('1100', acme)).toBe(50_000_000);
  });

  it('is withdrawn where its invoice was written off meanwhile', async () => {
    await billing.close(JANUARY);
    const id = await approved();
    await changeInvoice(billing.call(), invoiceId(), ['open'], { state: 'uncollectible' });
    await sweepCorrections(billing.call());
    expect(await stateOf(id)).toBe('withdrawn');
  });

  it('ends in one credit note and one entry whatever call of it crashes', async () => {
    await billing.close(JANUARY);
    billing.now += DAY;
    const id = await approved();
    let crashes = 0;
    for (const when of ['before', 'after'] as const)
      for (let at = 1; at < 40; at++) {
        if (!(await untilCrash(billing.tables, at, when, (tables) => advanceCorrection(billing.call(tables), id))))
          break;
        crashes += 1;
      }
    await advanceCorrection(billing.call(), id);
    expect(crashes).toBeGreaterThan(3);
    expect(await stateOf(id)).toBe('posted');
    expect(await balance('1200', invoiceId())).toBe(50_000_000);
    expect((await stripe.stripe.creditNotes.list({ limit: 10 })).data).toHaveLength(1);
  });
});
