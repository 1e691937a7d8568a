import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf, type Parley } from '../../shared/client/client.ts';
import type { Invoice } from '../../shared/invoice/invoice.ts';
import { monthBefore } from '../../shared/ledger/period.ts';
import { clientOf, closeMonths, invoicedCharge, until } from './support/books.ts';
import { axe, baseUrl, openBrowser, settled, signedIn, type Visit, visit } from './support/browser.ts';
import { advancePast } from './support/clock.ts';
import { addressOf } from './support/people.ts';

const MAKER = { email: 'maker@market.example' };
const APPROVER = { email: 'approver@market.example' };
const JOURNEY_MS = 240_000;
const MOST = { params: { query: { limit: 100 } } };

let browser: Browser;
let approver: Parley;
/** Two people, each with a browser of their own. */
let first: Visit;
let second: Visit;
beforeAll(async () => {
  browser = await openBrowser();
  await closeMonths(baseUrl());
  approver = await clientOf(baseUrl(), APPROVER.email);
  [first, second] = [await visit(browser), await visit(browser)];
  await signedIn(first.page, MAKER, '/operator/home');
  await signedIn(second.page, APPROVER, '/operator/home');
}, JOURNEY_MS);
afterAll(() => browser?.close());

const go = async (page: Page, path: string) => {
  await page.goto(path);
  await settled(page);
};
const confirmed = (page: Page, name: string | RegExp) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
const YOURS = /^You are the first of the two people that this takes/;

