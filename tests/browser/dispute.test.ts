import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { dataOf, type Parley } from '../../shared/client/client.ts';
import { invoiceText } from '../../web/src/screens/finance-parts/entry-text.ts';
import { clientOf, closeMonths, invoicedCharge, until } from './support/books.ts';
import { axe, baseUrl, openBrowser, picture, settled, signedIn, visit } from './support/browser.ts';
import { addressOf } from './support/people.ts';

const CLOSING_MS = 240_000;
const JOURNEY_MS = 180_000;

let browser: Browser;
let company: Parley;
beforeAll(async () => {
  browser = await openBrowser();
  await closeMonths(baseUrl());
  company = await clientOf(baseUrl(), await addressOf(baseUrl(), 'company.finance'));
}, CLOSING_MS);
afterAll(() => browser?.close());

describe('a company that does not agree with a charge', () => {
  it(
    'disputes it in three clicks; what is given back is on a credit note, and the files tie to the invoice',
    async () => {
      const { invoice, charge } = await invoicedCharge(company);
      const { page, faults, close } = await visit(browser);
      await signedIn(page, 'company.finance', `/charges/${charge.request}`);
      await page.getByText('Signature checked in your browser').waitFor();

      await page.getByRole('button', { name: 'Dispute', exact: true }).click();
      await page.getByRole('radio', { name: 'The customer came back with the same' }).click();
      await page.getByRole('button', { name: /^Dispute \$/ }).click();
      await page.waitForURL('**/disputes/*');
      await page.getByText('The provider answers by').waitFor();
      await settled(page);
      await picture(page, 'dispute-light-1280');
      expect(await axe(page)).toEqual([]);
      const dispute = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1)!);

      await accept(dispute, charge.provider);
      const note = await until('the credit note', async () => {
        const { items } = await dataOf(company.GET('/v1/credit-notes', { params: { query: { limit: 100 } } }));
        return items.find(({ cause }) => cause === `dispute.${dispute}`);
      });
      // Whole cents are given back on the invoice, what is finer lowers the next one.
      expect([note.invoice, note.netMicros % 10_000]).toEqual([invoice.id, 0]);
      expect(note.netMicros + note.nextInvoiceMicros).toBe(charge.micros);

      await page.reload();
      await page.getByText('Took effect').waitFor();
      await page.getByRole('link', { name: invoiceText(invoice.id, 'en-US'), exact: true }).click();
      await page
        .getByRole('table', { name: 'Credit notes' })
        .getByText(note.number ?? note.id)
        .waitFor();

      await page.goto(`/exports?period=${invoice.period}`);
      await settled(page);
      const lines = (await file(page, 'Invoice lines as CSV')).filter((row) => row.invoice === invoice.id);
      expect(sum(lines, 'amount')).toBe(invoice.subtotalMicros);
      await page.goto('/exports');
      await settled(page);
      const notes = (await file(page, 'Credit notes as CSV')).filter((row) => row.invoice === invoice.id);
      expect(notes.some((row) => row.credit_note === note.id && micros(row.net) === note.netMicros)).toBe(true);
      expect(sum(lines, 'credited')).toBe(sum(notes, 'net'));
      expect(faults).toEqual([]);
      await close();
    },
    JOURNEY_MS,
  );

  it('sees what is wrong with the part that it claims before anything is sent', async () => {
    const { charge } = await invoicedCharge(company);
    const { page, close } = await visit(browser);
    await signedIn(page, 'company.finance', `/charges/${charge.request}`);
    await page.getByRole('button', { name: 'Dispute', exact: true }).click();
    await page.getByRole('radio', { name: 'Something else' }).click();
    await page.getByRole('button', { name: /^Dispute \$/ }).click();
    await page.getByText('must say what is wrong').waitFor();
    expect(new URL(page.url()).pathname).toBe(`/charges/${charge.request}`);
    await close();
  });
});

async function accept(dispute: string, provider: string): Promise<void> {
  const client = await clientOf(baseUrl(), await addressOf(baseUrl(), 'provider.admin', provider));
  const body = { answer: 'accept' } as const;
  await dataOf(client.POST('/v1/disputes/{dispute}/answer', { params: { path: { dispute } }, body }));
}

type Row = Record<string, string>;
const Rows = z.array(z.record(z.string(), z.string()));

/** The rows of a file that a button hands out. */
async function file(page: Page, button: string): Promise<Row[]> {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: button, exact: true }).click();
  return Rows.parse(parse(readFileSync(await (await coming).path(), 'utf8'), { columns: true }));
}

/** A decimal number of the file in micro-units. */
const micros = (text: string | undefined): number => Math.round(Number(text) * 1_000_000);
const sum = (rows: readonly Row[], name: string): number => rows.reduce((total, row) => total + micros(row[name]), 0);
