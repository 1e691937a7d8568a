/**
 * Two months over HTTP: what the files say is what invoices, ledger, statements and Stripe say, to the cent or the
 * micro-unit. Sums are reckoned here in BigInt from the text of the files.
 */
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monthOf } from '../../shared/kernel/time.ts';
import { endOf } from '../../shared/ledger/period.ts';
import { listOrganisations } from '../../shared/organisation/organisation.store.ts';
import { onboardingLink, putPayoutProfile, refreshAccount } from '../../shared/payout/account.store.ts';
import { PayoutProfileInput } from '../../shared/payout/account.ts';
import { approveRun, makeRun, workRun } from '../../shared/payout/run.store.ts';
import { issueDocuments } from '../../shared/payout/self-billed.store.ts';
import { TestBilling } from '../support/billing.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { serveHttp, type TestHttp } from '../support/http.ts';
import { startTestStripe, type TestStripe } from '../support/stripe.ts';

const [JANUARY, FEBRUARY, MARCH] = ['2026-01', '2026-02', '2026-03'] as const;
const START = Date.parse('2026-01-08T09:00:00Z');
let engine: TestTables;
let stripe: TestStripe;
let billing: TestBilling;
let http: TestHttp;
let edge: TestEdge;
const id = { acme: '', tiny: '', provider: '' };
const token = { acme: '', tiny: '', provider: '', market: '' };

type Who = keyof typeof token;
type Row = Record<string, string>;

beforeAll(async () => {
  engine = await startTestTables();
  stripe = await startTestStripe({ clock: { now: () => billing?.now ?? START }, seed: 'tie-out' });
  billing = new TestBilling(engine.tables, stripe.stripe, START);
  edge = new TestEdge(billing.tables);
  http = await serveHttp();
  token.market = await edge.operator('mara', ['market.finance']);
  for (const name of ['acme', 'tiny', 'provider'] as const) token[name] = edge.person(`user-${name}`);
  const order = { number: 'PO-7', expiresOn: null };
  // Not overdue when its provider is paid.
  const terms = { collectionMethod: 'send_invoice', daysUntilDue: 60 } as const;
  id.acme = await billing.company('acme', { ...terms, purchaseOrder: order, costCentre: 'CC-12' });
  id.tiny = await billing.company('tiny');
  await spend(START);
  await readyToBePaid();
  await billing.close(JANUARY);
  await spend(Date.parse('2026-02-10T09:00:00Z'));
  await billing.close(FEBRUARY);
  await pay();
  edge.now = billing.now;
}, 120_000);
afterAll(async () => {
  await http.stop();
  await stripe.stop();
  await engine.stop();
});

/** A month's resolutions at odd prices, some late; what tiny has is too little for an invoice of one month. */
async function spend(at: number): Promise<void> {
  billing.now = at;
  for (let n = 0; n < 37; n++) {
    const queue = n % 3 === 0 ? 'cards-web' : 'mortgage-web';
    const request = await billing.charge(id.acme, { micros: 2_873_511 + n * 7, queue, round: 1 + (n % 2) }, at + n);
    if (n % 10 === 0) await billing.slaCredit(id.acme, request, 500_001, at + n);
  }
  for (let n = 0; n < 3; n++) await billing.charge(id.tiny, { micros: 4_444_443 }, at + n);
}

async function readyToBePaid(): Promise<void> {
  id.provider = (await listOrganisations(billing.tables, 'provider', { limit: 1 })).items[0]?.id ?? '';
  const profile = {
    legalName: 'Some Ltd',
    address: { line1: '1 Quay', city: 'Cork', country: 'IE' },
    contactEmail: 'pay@provider.example',
    taxId: { type: 'eu_vat', value: 'IE1234567T' },
  };
  await putPayoutProfile(billing.call(), id.provider, PayoutProfileInput.parse(profile));
  const pages = { returnUrl: 'https://parley.example/back', refreshUrl: 'https://parley.example/again' };
  await onboardingLink(billing.call(), id.provider, pages);
  const account = (await refreshAccount(billing.call(), id.provider))?.account ?? '';
  stripe.switches.act('complete_onboarding', { account });
  await refreshAccount(billing.call(), id.provider);
  const funds = { amount: 500_000, currency: 'usd', confirm: true, payment_method: 'pm_card_bypassPending' };
  await stripe.stripe.paymentIntents.create(funds);
}