describe('what takes two people of the market’s finance', () => {
  it(
    'an entry is reversed by what one proposes and the other approves, and both are in the ledger',
    async () => {
      const { now } = await dataOf(approver.GET('/v1/test-clock'));
      const period = monthBefore(now.slice(0, 7));
      const params = { path: { account: '4100' as const }, query: { period } };
      const { items } = await dataOf(approver.GET('/v1/accounts/{account}/history', { params }));
      const { event } = items.find(({ kind }) => kind === 'charge')!;

      const { page } = first;
      await go(page, '/ledger');
      await page.getByRole('textbox', { name: 'Event' }).fill(event);
      await page.getByRole('button', { name: 'Open the entry' }).click();
      await page.getByRole('link', { name: 'Reverse' }).click();
      await page.getByRole('button', { name: 'Propose', exact: true }).click();
      await page.getByText('must say why, in ten characters at least').waitFor();
      await page.getByRole('textbox', { name: 'Reason' }).fill('The price was read from the wrong tier of the bid.');
      await page.getByRole('button', { name: 'Propose', exact: true }).click();
      await page.waitForURL('**/adjustments/adj_*');
      await page.getByText(YOURS).waitFor();
      expect(await page.getByRole('button', { name: 'Approve and post' }).count()).toBe(0);
      const { pathname } = new URL(page.url());

      await go(second.page, '/money');
      await second.page.getByRole('link', { name: 'Approve an adjustment in USD' }).last().click();
      await second.page.waitForURL(`**${pathname}`);
      await second.page.getByRole('button', { name: 'Approve and post' }).click();
      await confirmed(second.page, 'Approve and post');
      await second.page.getByText('Posted', { exact: true }).waitFor();
      await settled(second.page);
      expect(await axe(second.page)).toEqual([]);
      await second.page.getByRole('link').getByTitle(`reversal#${event}`).click();
      await second.page.getByRole('heading', { name: 'Adjustment', exact: true }).waitFor();

      const entry = async (name: string) =>
        dataOf(approver.GET('/v1/ledger-entry', { params: { query: { event: name } } }));
      const [reversed, reversal] = [await entry(event), await entry(`reversal#${event}`)];
      // What comes after a round's close stands in the account that the pool carries on, not in the round's own.
      const pooled = (account: string, owner: string | null) =>
        account === '2400' || account === '2410' ? `pool ${owner?.split('#')[0]}` : `${account} ${owner}`;
      const legs = (of: typeof reversed, sign: 1 | -1) =>
        of.legs.map(({ account, of: owner, micros }) => `${pooled(account, owner)} ${sign * micros}`).sort();
      expect(legs(reversal, 1)).toEqual(legs(reversed, -1));
      expect([...first.faults, ...second.faults]).toEqual([]);
    },
    JOURNEY_MS,
  );

  it(
    'a refund is released by somebody who did not decide its dispute, and the invoice says that it was paid back',
    async () => {
      const company = await clientOf(baseUrl(), await addressOf(baseUrl(), 'company.finance'));
      const { invoice, charge } = await invoicedCharge(company);
      const reason = { code: 'came_back', text: '' } as const;
      const disputed = await dataOf(
        company.POST('/v1/charges/{request}/dispute', {
          params: { path: { request: charge.request } },
          body: { reason, wants: 'refund' },
        }),
      );
      const provider = await clientOf(baseUrl(), await addressOf(baseUrl(), 'provider.admin', charge.provider));
      const path = { dispute: disputed.id };
      await dataOf(provider.POST('/v1/disputes/{dispute}/answer', { params: { path }, body: { answer: 'accept' } }));
      const refund = await until('the refund', async () => {
        const { items } = await dataOf(approver.GET('/v1/money/refunds', MOST));
        return items.find(({ id }) => id === disputed.id);
      });

      const { page } = second;
      await go(page, '/refunds');
      const row = page.getByRole('row').filter({ has: page.locator(`a[href='/contested/${disputed.id}']`) });
      await row.getByRole('button', { name: 'Release' }).click();
      await page
        .getByRole('dialog')
        .getByRole('radio', { name: /^Through Stripe/ })
        .check();
      await confirmed(page, 'Release');
      await page.getByText('The refund is released').waitFor();
      await until('the payment', async () => {
        const { items } = await dataOf(
          approver.GET('/v1/money/refunds', { params: { query: { state: 'paid', limit: 100 } } }),
        );
        return items.find(({ id }) => id === disputed.id);
      });

      await go(page, `/invoices/${invoice.id}`);
      const notes = await dataOf(
        approver.GET('/v1/invoices/{invoice}/credit-notes', { params: { path: { invoice: invoice.id } } }),
      );
      const note = notes.items.find(({ cause }) => cause === `dispute.${disputed.id}`)!;
      expect(note.refundMicros).toBe(refund.micros);
      await page
        .getByText(`$${(refund.micros / 1_000_000).toFixed(2)} paid back`)
        .first()
        .waitFor();
      expect(second.faults).toEqual([]);
    },
    JOURNEY_MS,
  );

  it(
    'what is unpaid of an overdue invoice is written off by two, and the invoice says so',
    async () => {
      const invoice = await overdueInvoice();
      const { page } = first;
      await go(page, `/all-invoices?period=${invoice.period}&state=open`);
      await page
        .getByRole('row')
        .filter({ hasText: invoice.number ?? '' })
        .getByRole('link')
        .first()
        .click();
      await page.getByRole('button', { name: 'Propose to write off' }).click();
      await confirmed(page, 'Propose to write off');
      await page.getByText(YOURS).waitFor();
      expect(await page.getByRole('button', { name: 'Carry out the write-off' }).count()).toBe(0);

      await go(second.page, '/money');
      await second.page.getByRole('link', { name: new RegExp(`^Write off .* invoice ${invoice.number}$`) }).click();
      await second.page.getByRole('button', { name: 'Carry out the write-off' }).click();
      await confirmed(second.page, 'Carry out the write-off');
      await second.page.getByText('Written off', { exact: true }).waitFor();
      const params = { path: { invoice: invoice.id } };
      const { state, writeOff } = await dataOf(approver.GET('/v1/invoices/{invoice}', { params }));
      expect([state, writeOff?.micros]).toEqual(['uncollectible', invoice.remainingMicros]);
      expect([...first.faults, ...second.faults]).toEqual([]);
    },
    2 * JOURNEY_MS,
  );
});

/** One that its company was to pay by itself and nobody has paid, past its due date; the clock is moved as far as it takes. */
async function overdueInvoice(): Promise<Invoice> {
  const known = await unpaidInvoice();
  if (known === undefined) {
    const { now } = await dataOf(approver.GET('/v1/test-clock'));
    const [year, month] = now.slice(0, 7).split('-').map(Number);
    await advancePast(new Date(Date.UTC(year!, month!, 1, 4)).toISOString());
    await closeMonths(baseUrl());
  }
  const invoice = known ?? (await until('an invoice that nobody has paid', unpaidInvoice));
  await advancePast(invoice.dueAt!);
  return invoice;
}

async function unpaidInvoice(): Promise<Invoice | undefined> {
  const { items: closes } = await dataOf(approver.GET('/v1/closes'));
  for (const { period } of closes) {
    const query = { period, state: 'open', limit: 100 } as const;
    const { items } = await dataOf(approver.GET('/v1/money/invoices', { params: { query } }));
    const found = items.find(
      (of) => of.collectionMethod === 'send_invoice' && of.number !== null && of.paidMicros === 0,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}