/** January is paid from the market's own funds 45 days after its end. */
async function pay(): Promise<void> {
  billing.now = endOf(JANUARY) + 46 * 86_400_000;
  await makeRun(billing.call(), 'march', 'maker');
  await workRun(billing.call(), 'march');
  await approveRun(billing.call(), 'march', 'approver');
  await workRun(billing.call(), 'march');
  await issueDocuments(billing.call(), id.provider, JANUARY, FEBRUARY);
}

/** All pages of a file, in small ones where `limit` says so. */
async function file(kind: string, who: Who, query: Row = {}, format = 'csv'): Promise<string> {
  let text = '';
  let cursor: string | null = null;
  do {
    const asked: Row = { ...query, ...(cursor === null ? {} : { cursor }) };
    const page = await http.get(`/v1/exports/${kind}/${format}`, token[who], asked);
    text += page.text;
    cursor = page.next;
  } while (cursor !== null);
  return text;
}
const rowsOf = async (kind: string, who: Who, period: string): Promise<Row[]> =>
  parse(await file(kind, who, { period }), { columns: true });

/** A decimal in micro-units. */
function micros(decimal = '0'): bigint {
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const value = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  return decimal.startsWith('-') ? -value : value;
}
const total = (rows: Row[], column: string): bigint => rows.reduce((sum, row) => sum + micros(row[column]), 0n);
const json = async (path: string, who: Who, query: Row = {}): Promise<Record<string, unknown>> =>
  JSON.parse((await http.get(path, token[who], query)).text);
type Line = {
  account: string;
  openingMicros: number;
  debitMicros: number;
  creditMicros: number;
  closingMicros: number;
};
async function statement(who: Who, period: string, account: string): Promise<Line> {
  const { accounts } = await json('/v1/statement', who, { period });
  const none = { account, openingMicros: 0, debitMicros: 0, creditMicros: 0, closingMicros: 0 };
  return (accounts as Line[]).find((line) => line.account === account) ?? none;
}

describe('an invoice', () => {
  it.each([
    ['acme', JANUARY],
    ['acme', FEBRUARY],
    ['tiny', FEBRUARY],
  ] as const)(
    'of %s for %s is its lines, what the ledger has receivable, and what Stripe bills',
    async (who, period) => {
      const [invoice] = await rowsOf('invoices', who, period);
      const lines = await rowsOf('invoice-lines', who, period);
      expect(invoice?.company).toBe(id[who]);
      expect(total(lines, 'amount')).toBe(micros(invoice?.subtotal));
      expect(lines.every((line) => line.invoice === invoice?.invoice)).toBe(true);
      const history = await json('/v1/accounts/1200/history', who, {
        owner: invoice?.invoice ?? '',
        period: monthOf(Date.parse(invoice?.final_at ?? '')),
      });
      expect(BigInt(history.debitMicros as number)).toBe(micros(invoice?.total));
      const atStripe = await stripe.stripe.invoices.retrieve(invoice?.stripe_invoice ?? '', { expand: ['lines'] });
      expect(BigInt(atStripe.total) * 10_000n).toBe(micros(invoice?.total));
      expect(atStripe.lines.data.map(({ amount }) => BigInt(amount) * 10_000n)).toEqual(
        lines.map((line) => micros(line.amount)),
      );
      expect(lines.map((line) => line.stripe_line)).toEqual(atStripe.lines.data.map((line) => line.id));
    },
  );

  it('is what its charges come to, with what was carried in and less than a cent carried out', async () => {
    let carriedIn = 0n;
    for (const period of [JANUARY, FEBRUARY]) {
      const [invoice] = await rowsOf('invoices', 'acme', period);
      const charges = (await rowsOf('charges', 'acme', period)).filter((row) => row.kind !== 'invoice_final');
      expect(charges.length).toBe(37 + 4);
      expect(new Set(charges.map((row) => row.invoice))).toEqual(new Set([invoice?.invoice]));
      const carriedOut = carriedIn + total(charges, 'amount') - micros(invoice?.subtotal);
      expect(carriedOut >= 0n && carriedOut < 10_000n).toBe(true);
      carriedIn = carriedOut;
    }
    // 2 × (37 × 2.873511 + 7e-6 × (0 + … + 36) − 4 × 0.500001)
    const charged = 2n * (37n * 2_873_511n + 7n * 666n - 4n * 500_001n);
    expect(carriedIn).toBe(charged % 10_000n);
    expect(BigInt((await statement('acme', MARCH, '1100')).closingMicros)).toBe(carriedIn);
  });

  it('of two months names itself on the charges of both', async () => {
    const months = [await rowsOf('charges', 'tiny', JANUARY), await rowsOf('charges', 'tiny', FEBRUARY)];
    const charges = months.flat().filter((row) => row.kind === 'charge');
    expect(charges.map((row) => row.invoice)).toEqual(Array(6).fill(`${id.tiny}.USD.${FEBRUARY}.v0`));
    const [invoice] = await rowsOf('invoices', 'tiny', FEBRUARY);
    // 6 × 4.444443 = 26.666658
    expect([invoice?.since, invoice?.subtotal]).toEqual([JANUARY, '26.66']);
    expect(await rowsOf('invoices', 'tiny', JANUARY)).toEqual([]);
  });
});

it('a company’s journal moves its unbilled and its receivable account as its statement says', async () => {
  const legs = await rowsOf('journal', 'acme', FEBRUARY);
  for (const account of ['1100', '1200']) {
    const own = legs.filter((row) => row.market_account === account);
    const { debitMicros, creditMicros } = await statement('acme', FEBRUARY, account);
    expect([total(own, 'debit'), total(own, 'credit')]).toEqual([BigInt(debitMicros), BigInt(creditMicros)]);
    expect(debitMicros).toBeGreaterThan(0);
  }
});

it('a company’s files say nothing of another company, and a provider’s nothing of an invoice', async () => {
  const kinds = ['charges', 'focus', 'journal', 'invoices', 'invoice-lines', 'credit-notes', 'disputes', 'receivables'];
  for (const kind of kinds)
    for (const period of [JANUARY, FEBRUARY, MARCH]) {
      expect(await file(kind, 'acme', { period }), kind).not.toContain(id.tiny);
      expect(await file(kind, 'tiny', { period }), kind).not.toContain(id.acme);
    }
  const ofProvider = ['charges', 'journal', 'payouts', 'self-billed-invoices', 'payables'];
  for (const kind of ofProvider) expect(await file(kind, 'provider', { period: MARCH }), kind).not.toMatch(/\.v0/);
});

describe('costs in the columns of FOCUS', () => {
  it('are what was charged, whatever was invoiced of it, with purchase order and cost centre', async () => {
    for (const period of [JANUARY, FEBRUARY]) {
      const costs = await rowsOf('focus', 'acme', period);
      const charges = (await rowsOf('charges', 'acme', period)).filter((row) => row.kind !== 'invoice_final');
      expect(total(costs, 'BilledCost')).toBe(total(charges, 'amount'));
      expect(new Set(costs.map((row) => row.InvoiceId))).toEqual(new Set([`${id.acme}.USD.${period}.v0`]));
      expect(costs[0]).toMatchObject({
        SubAccountId: 'CC-12',
        Tags: '{"cost_centre":"CC-12","purchase_order":"PO-7"}',
      });
    }
  });
});

describe('the market’s files', () => {
  it('have every company’s invoices and lines once, also in small pages', async () => {
    const own = [
      ...(await rowsOf('invoice-lines', 'acme', FEBRUARY)),
      ...(await rowsOf('invoice-lines', 'tiny', FEBRUARY)),
    ];
    const all = await rowsOf('invoice-lines', 'market', FEBRUARY);
    const byPlace = (a: Row, b: Row) => `${a.invoice}#${a.line}`.localeCompare(`${b.invoice}#${b.line}`);
    expect(all.toSorted(byPlace)).toEqual(own.toSorted(byPlace));
    for (const kind of ['invoices', 'payouts', 'receivables', 'payables', 'credit-notes', 'disputes'])
      expect(await file(kind, 'market', { period: FEBRUARY, limit: '1' })).toBe(
        await file(kind, 'market', { period: FEBRUARY }),
      );
  });

  it('balance: the accounts sum to nothing, and the receivable one to the open invoices', async () => {
    const accounts = await rowsOf('trial-balance', 'market', MARCH);
    expect([total(accounts, 'opening'), total(accounts, 'closing')]).toEqual([0n, 0n]);
    expect(total(accounts, 'debit')).toBe(total(accounts, 'credit'));
    const receivable = accounts.filter((row) => row.account === '1200');
    const invoices = [
      ...(await rowsOf('invoices', 'market', JANUARY)),
      ...(await rowsOf('invoices', 'market', FEBRUARY)),
    ];
    expect(total(receivable, 'closing')).toBeGreaterThan(0n);
    expect(total(receivable, 'closing')).toBe(total(invoices, 'remaining'));
    expect(total(receivable, 'closing')).toBe(total(await rowsOf('receivables', 'market', MARCH), 'total'));
  });

  it('have the same rows as JSON lines', async () => {
    for (const kind of ['invoices', 'invoice-lines', 'trial-balance', 'payouts', 'receivables']) {
      const period = kind === 'payouts' ? MARCH : FEBRUARY;
      const lines = (await file(kind, 'market', { period }, 'ndjson')).trimEnd().split('\n');
      const objects = lines.map((line) => JSON.parse(line) as Record<string, string | number | null>);
      const rows = objects.map((object) => Object.values(object).map((cell) => String(cell ?? '')));
      expect(rows).toEqual((await rowsOf(kind, 'market', period)).map((row) => Object.values(row)));
    }
  });
});

describe('a provider’s files', () => {
  it('of payouts are what left its account, what Stripe transferred, and what the remittance explains', async () => {
    const payouts = await rowsOf('payouts', 'provider', MARCH);
    expect(payouts.map((row) => [row.state, row.run])).toEqual([['paid', 'march']]);
    const moved = (await rowsOf('charges', 'provider', MARCH)).filter((row) => row.kind === 'payout');
    expect(total(moved, 'amount')).toBe(-total(payouts, 'amount'));
    expect(BigInt((await statement('provider', MARCH, '2100')).debitMicros)).toBe(total(payouts, 'amount'));
    const transfer = await stripe.stripe.transfers.retrieve(payouts[0]?.transfer ?? '');
    expect(BigInt(transfer.amount) * 10_000n).toBe(total(payouts, 'amount'));
    const { text } = await http.get(payouts[0]?.remittance ?? '', token.provider);
    expect(total(parse(text, { columns: true }), 'Amount')).toBe(total(payouts, 'earned'));
    expect(await rowsOf('payouts', 'market', MARCH)).toEqual(payouts);
  });

  it('add up to its statement, its self-billed invoices to whole cents of what it earned, its payables to what it is owed', async () => {
    let earned = 0n;
    for (const period of [JANUARY, FEBRUARY]) {
      const { debitMicros, creditMicros } = await statement('provider', period, '2100');
      const moved = total(await rowsOf('charges', 'provider', period), 'amount');
      expect(moved).toBe(BigInt(creditMicros - debitMicros));
      earned += moved;
    }
    const documents = [
      ...(await rowsOf('self-billed-invoices', 'provider', JANUARY)),
      ...(await rowsOf('self-billed-invoices', 'market', FEBRUARY)),
    ];
    expect(documents.map((row) => [row.kind, row.tax_id, row.supplier])).toEqual(
      Array(2).fill(['invoice', 'IE1234567T', 'Some Ltd']),
    );
    expect(total(documents, 'net')).toBe(earned - (earned % 10_000n));
    const owed = await statement('provider', MARCH, '2100');
    const payables = await rowsOf('payables', 'provider', MARCH);
    expect(total(payables, 'total')).toBe(BigInt(-owed.closingMicros));
    expect(await rowsOf('payables', 'market', MARCH)).toEqual(payables);
  });
});

it('in an open month, charges say that the month is not closed', async () => {
  billing.now += 1_000;
  edge.now = billing.now;
  await billing.charge(id.tiny, { micros: 1_000_000 });
  const rows = await rowsOf('charges', 'tiny', MARCH);
  expect(rows.map((row) => [row.kind, row.invoice, row.not_billed_because])).toEqual([
    ['invoice_final', `${id.tiny}.USD.${FEBRUARY}.v0`, ''],
    ['charge', '', 'the month is not closed'],
  ]);
});
